import type { Exchange, Facts } from './facts';

export type Verdict = 'settles' | 'contradicts';

export interface Point {
  /** `flash-3`. */
  id: string;
  subject: string;
  assumed: string;
  /** What somebody with a stick would do. */
  settle: string;
  /** Undefined where the trace does not show it. Only asked of a trace of a model that {@link models} fits. */
  look?: (facts: Facts) => Verdict | undefined;
  /** The E3272 alone by default: a cousin proves nothing for it. */
  models?: RegExp;
}

export const verdict = (as: boolean | undefined): Verdict | undefined =>
  as === undefined ? undefined : as ? 'settles' : 'contradicts';

/** Whether the first answer to one of `commands` is as `good` says; undefined where nobody has asked. */
export function answered(
  facts: Facts,
  commands: readonly string[],
  good: (exchange: Exchange) => boolean,
): Verdict | undefined {
  const [first] = commands.flatMap((command) => facts.answers(command));
  return verdict(first && good(first));
}

/** An answer whose one line is like `form`. */
export const likes =
  (form: RegExp) =>
  ({ final, lines }: Exchange): boolean =>
    final === 'OK' && lines.some((line) => form.test(line));
