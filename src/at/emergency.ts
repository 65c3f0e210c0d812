/**
 * Emergency numbers are never dialled, in no form and by nobody's leave: a flow that rings them by mistake takes help away
 * from somebody. A message to them is no call and passes, and so does USSD, which makes none.
 */

import { lineValue } from './fields';
import type { Outgoing } from './outgoing';

/** Known everywhere, with and without a SIM (3GPP TS 22.101, 10.1.1), whatever country the stick is in. */
export const EMERGENCY_NUMBERS: ReadonlySet<string> = new Set(['112', '911', '999', '000', '08', '110', '118', '119']);

const NONE: ReadonlySet<string> = new Set();

/**
 * Why a command line must not be sent, as part of a sentence: it calls an emergency number, or one that nobody can see here.
 * `own`: numbers that the stick has named.
 */
export function judgeCalls({ numbers, unseen }: Outgoing, own: ReadonlySet<string> = NONE): string | undefined {
  const number = numbers.find((called) => EMERGENCY_NUMBERS.has(called) || own.has(called));
  return number === undefined ? unseen : `it leads calls to ${number}, an emergency number`;
}

/** Firmware that does not know the question refuses it. */
const QUESTION = 'AT^ECCLIST?';
/** A SIM has room for five, a network sends some more: what goes on without end is no such list. */
const MOST = 100;

/** What one stick calls emergency numbers, beside the well-known ones: its SIM, its network and its firmware know more. */
export class EmergencyList {
  readonly #numbers = new Set<string>();
  #asking: Promise<void> | undefined;
  #asked = false;

  get numbers(): ReadonlySet<string> {
    return this.#numbers;
  }

  /** Whether the stick has had its chance to name them. */
  get asked(): boolean {
    return this.#asked;
  }

  /** Asks once, however many wait for it. Never rejects: without an answer it stays at the well-known numbers. */
  ask(run: (question: string) => Promise<{ lines: readonly string[] }>): Promise<void> {
    this.#asking ??= run(QUESTION)
      .then(({ lines }) => {
        for (const line of lines) this.hear(line);
      })
      .catch(() => undefined)
      .then(() => {
        this.#asked = true;
      });
    return this.#asking;
  }

  /**
   * Takes the numbers of a `^ECCLIST` line, a reply's or a URC; any other line is passed over. Nothing tells its fields, so
   * every number of two to six digits counts (a SIM stores no longer ones), and where some are quoted only those.
   */
  hear(line: string): void {
    const value = lineValue(line, '^ECCLIST') ?? '';
    const quoted = [...value.matchAll(/"(\d{2,6})"/g)].map(([, number = '']) => number);
    const all = quoted.length > 0 ? quoted : [...value.matchAll(/(?<!\d)\d{2,6}(?!\d)/g)].map(([number]) => number);
    for (const number of all) if (this.#numbers.size < MOST) this.#numbers.add(number);
  }
}
