/** Registration in the network: `+CREG`, `+CGREG`, `+CEREG`, replies and URCs; and the operator: `+COPS`. */

import {
  type FoundNetwork,
  NETWORK_SEARCH,
  NETWORK_STATUS,
  type NetworkSearch,
  OPERATOR,
  OPERATOR_MODE,
  type Operator,
} from '../../values/operator';
import { isRegistered, LAC, REGISTRATION, REGISTRATION_STATUS, type Registration } from '../../values/registration';
import { known } from '../../values/shape';
import { splitFields } from '../fields';
import { decimal, firstLine, hexadecimal, type Nested, nested, numbersOf, option } from '../read';
import { entry } from './entry';

const ACT: readonly string[] = ['GSM', 'GSM', 'WCDMA', 'EDGE', 'HSDPA', 'HSUPA', 'HSPA', 'LTE'];

const actOf = (text: string | undefined): string | undefined => option(text, ACT);

/** Hex, with or without quotes; all F's = not known. */
const place = (text: string | undefined): number | undefined =>
  /^f{4,}$/i.test(text ?? '') ? undefined : hexadecimal(text, LAC);

const isStatus = (text: string | undefined): boolean => /^(\d|10)$/.test(text ?? '');

/**
 * `n,stat[,lac,ci[,act]]` of a reply or `stat[,lac,ci[,act]]` of a URC: told apart by their shape, since a late reply
 * comes as a URC too. A URC has one field, three, or a second one that is no status but a location area (T9).
 */
export function parseRegistration(value: string): Registration | undefined {
  const fields = splitFields(value);
  const reply = fields.length !== 1 && fields.length !== 3 && isStatus(fields[1]);
  const [stat, lac, ci, act] = reply ? fields.slice(1) : fields;
  const status = option(stat, REGISTRATION_STATUS.options);
  if (status === undefined) return undefined;
  return known({
    status,
    registered: isRegistered(status),
    n: reply ? decimal(fields[0], REGISTRATION.members.n) : undefined,
    lac: place(lac),
    ci: place(ci),
    act: actOf(act),
  });
}

/** `0,0,"Operator",7` = mode, format, name or number, access technology; `0` alone without a network. */
export function parseCops(value: string): Operator | undefined {
  const [mode, format, name, act] = splitFields(value);
  const chosen = option(mode, OPERATOR_MODE.options);
  if (chosen === undefined) return undefined;
  const numeric = format === '2' && /^\d{5,6}$/.test(name ?? '');
  return known({
    mode: chosen,
    operator: numeric || !name ? undefined : name,
    plmn: numeric ? name : undefined,
    act: actOf(act),
  });
}

function found(item: Nested): FoundNetwork | undefined {
  if (!Array.isArray(item) || item.length < 4) return undefined;
  const [stat, name, short, plmn, act] = item.map((field) => (typeof field === 'string' ? field : ''));
  const status = option(stat, NETWORK_STATUS.options);
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

/**
 * While the question runs: is it a URC all the same? A reply is `n,stat[,lac,ci[,act[,rac]]]`, a URC lacks the `n`. So a URC
 * has three fields, or a second one that is missing or no status but a location area.
 */
function isUrc(value: string): boolean {
  if (value.startsWith('(')) return false;
  const fields = value.split(',');
  return fields.length === 3 || !isStatus(fields[1]?.trim());
}

const registration = <const N extends string>(name: N, domain: string, named?: string) =>
  entry({
    name,
    about: `Registration in the network, ${domain}`,
    forms: ['read', 'set', 'test'],
    needsSim: true,
    urc: true,
    isUrc,
    ...(named !== undefined && { named: { read: named } }),
    value: REGISTRATION,
    line: parseRegistration,
  });

export const COPS = entry({
  name: '+COPS',
  about: 'The operator; =? searches for networks, which takes minutes',
  forms: ['read', 'set', 'test'],
  named: { read: 'operator' },
  limit: 130_000,
  // One search was answered after 302.7 s.
  testLimit: 310_000,
  needsSim: true,
  spans: 'quote',
  value: OPERATOR,
  line: parseCops,
  testValue: NETWORK_SEARCH,
  test: firstLine('+COPS', parseCopsTest),
});

export const CREG = registration('+CREG', 'calls', 'registration');
export const CGREG = registration('+CGREG', 'data of GSM and WCDMA');
export const CEREG = registration('+CEREG', 'data of LTE');

export const REGISTRATION_COMMANDS = [COPS, CREG, CGREG, CEREG] as const;
