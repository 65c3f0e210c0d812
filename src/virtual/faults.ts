/**
 * Faults of a virtual stick, by name and stage: both are closed lists. An order is counted against the occurrences of
 * its stage (repeats of a request count too), so several orders combine: `late` on one block and `damaged` on the next.
 */

import { failure } from '../errors';
import type { Appearance } from './personality';
import { APPEARANCES } from './personality';

/** Stages of the first path, in the order in which a conversion meets them. */
export const STAGES = {
  enumerate: 'the stick comes (back) on the bus',
  cbw: 'a CBW on the mass-storage interface',
  csw: 'the CSW that follows',
  probe: 'boot ROM: the byte 41',
  head: 'boot ROM: head packet',
  data: 'boot ROM: data packet',
  end: 'boot ROM: end packet',
  dloadver: 'loader: AT^DLOADVER?',
  dloadinfo: 'loader: AT^DLOADINFO?',
  datamode: 'loader: AT^DATAMODE',
  version: 'loader: frame 0C, protocol version',
  identify: 'loader: frame 45',
  ping: 'loader: frame 3A',
  start: 'loader: frame 41, start of an image',
  block: 'loader: frame 42, data',
  close: 'loader: frame 43, end of an image',
  reset: 'loader: frame 0A',
  at: 'firmware: an AT command line',
  sms: 'firmware: Ctrl-Z or ESC after the prompt of an SMS',
  web: 'HiLink: a request to the web server, or only those to `path`',
} as const;

/** What can go wrong. Where a stage has no such thing (a CRC in a text answer), the order is refused. */
export const FAULTS = {
  silence: 'the request is ignored',
  late: 'the answer comes `ms` later (2000 by default); the stick is busy until then',
  lost: 'the request is carried out, its answer never arrives',
  garbage: 'the request is carried out, the answer is junk',
  half: 'the request is carried out, the answer stops half way',
  twice: 'the request is carried out, the answer comes twice in a row',
  nak: 'refused: NAK `code` (7 by default), 55 at the boot ROM, ERROR, CME ERROR or CMS ERROR `code`, a stall, CSW status 1, or HiLink error `code` (100001)',
  badcrc: 'the answer arrives with a wrong CRC; at the boot ROM the request does, and is answered 55',
  damaged: 'the request arrives with a wrong CRC: the loader drops it silently, the boot ROM answers 55',
  noise: 'a URC or other bytes come right before the answer, in an AT reply also between its lines',
  flood: 'the answer comes again and again (`text` instead, when that is given), until the stick leaves the bus',
  unplug: 'somebody pulls the stick; it is plugged in again after `ms` when that is given',
  othermode: 'comes back as `mode` (fastboot by default)',
  noreturn: 'never comes back until it is unplugged',
  nodriver: 'its serial interfaces get no driver, so no ttys',
  slowtty: 'the ttys appear `ms` later (10000 by default)',
  cut: 'the request is carried out, its answer breaks off in the middle',
  usedtoken: 'the token counts as used: 125003',
  nosession: 'all sessions are gone, logins too: 125002',
  toomany: 'there are too many sessions, or another one is logged in: 108003',
  lockout: 'nobody can log in for `ms` (60000 by default): 108007',
  redirect: 'redirected to the web page',
  reboot: 'the stick restarts in the middle: no answer, nothing carried out',
} as const;

export type Stage = keyof typeof STAGES;
export type Fault = keyof typeof FAULTS;

const ALWAYS: Fault[] = ['silence', 'late', 'lost', 'garbage', 'nak', 'noise', 'unplug'];
/** Boot ROM and loader. */
const ASKED: Fault[] = [...ALWAYS, 'flood'];
const FRAMED: Fault[] = [...ASKED, 'badcrc', 'damaged'];
const WEB: Fault[] = [
  ...(['silence', 'late', 'lost', 'garbage', 'nak', 'unplug', 'cut'] as const),
  ...(['usedtoken', 'nosession', 'toomany', 'lockout', 'redirect', 'reboot'] as const),
];

/** Which faults a stage knows. */
export const FAULTS_AT: Readonly<Record<Stage, readonly Fault[]>> = {
  enumerate: ['othermode', 'noreturn', 'nodriver', 'slowtty', 'unplug', 'late'],
  cbw: ['silence', 'late', 'nak', 'unplug'],
  csw: ['late', 'lost', 'garbage', 'nak', 'unplug'],
  probe: ASKED,
  head: FRAMED,
  data: FRAMED,
  end: FRAMED,
  dloadver: ASKED,
  dloadinfo: ASKED,
  datamode: ASKED,
  version: FRAMED,
  identify: FRAMED,
  ping: FRAMED,
  start: FRAMED,
  block: FRAMED,
  close: FRAMED,
  reset: FRAMED,
  at: [...ALWAYS, 'half', 'twice'],
  sms: ALWAYS,
  web: WEB,
};

