/** Files of one kind about one stick, each with its time in its name: logs of jobs, what firmware said of itself. */

/** So many of a series are kept. */
const MOST = 20;

/** Those of `names` that are too many in their series. Behind it stands a time: the order of names is that of time. */
export function oldestOf(names: readonly string[], series: string): string[] {
  const own = names.filter((name) => name.startsWith(series) && /^\d{8}T\d{6}\./.test(name.slice(series.length)));
  return own.sort().slice(0, -MOST);
}
