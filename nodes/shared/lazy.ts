/** The driver, loaded by the first call. */
export const loadDriver = () => import('./driver.js');
