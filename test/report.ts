/** How a part of the test has ended, told to the runner of all parts. */

export interface Result {
  passed: number;
  /** What failed, each with its error: shown once more at the end, where also a log that was cut short has it. */
  failures: string[];
}

/** Longest text of one failure in the summary; the part's own output has all of it. */
const LONGEST = 4_000;

/** The last word of a part's process; says nothing where nobody has started it for that. */
export function report({ passed, failures }: Result): void {
  const result: Result = {
    passed,
    failures: failures.map((text) => (text.length > LONGEST ? `${text.slice(0, LONGEST)} ...` : text)),
  };
  // Disconnected at once, a large message would be lost on its way.
  process.send?.(result, () => process.disconnect());
}
