/** Times that the stick tells: `+CCLK`, `^NWTIME`, `^TIME`. */

import { TIME, type Time } from '../../values/clock';
import { known } from '../../values/shape';
import { singleBlanks } from '../fields';
import { entry, unasked } from './entry';

const PATTERN =
  /^(\d{4}|\d{2})\/(\d{1,2})\/(\d{1,2})[\s,]+(\d{1,2}):(\d{1,2}):(\d{1,2})\s*(?:([+-])(\d{1,2}))?\s*(?:,\s*(\d{1,2}))?$/;

const two = (value: number): string => String(value).padStart(2, '0');

/**
 * `15/12/22,14:39:55+01` (offset in quarters of an hour), `15/12/22,14:39:55+08,1` or `...,01`, `2015/12/22 14:39:55`.
 * T49: with two digits years from 70 on are of the last century: an unset clock begins in 1980.
 */
export function parseTime(value: string): Time | undefined {
  const match = PATTERN.exec(singleBlanks(value.replaceAll('"', '')));
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const full = match[1]?.length === 4 ? year : year + (year >= 70 ? 1900 : 2000);
  const date = new Date(Date.UTC(full, month - 1, day, hour, minute, second));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || date.getUTCFullYear() !== full) return undefined;
  if (date.getUTCHours() !== hour || date.getUTCMinutes() !== minute || second > 59) return undefined;
  const quarters = match[8] === undefined ? undefined : Number(match[8]);
  const offset = quarters === undefined || quarters > 56 ? undefined : (match[7] === '-' ? -15 : 15) * quarters + 0;
  const summer = match[9] === undefined ? undefined : Number(match[9]);
  const behind = Math.abs(offset ?? 0);
  const zone =
    offset === undefined ? '' : `${offset < 0 ? '-' : '+'}${two(Math.floor(behind / 60))}:${two(behind % 60)}`;
  return known({
    iso: `${date.toISOString().slice(0, 19)}${zone}`,
    offset,
    dst: summer === undefined || summer > 2 ? undefined : summer,
  });
}

export const CCLK = entry({
  name: '+CCLK',
  about: "The stick's clock",
  forms: ['read', 'set', 'test'],
  value: TIME,
  line: parseTime,
});

export const CLOCK_COMMANDS = [
  CCLK,
  entry({ name: '^NWTIME', about: "The network's time", urc: true, value: TIME, line: parseTime }),
  entry({ name: '^TIME', about: "The network's time", urc: true, value: TIME, line: parseTime }),
  ...unasked('Time zone and clock', '+CTZV +CTZE ^CTZV ^TIMESETRULT'),
] as const;
