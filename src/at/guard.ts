/**
 * Which AT commands may be sent without a second thought. Refused are those that can lock a person out, burn tries or
 * destroy calibration data; questions (`?`, `=?`) never are. Judged is every command in the line, wherever it stands:
 * after `;`, behind a basic command without separator (`ATE0^GODLOAD`), in any case, with any blanks. Emergency numbers are
 * never dialled (emergency.ts).
 */

import { type CommandLine, type CommandPart, parseLine } from './command';
import { USES_UP_TRIES } from './commands/sim';
import { COMMANDS } from './commands/table';
import { judgeCalls } from './emergency';
import { type Outgoing, outgoingOf } from './outgoing';

/** `always`: refused whatever anybody allows. */
export type Verdict = { allowed: true } | { allowed: false; reason: string; always?: true };

/** Codes as dial strings: `**04*old*new*new#`, `**042`, `**05*PUK`, `**052`; `**03*`: the password of call barring. */
const DIALLED_CODE = /\*\*0[345]/;

/**
 * Call barring is switched with its password: `*33*0000#`, `#351*0000#`. The question `*#33#` has none. Only these codes
 * are barring (22.030, annex B): `*334*1#` is an operator's service.
 */
const DIALLED_BARRING = /^\+?[*#]{1,2}3(?:3[0-3]?|5[13]?)\*/;

/**
 * True for a code that changes PIN or PUK, or needs the password of call barring, dialled or sent as USSD (22.030). What else
 * may stand between the digits is ignored by the stick (27.007).
 */
export function isSimCode(code: string): boolean {
  const plain = code.replaceAll(/[^0-9*#+]/g, '');
  return DIALLED_CODE.test(plain) || DIALLED_BARRING.test(plain);
}

/** Whether `command`, a whole line that may join several commands, may be sent. */
export function judge(
  command: string,
  line: CommandLine = parseLine(command),
  outgoing: Outgoing = outgoingOf(line),
): Verdict {
  const { parts } = line;
  const never = judgeCalls(outgoing) ?? judgeNever(parts);
  if (never) return { allowed: false, reason: never, always: true };
  if (line.plain.startsWith('A/')) {
    return { allowed: false, reason: 'A/ repeats the last command, whatever that was' };
  }
  if (outgoing.codes.some(isSimCode)) {
    return { allowed: false, reason: `the dial string carries a code of the SIM or its network: ${USES_UP_TRIES}` };
  }
  for (const part of parts) {
    const guard = COMMANDS.get(part.name)?.guard;
    const reason = typeof guard === 'function' ? guard(part) : isQuestion(part) ? undefined : guard;
    if (reason) return { allowed: false, reason: `${part.name}: ${reason}` };
  }
  return { allowed: true };
}

const isQuestion = ({ form }: CommandPart): boolean => form === 'read' || form === 'test';

function judgeNever(parts: readonly CommandPart[]): string | undefined {
  for (const part of parts) {
    const never = COMMANDS.get(part.name)?.never;
    if (never !== undefined && !isQuestion(part)) return `${part.name}: ${never}`;
  }
  return undefined;
}
