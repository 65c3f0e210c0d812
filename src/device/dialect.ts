/**
 * How the stick that is there speaks AT: asked when it first matters, for each opening anew. One that does not say what it is
 * speaks as is usual.
 */

import { read } from '../at/ask';
import type { RunOptions } from '../at/channel';
import { refused } from '../at/check';
import { parseLine } from '../at/command';
import { ATI, HWVER } from '../at/commands/identity';
import type { AtReply } from '../at/reply';
import { isDriverError } from '../errors';
import type { Dialect } from '../family/dialect';
import { dialectOf, HANGING, kinOf } from '../family/names';

/** Sends one command; errors as {@link import('../at/channel').AtChannel.run}. */
type Run = (command: string, options?: RunOptions) => Promise<AtReply>;

/** What the stick says of itself, a hardware version where the model leaves open which chip it has. */
async function askDialect(run: Run): Promise<Dialect & { model: string }> {
  const told = async (value: () => Promise<string | undefined>): Promise<string | undefined> => {
    try {
      return await value();
    } catch (error) {
      if (isDriverError(error, 'AT_ERROR', 'CME_ERROR')) return undefined;
      throw error;
    }
  };
  const model = (await told(async () => (await read({ run }, ATI))?.model)) ?? '';
  const known = kinOf(model);
  if (!known || known.chip) return { ...dialectOf(model), model };
  const hardware = (await told(() => read({ run }, HWVER))) ?? '';
  return kinOf(hardware) ? { ...dialectOf(hardware), model } : { ...dialectOf(model), model };
}

/** The dialect of the stick at one place, as long as its port stays open. */
export class SpokenDialect {
  readonly #run: Run;
  #known: ReturnType<typeof askDialect> | undefined;

  constructor(run: Run) {
    this.#run = run;
  }

  /** The port was opened anew: another stick may be there. */
  reset(): void {
    this.#known = undefined;
  }

  /** Errors: those of `run`; then it is asked again. */
  async get(): Promise<Dialect & { model: string }> {
    const asked = this.#known ?? askDialect(this.#run);
    this.#known = asked;
    try {
      return await asked;
    } catch (error) {
      if (this.#known === asked) this.#known = undefined;
      throw error;
    }
  }
}

const hangingIn = (command: unknown): string[] =>
  typeof command === 'string' && HANGING.some((name) => command.toUpperCase().includes(name))
    ? parseLine(command).parts.map(({ name }) => name)
    : [];

/** Whether some stick of the family may hang at this request. Not with `force`. */
export const mayHang = (command: string, { before = [], force = false }: RunOptions): boolean =>
  !force && [...before, command].some((line) => hangingIn(line).length > 0);

/**
 * Asks how the stick speaks, and refuses a command that it would never answer and that would leave its port dead. Errors:
 * COMMAND_REFUSED, and those of the question.
 */
export async function refuseHanging(
  command: string,
  { before = [] }: RunOptions,
  spoken: SpokenDialect,
  stick: string,
): Promise<void> {
  const { hangs, model } = await spoken.get();
  for (const line of [...before, command]) {
    const name = hangingIn(line).find((each) => hangs.includes(each));
    if (name === undefined) continue;
    const why = `an ${model} never answers AT${name}, and its port is dead until it restarts; AT^ICCID? tells the same`;
    throw refused(line, why, false, stick);
  }
}
