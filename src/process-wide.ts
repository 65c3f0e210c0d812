/**
 * One value per process and name, also where this module is loaded more than once. Hosts and jobs are kept so; holds and
 * AT sessions belong to one loaded copy of the driver, and two copies keep apart by the lock of each stick.
 */
export function processWide<T extends object>(name: string, make: () => T): T {
  const key = Symbol.for(`@e3272/node-red:${name}`);
  const all = globalThis as { [key: symbol]: unknown };
  // Only this function writes under the key, always for the same name.
  all[key] ??= make();
  return all[key] as T;
}
