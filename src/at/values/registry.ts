/**
 * One table from a command's name to the readers of its values. A URC and the reply to the command of the same name go
 * through the same reader. Values are plain data: they survive JSON, so 64-bit counters become numbers (exact up to 9 PB,
 * digits as text beyond) and 64-bit masks names of bands.
 */

import { parseParts } from '../command';
import { lineValue } from '../fields';
import { parseCodes, parseComposition } from '../setport';
import { linePrefix } from '../urcs';
import { parseMonsc } from './cell';
import { parseTime } from './clock';
import { parseDhcp, parseDsflowqry, parseDsflowrpt, parseNdisstat, parseNdisstatqry } from './data';
import { parseCfun, parseChiptemp, parseCmti, parseGetportmode, parseRfswitch, parseSmmemfull } from './device';
import { parseBare, parseFirmwareVersion, parseHwver, parseIdentity, parseImei, parseVersion } from './identity';
import { parseMode, parseSimst, parseSrvst, parseSysinfo, parseSysinfoex } from './network';
import { parseCops, parseCopsTest, parseRegistration } from './registration';
import { parseCesq, parseCsq, parseHcsq } from './signal';
import { parseCardlock, parseCardmode, parseCpin, parseCpinTries, parseIccid, parseImsi } from './sim';
import { parseSyscfg, parseSyscfgex, parseSyscfgexTest } from './syscfgex';

export interface Readers {
  /** One line, by what stands behind its prefix: a URC, or the one line of a reply. */
  line?: (value: string) => unknown;
  /** A whole reply: of several lines, or of lines without a prefix. */
  reply?: (lines: readonly string[]) => unknown;
  /** The reply to the test form, `=?`. */
  test?: (lines: readonly string[]) => unknown;
}

/** A reader of one line as a reader of a reply to the test form. */
const first =
  (prefix: string, read: (value: string) => unknown) =>
  (lines: readonly string[]): unknown => {
    for (const line of lines) {
      const value = lineValue(line, prefix);
      const found = value === undefined ? undefined : read(value);
      if (found !== undefined) return found;
    }
    return undefined;
  };

/** `value` with counters as numbers, or as digits where a number would not be exact. */
export function plain<T extends object>(value: T | undefined): Plain<T> | undefined {
  return (
    value &&
    (Object.fromEntries(
      Object.entries(value).map(([key, v]) => [key, typeof v === 'bigint' ? (exact(v) ? Number(v) : String(v)) : v]),
    ) as Plain<T>)
  );
}

type Plain<T> = { [K in keyof T]: T[K] extends bigint ? number | string : T[K] };

const exact = (value: bigint): boolean => value <= BigInt(Number.MAX_SAFE_INTEGER);

function composition(lines: readonly string[]): unknown {
  for (const line of lines) {
    const found = parseComposition(lineValue(line, '^SETPORT') ?? line);
    if (found) return found;
  }
  return undefined;
}

/** By name in capitals. `I` is `ATI`. */
export const READERS: ReadonlyMap<string, Readers> = new Map<string, Readers>([
  ['I', { reply: parseIdentity }],
  ['+CGMI', { reply: (lines) => parseBare(lines, '+CGMI') }],
  ['+CGMM', { reply: (lines) => parseBare(lines, '+CGMM') }],
  ['+CGMR', { reply: (lines) => parseBare(lines, '+CGMR') }],
  ['+CGSN', { reply: parseImei }],
  ['^FHVER', { reply: parseFirmwareVersion }],
  ['^HWVER', { line: parseHwver }],
  ['^VERSION', { reply: parseVersion }],
  ['^SETPORT', { reply: composition, test: parseCodes }],
  ['^GETPORTMODE', { line: parseGetportmode }],
  ['^CHIPTEMP', { line: parseChiptemp }],
  ['+CFUN', { line: parseCfun }],
  ['^RFSWITCH', { line: parseRfswitch }],
  ['+CPIN', { line: parseCpin }],
  ['^CPIN', { line: parseCpinTries }],
  ['^ICCID', { reply: parseIccid }],
  ['+CIMI', { reply: parseImsi }],
  ['^CARDMODE', { line: parseCardmode }],
  ['^CARDLOCK', { line: parseCardlock }],
  ['^SIMST', { line: parseSimst }],
  ['+CSQ', { line: parseCsq }],
  ['^RSSI', { line: parseCsq }],
  ['^HCSQ', { line: parseHcsq }],
  ['+CESQ', { line: parseCesq }],
  ['^SYSINFO', { line: parseSysinfo }],
  ['^SYSINFOEX', { line: parseSysinfoex }],
  ['^MODE', { line: parseMode }],
  ['^SRVST', { line: parseSrvst }],
  ['^MONSC', { line: parseMonsc }],
  ['+CREG', { line: parseRegistration }],
  ['+CGREG', { line: parseRegistration }],
  ['+CEREG', { line: parseRegistration }],
  ['+COPS', { line: parseCops, test: first('+COPS', parseCopsTest) }],
  ['^SYSCFG', { line: parseSyscfg }],
  ['^SYSCFGEX', { line: parseSyscfgex, test: parseSyscfgexTest }],
  ['^DSFLOWQRY', { line: (value) => plain(parseDsflowqry(value)) }],
  ['^DSFLOWRPT', { line: (value) => plain(parseDsflowrpt(value)) }],
  ['^NDISSTATQRY', { reply: parseNdisstatqry }],
  ['^NDISSTAT', { line: parseNdisstat }],
  ['^DHCP', { line: parseDhcp }],
  ['+CCLK', { line: parseTime }],
  ['^NWTIME', { line: parseTime }],
  ['^TIME', { line: parseTime }],
  ['^SMMEMFULL', { line: parseSmmemfull }],
  ['+CMTI', { line: parseCmti }],
  ['+CDSI', { line: parseCmti }],
]);

/**
 * The value of the reply to `command`, a single one; undefined where there is none to read. `lines` are the information
 * lines of the reply. Never throws; the value survives JSON.
 */
export function replyValue(command: string, lines: readonly string[]): unknown {
  if (lines.length === 0) return undefined;
  const [part, more] = parseParts(command);
  const readers = part && !more ? READERS.get(part.name) : undefined;
  if (!part || !readers) return undefined;
  if (part.form === 'test') return readers.test?.(lines);
  // What answers a set form may look like something else's reply.
  if (part.form === 'set') return undefined;
  return readers.reply ? readers.reply(lines) : readers.line && first(part.name, readers.line)(lines);
}

/** The value of a URC; undefined where there is none to read. Never throws; the value survives JSON. */
export function urcValue(line: string): unknown {
  const prefix = linePrefix(line);
  const value = prefix === '' ? undefined : lineValue(line, prefix);
  return value === undefined ? undefined : READERS.get(prefix)?.line?.(value);
}
