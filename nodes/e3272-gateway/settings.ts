/** The settings of the dialog as the core takes them. */

import { type Contact, ENTITY_GROUPS, type GatewaySettings } from '../../src/gateway/settings';
import { LANGUAGES } from '../../src/gateway/words';
import { count, milliseconds, requireCount } from '../shared/config';
import type { cleanNumber, parseAllowList } from '../shared/gateway';
import { nodeFailure } from '../shared/messages';
import type { SavedGateway } from './saved';

interface Driver {
  parseAllowList: typeof parseAllowList;
  cleanNumber: typeof cleanNumber;
}

const lines = (text: unknown): string[] =>
  String(text ?? '')
    .split(/[\r\n;]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Numbers as they are dialled, and beginnings. */
const numbers = (text: unknown): string[] =>
  String(text ?? '')
    .split(/[,;\r\n]/)
    .map((number) => number.replaceAll(/[\s\-./()]/g, ''))
    .filter((number) => number !== '');

const CONTACT = /^@?([a-z0-9_-]{1,32})\s*(?:\(([^)]{1,64})\))?\s*[=:]\s*(\S.*)$/i;

/** `anna = +491701234567`, or `anna (Anna Schmidt) = +491701234567`, one a line. Error: BAD_ARGUMENT, without the number. */
export function readContacts(text: unknown, clean: Driver['cleanNumber']): Contact[] {
  return lines(text).map((line, i) => {
    const [, key = '', name, number] = CONTACT.exec(line) ?? [];
    if (key === '') throw nodeFailure('BAD_ARGUMENT/contact-line', { line: i + 1 });
    return { key: key.toLowerCase(), name: name ?? key, number: clean(number, "The recipient's number") };
  });
}

/** Errors: BAD_ARGUMENT. */
export function readSettings(
  node: string,
  def: SavedGateway,
  contacts: unknown,
  { parseAllowList, cleanNumber }: Driver,
): GatewaySettings {
  const gw = String(def.gw ?? '').trim();
  const prefix = String(def.prefix ?? '').trim();
  const to = String(def.to ?? '').trim();
  return {
    gw,
    node,
    homeAssistant: {
      prefix: prefix === '' ? undefined : prefix,
      form: def.discovery === 'single' ? 'single' : 'device',
      birth: String(def.birth ?? '').trim() || 'homeassistant/status',
      language: LANGUAGES.find((one) => one === def.language) ?? 'en',
      groups: ENTITY_GROUPS.filter((group) => def[group]),
      name: String(def.title ?? '').trim(),
    },
    contacts: readContacts(contacts, cleanNumber),
    defaultTo: to === '' ? undefined : to,
    numbers: numbers(def.allowed),
    at: parseAllowList(String(def.at ?? '')),
    ussd: lines(def.ussd),
    limits: {
      hour: count(def.hour, 'The limit for an hour'),
      day: count(def.day, 'The limit for a day'),
      number: count(def.number, 'The limit for a number'),
      reserve: Number(def.reserve) === 0 ? 0 : requireCount(def.reserve, 'The reserve', 10),
    },
    ttl: milliseconds(def.ttl, 'The time to live') ?? 900_000,
    queue: 200,
    maxParts: requireCount(def.parts, 'The number of parts', 10),
    replies: lines(String(def.replies ?? '').replaceAll(',', '\n')),
    every: milliseconds(def.every, 'The time between two readings') ?? 30_000,
  };
}
