/** Does `work`. The stick goes on, whatever happens to the record of it: a trace with a hole is better than a job that failed. */
export function quietly(work: () => unknown): void {
  try {
    work();
  } catch {
    // See above.
  }
}