export interface FaultOrder {
  fault: Fault;
  at: Stage;
  /** Which occurrence of the stage from now on; 1 = the next, the default. */
  nth?: number;
  /** How many occurrences in a row; 1 by default. */
  count?: number;
  /** `late`, `slowtty`: how late; `unplug`: plugged in again after; `lockout`: for how long. Milliseconds. */
  ms?: number;
  /** `nak`: the number. */
  code?: number;
  /** `othermode`: what the stick comes back as. */
  mode?: Appearance;
  /** `noise`: the text; a ^BOOT line by default. `flood`: what comes without end; the answer by default. */
  text?: string;
  /** At `web`: only requests to this one, without `/api/`: `sms/send-sms`. */
  path?: string;
}

const positive = (value: unknown, least: number): boolean =>
  value === undefined || (typeof value === 'number' && Number.isInteger(value) && value >= least);

const named = <T extends object>(table: T, name: unknown): name is keyof T =>
  typeof name === 'string' && Object.hasOwn(table, name);

/** What version 0.1 called three of the appearances. */
const NAMES_0_1: Readonly<Record<string, Appearance>> = {
  modem: 'tty',
  'modem-ncm': 'tty-ncm',
  'modem-only': 'tty-only',
};

const appearanceOf = (name: unknown): Appearance | undefined =>
  named(NAMES_0_1, name) ? NAMES_0_1[name] : APPEARANCES.find((each) => each === name);

/** An order from outside, checked. Throws BAD_ARGUMENT. */
export function parseFaultOrder(raw: object): FaultOrder {
  const { fault, at, nth, count, ms, code, mode, text, path } = raw as Record<string, unknown>;
  const bad = (why: string) => failure('BAD_ARGUMENT/fault-order', { why });
  if (!named(FAULTS, fault)) throw bad(`"fault" must be one of ${Object.keys(FAULTS).join(', ')}`);
  if (!named(STAGES, at)) throw bad(`"at" must be one of ${Object.keys(STAGES).join(', ')}`);
  if (!FAULTS_AT[at].includes(fault)) throw bad(`stage ${at} knows ${FAULTS_AT[at].join(', ')}`);
  if (!positive(nth, 1) || !positive(count, 1)) throw bad('"nth" and "count" are whole numbers from 1 on');
  if (!positive(ms, 0) || !positive(code, 0)) throw bad('"ms" and "code" are whole numbers');
  const appearance = appearanceOf(mode);
  if (mode !== undefined && !appearance) throw bad(`"mode" must be one of ${APPEARANCES.join(', ')}`);
  if (text !== undefined && typeof text !== 'string') throw bad('"text" is a string');
  if (path !== undefined && (at !== 'web' || typeof path !== 'string'))
    throw bad('"path" is a string, at the stage web');
  return { ...(raw as FaultOrder), ...(appearance && { mode: appearance }) };
}

/** The orders that are still open. */
export class Faults {
  readonly #orders: { order: FaultOrder; skip: number; left: number }[] = [];

  /** Throws BAD_ARGUMENT when the order makes no sense at its stage. */
  order(order: FaultOrder): void {
    const checked = parseFaultOrder(order);
    this.#orders.push({ order: checked, skip: (checked.nth ?? 1) - 1, left: checked.count ?? 1 });
  }

  clear(): void {
    this.#orders.length = 0;
  }

  /** Orders not yet used up: a test can see that its fault has struck. */
  get open(): number {
    return this.#orders.length;
  }

  /** Counts one occurrence of `stage`, for orders without a path or with this one; the fault that strikes it, if any. */
  take(stage: Stage, path?: string): FaultOrder | undefined {
    if (this.#orders.length === 0) return undefined;
    let due: FaultOrder | undefined;
    for (const entry of [...this.#orders]) {
      if (entry.order.at !== stage || (entry.order.path ?? path) !== path) continue;
      if (entry.skip > 0) entry.skip--;
      else if (!due) {
        due = entry.order;
        if (--entry.left === 0) this.#orders.splice(this.#orders.indexOf(entry), 1);
      }
    }
    return due;
  }
}
