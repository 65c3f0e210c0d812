/**
 * One value per process and name, also where this package is loaded more than once (a second copy in a dependency, a
 * test beside a product): what drives a device must exist once.
 */
export function processWide<T extends object>(name: string, make: () => T): T {
  const key = Symbol.for(`@e3272/node-red:${name}`);
  const all = globalThis as { [key: symbol]: unknown };
  // Only this function writes under the key, always for the same name.
  all[key] ??= make();
  return all[key] as T;
}
