/**
 * Which AT commands may be sent without a second thought. Refused are those that can lock a person out, burn tries or
 * destroy calibration data; questions (`?`, `=?`) never are. Judged is every command in the line, wherever it stands:
 * after `;`, behind a basic command without separator (`ATE0^GODLOAD`), in any case, with any blanks. Emergency numbers are
 * never dialled (emergency.ts).
 */

import { type CommandPart, parseParts } from './command';
import { judgeCalls } from './emergency';
import { ussdTexts } from './ussd-text';

/** `always`: refused whatever anybody allows. */
export type Verdict = { allowed: true } | { allowed: false; reason: string; always?: true };

const PIN = 'a wrong code uses up one of the few tries before the SIM or the stick locks';
const NV = 'it changes calibration and identity data of the stick for good';
const LOCK = 'a wrong code uses up one of ten tries before the stick locks to its operator for good';
const PORTS = 'it can take the AT port away for good';
const SERVICE = 'it takes the stick out of service until a restart, or further';

/** Refused unless it is a question. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['^SETPORT', `${PORTS}; use the setting of the port composition, which checks it against the stick's own list`],
  ['^U2DIAG', PORTS],
  ['^INFORBU', 'it overwrites the factory copy and the backup of the data with what is there now'],
  ['^NVRESTORE', NV],
  ['^NVBACKUP', 'it overwrites the good backup with what is there now'],
  ['^NVWR', NV],
  ['^NVWREX', NV],
  ['^NVRSTSTTS', NV],
  ['^PHYNUM', 'it writes the IMEI'],
  ['^SIMLOCK', LOCK],
  ['^CARDLOCK', LOCK],
  ['^DATALOCK', LOCK],
  ['^TMODE', SERVICE],
  ['^SFM', 'it sets the factory mode'],
  ['^GODLOAD', 'it restarts the stick into the firmware download mode'],
  ['^DATAMODE', 'it puts the port into the firmware download protocol'],
  ['+CMUX', 'it puts the port into a protocol that is not AT'],
  ['+CPIN', PIN],
  ['+CPIN2', PIN],
  ['+CSIM', 'it talks to the SIM itself, which can use up the tries of its codes'],
  ['^CPIN', PIN],
  ['+CPWD', PIN],
  ['+CLCK', PIN],
]);

/**
 * Refused always, unless it is a question: a stick would see other commands afterwards than the ones that are judged, or it
 * calls for help without any number.
 */
const NEVER: ReadonlyMap<string, string> = new Map([
  ['S3', 'it changes the character that ends a command'],
  ['S4', 'it changes the characters that end a reply'],
  ['S5', 'it changes the character that erases in a command'],
  ['+CECALL', 'it makes an emergency call'],
]);

/** Codes as dial strings: `**04*old*new*new#`, `**042`, `**05*PUK`, `**052`; `**03*`: the password of call barring. */
const DIALLED_CODE = /\*\*0[345]/;

/**
 * Call barring is switched with its password: `*33*0000#`, `#351*0000#`. The question `*#33#` has none. Only these codes
 * are barring (22.030, annex B): `*334*1#` is an operator's service.
 */
const DIALLED_BARRING = /^\+?[*#]{1,2}3(?:3[0-3]?|5[13]?)\*/;

/** Whether a dial string carries such a code. What else may stand between the digits is ignored by the stick (27.007). */
function dialsCode(command: string, parts: readonly CommandPart[]): boolean {
  const dialled = [...command.toUpperCase().matchAll(/D([^;]*)/g)].map(([, text = '']) => text);
  return [...dialled, ...ussdTexts(parts)].some(isSimCode);
}

/** True for a code that changes PIN or PUK, or needs the password of call barring, dialled or sent as USSD (22.030). */
export function isSimCode(code: string): boolean {
  const plain = code.replaceAll(/[^0-9*#+]/g, '');
  return DIALLED_CODE.test(plain) || DIALLED_BARRING.test(plain);
}

/**
 * Whether `command`, a whole line that may join several commands, may be sent. `emergency`: numbers that the stick has
 * named beside the well-known ones.
 */
export function judge(
  command: string,
  parts: readonly CommandPart[] = parseParts(command),
  emergency?: ReadonlySet<string>,
): Verdict {
  const never = judgeCalls(command, parts, emergency) ?? judgeNever(parts);
  if (never) return { allowed: false, reason: never, always: true };
  if (/^\s*A\s*\//i.test(command)) {
    return { allowed: false, reason: 'A/ repeats the last command, whatever that was' };
  }
  if (dialsCode(command, parts)) {
    return { allowed: false, reason: `the dial string carries a code of the SIM or its network: ${PIN}` };
  }
  for (const { name, form, args } of parts) {
    if (name === 'Q' && /[1-9]/.test(args))
      return { allowed: false, reason: 'Q: it makes the stick answer nothing any more' };
    if (form === 'read' || form === 'test') continue;
    const reason = name === '+CFUN' ? judgeCfun(args) : REFUSED.get(name);
    if (reason) return { allowed: false, reason: `${name}: ${reason}` };
  }
  return { allowed: true };
}

function judgeNever(parts: readonly CommandPart[]): string | undefined {
  const found = parts.find(({ name, form }) => NEVER.has(name) && (form === 'set' || form === 'action'));
  return found && `${found.name}: ${NEVER.get(found.name)}`;
}

/** 5 = factory test, 6 = restart, 7 = off line for good on some firmware; 0, 1, 4 and the rest are harmless. */
function judgeCfun(args: string): string | undefined {
  const [value = ''] = args.split(',');
  const first = value.replaceAll('"', '').trim();
  if (first === '') return undefined;
  if (!/^\d+$/.test(first)) return 'its value is no plain number';
  return Number(first) >= 5 && Number(first) <= 7 ? SERVICE : undefined;
}
