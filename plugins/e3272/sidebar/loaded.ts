/** Parts that are loaded when somebody wants them. Where they lie is relative to the page: the editor may be under any path. */

/** Of the package; put in by the build. */
declare const PACKAGE_VERSION: string;

/** `name`: of a file in resources/, without its ending. Rejects where it is not there. */
export const load = <T>(name: string): Promise<T> =>
  import(new URL(`./resources/@e3272/node-red/${name}.js?v=${PACKAGE_VERSION}`, document.baseURI).href) as Promise<T>;
