/** Files of one kind about one stick, each with its time in its name: logs of jobs, what firmware said of itself. */

/** So many of a series are kept. */
const MOST = 20;

/**
 * Those of `names` that are too many in their series beside `newest`, which has just been written: the clock of a small
 * machine may not know yet how late it is. Behind the series stands a time: the order of names is that of time.
 */
export function oldestOf(names: readonly string[], series: string, newest: string): string[] {
  const others = names.filter(
    (name) => name !== newest && name.startsWith(series) && /^\d{8}T\d{6}\./.test(name.slice(series.length)),
  );
  return others.sort().slice(0, 1 - MOST);
}
