/** The basic commands of V.250: a letter, or & and a letter, or S and a register; then a number. */

import { identification } from './identity';
import { ERROR, OK, type Reply } from './reply';
import { freshProfile, type ModemContext } from './state';

/** As +CLAC lists them. */
export const BASIC_NAMES = [
  '&C',
  '&D',
  '&F',
  '&V',
  '&W',
  'E',
  'I',
  'L',
  'M',
  'Q',
  'V',
  'X',
  'Z',
  'T',
  'P',
  'D',
  'A',
  'H',
  'O',
  'S0',
];

/** Registers that may be set, with what they hold at first. */
export const REGISTERS: ReadonlyMap<number, number> = new Map([
  [0, 0],
  [2, 43],
  [3, 13],
  [4, 10],
  [5, 8],
  [6, 2],
  [7, 50],
  [8, 2],
  [9, 6],
  [10, 14],
  [11, 95],
]);

function register(m: ModemContext, name: string, operator: string, value: string): Reply {
  const number = Number(name.slice(1));
  if (!REGISTERS.has(number)) return ERROR;
  if (operator === '?') return [String(m.settings.registers.get(number) ?? REGISTERS.get(number)).padStart(3, '0')];
  // CR and LF as they are: the parser of the real one knows no others in practice.
  if (operator !== '=' || Number(value) > 255 || (number >= 3 && number <= 5)) return operator === '=' ? OK : ERROR;
  m.settings.registers.set(number, Number(value));
  return OK;
}

/** A flag that may be 0 or 1. */
function flag(value: string, set: (on: boolean) => void): Reply {
  const number = Number(value);
  if (number > 1) return ERROR;
  set(number === 1);
  return OK;
}

function profile(m: ModemContext): string[] {
  const { echo, quiet, verbose } = m.settings;
  const bit = (on: boolean) => (on ? 1 : 0);
  return [`&C1 &D2 E${bit(echo)} L0 M0 Q${bit(quiet)} V${bit(verbose)} X4 S0:000`];
}

/** The reply to the first command of `rest`, and how much of it that is. */
export function basic(rest: string, m: ModemContext): { reply: Reply | undefined; used: number } {
  const [whole = rest, name = '', operator = '', value = ''] = /^(S\d+|&?[A-Z])([=?]?)(\d*)/.exec(rest) ?? [];
  const { settings } = m;
  // Dialling takes the rest of the line.
  if (name === 'D') return { reply: { final: 'NO CARRIER' }, used: rest.length };
  const run = (): Reply | undefined => {
    switch (name) {
      case 'E':
        if (m.quirks.has('echo-stays') && Number(value) === 0) return ERROR;
        return flag(value, (on) => {
          settings.echo = on;
        });
      case 'V':
        return flag(value, (on) => {
          settings.verbose = on;
        });
      case 'Q':
        if (m.quirks.has('quiet-refused')) return ERROR;
        return flag(value, (on) => {
          settings.quiet = on;
        });
      case 'I':
        return identification(m);
      case 'Z':
      case '&F':
        Object.assign(settings, freshProfile(m.firmware));
        return OK;
      case '&V':
        return profile(m);
      case 'X':
        return Number(value) > 4 ? ERROR : OK;
      case 'A':
      case 'O':
        return { final: 'NO CARRIER' };
      case 'H':
      case 'L':
      case 'M':
      case 'P':
      case 'T':
      case '&C':
      case '&D':
      case '&W':
        return OK;
      default:
        return name.startsWith('S') ? register(m, name, operator, value) : undefined;
    }
  };
  return { reply: run(), used: Math.max(1, whole.length) };
}
