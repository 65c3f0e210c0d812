/** Registration in the network: `+CREG`, `+CGREG`, `+CEREG`, replies and URCs; and the operator: `+COPS`. */

import { splitFields } from '../fields';
import { hexNumber, known, type Nested, nested, numbersOf, whole } from './read';

export type RegistrationStatus =
  | 'idle'
  | 'home'
  | 'searching'
  | 'denied'
  | 'unknown'
  | 'roaming'
  | 'SMS only, home'
  | 'SMS only, roaming'
  | 'emergency only'
  | 'no CSFB, home'
  | 'no CSFB, roaming';

export interface Registration {
  status: RegistrationStatus;
  registered: boolean;
  /** Reporting mode `n`; a reply has it, a URC has not. */
  n?: number;
  /** Location area code; of LTE the tracking area code. With `n` = 2 only, here and below. */
  lac?: number;
  /** Cell identity. */
  ci?: number;
  /** Access technology; often left out by the stick (T48). */
  act?: string;
}

const STATUS: readonly RegistrationStatus[] = [
  'idle',
  'home',
  'searching',
  'denied',
  'unknown',
  'roaming',
  'SMS only, home',
  'SMS only, roaming',
  'emergency only',
  'no CSFB, home',
  'no CSFB, roaming',
];

const REGISTERED: ReadonlySet<RegistrationStatus> = new Set([
  'home',
  'roaming',
  'SMS only, home',
  'SMS only, roaming',
  'no CSFB, home',
  'no CSFB, roaming',
]);

export const isRoaming = (status: RegistrationStatus): boolean => status.endsWith('roaming');

const ACT: readonly string[] = ['GSM', 'GSM', 'WCDMA', 'EDGE', 'HSDPA', 'HSUPA', 'HSPA', 'LTE'];

const actOf = (text: string | undefined): string | undefined => {
  const code = whole(text, 0, ACT.length - 1);
  return code === undefined ? undefined : ACT[code];
};

/** Hex, with or without quotes; all F's = not known. */
const place = (text: string | undefined): number | undefined =>
  /^f{4,}$/i.test(text ?? '') ? undefined : hexNumber(text);

const isStatus = (text: string | undefined): boolean => /^(\d|10)$/.test(text ?? '');

/**
 * `n,stat[,lac,ci[,act]]` of a reply or `stat[,lac,ci[,act]]` of a URC: told apart by their shape, since a late reply
 * comes as a URC too. A URC has one field, three, or a second one that is no status but a location area (T9).
 */
export function parseRegistration(value: string): Registration | undefined {
  const fields = splitFields(value);
  const reply = fields.length !== 1 && fields.length !== 3 && isStatus(fields[1]);
  const [stat, lac, ci, act] = reply ? fields.slice(1) : fields;
  const status = STATUS[whole(stat, 0, STATUS.length - 1) ?? -1];
  if (status === undefined) return undefined;
  return known({
    status,
    registered: REGISTERED.has(status),
    n: reply ? whole(fields[0], 0, 9) : undefined,
    lac: place(lac),
    ci: place(ci),
    act: actOf(act),
  });
}

export interface Operator {
  /** How the network is chosen. */
  mode?: 'automatic' | 'manual' | 'deregistered' | 'format only' | 'manual, then automatic';
  /** Name of the network, long or short as the stick is set. */
  operator?: string;
  /** Number of the network instead of its name: country and network code, 5 or 6 digits. */
  plmn?: string;
  act?: string;
}

const MODES = ['automatic', 'manual', 'deregistered', 'format only', 'manual, then automatic'] as const;

/** `0,0,"Operator",7` = mode, format, name or number, access technology; `0` alone without a network. */
export function parseCops(value: string): Operator | undefined {
  const [mode, format, name, act] = splitFields(value);
  const code = whole(mode, 0, 4);
  if (code === undefined) return undefined;
  const numeric = format === '2' && /^\d{5,6}$/.test(name ?? '');
  return known({
    mode: MODES[code],
    operator: numeric || !name ? undefined : name,
    plmn: numeric ? name : undefined,
    act: actOf(act),
  });
}

export interface FoundNetwork {
  status: 'unknown' | 'available' | 'current' | 'forbidden';
  name?: string;
  short?: string;
  plmn?: string;
  act?: string;
}

export interface NetworkSearch {
  networks: FoundNetwork[];
  /** What `+COPS=` takes as mode and as format. */
  modes: number[];
  formats: number[];
}

const FOUND = ['unknown', 'available', 'current', 'forbidden'] as const;

function found(item: Nested): FoundNetwork | undefined {
  if (!Array.isArray(item) || item.length < 4) return undefined;
  const [stat, name, short, plmn, act] = item.map((field) => (typeof field === 'string' ? field : ''));
  const status = FOUND[whole(stat, 0, 3) ?? -1];
  if (status === undefined) return undefined;
  return known({
    status,
    name: name || undefined,
    short: short || undefined,
    plmn: /^\d{5,6}$/.test(plmn ?? '') ? plmn : undefined,
    act: actOf(act),
  });
}

/** `(2,"T-Mobile","TMO","31026",0),(1,...),,(0,1,2,3,4),(0,1,2)`: networks, an empty field, modes, formats. */
export function parseCopsTest(value: string): NetworkSearch | undefined {
  const items = nested(value);
  const gap = items.indexOf('');
  const networks = (gap < 0 ? items : items.slice(0, gap)).flatMap((item) => found(item) ?? []);
  if (networks.length === 0 && gap < 0) return undefined;
  const [modes, formats] = gap < 0 ? [] : items.slice(gap + 1);
  return { networks, modes: numbersOf(modes), formats: numbersOf(formats) };
}
