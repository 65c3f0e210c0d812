/**
 * One request to the web server of a stick and its answer: elements by their names, everything that is private replaced, logins
 * and codes not at all. Of a page only the tokens in its head are kept, as others; what is neither XML nor JSON is left out.
 */

import { decodeBody } from '../hilink/text';
import { readTree } from '../hilink/xml';
import type { WebAnswer, WebRequest } from '../host/web';
import type { Left, WebRecord } from '../record/format';
import { redactIccid } from './fields';
import { redactUssd } from './pdu';
import type { Pseudonyms } from './pseudonyms';

/** Passwords, proofs and salts; the ways in which a code is given to a SIM. */
const LOGIN = /^\/api\/(?:user\/(?!state-login|hilink_login|logout)|pin\/operate|pin\/save-pin|pin\/simlock)/;
const QUESTION = /^\/api\/(?:pin\/(?:save-pin|simlock)|user\/(?:rule|remind|history-login|screen_state))$/;

const HEADERS = [
  'content-type',
  'content-length',
  '__requestverificationtoken',
  '__requestverificationtokenone',
  '__requestverificationtokentwo',
  'set-cookie',
  'cookie',
  'location',
];

export interface Exchange {
  request: WebRequest;
  answer?: WebAnswer;
}

export function redactWeb(
  names: Pseudonyms,
  { request, answer }: Exchange,
): Pick<WebRecord, 'request' | 'response' | 'left'> {
  const path = redactPath(names, request.path);
  const { method } = request;
  if (LOGIN.test(request.path) && !(method === 'GET' && QUESTION.test(request.path))) {
    return { request: { method, path }, left: { why: 'login' } };
  }
  const sent = request.body === undefined ? undefined : redactBody(names, request.path, request.body);
  const got = answer && redactBody(names, request.path, answer.body);
  const left = sent?.left ?? got?.left;
  return {
    request: {
      method,
      path,
      headers: redactHeaders(names, request.headers),
      ...(sent?.text !== undefined && { body: sent.text }),
    },
    ...(answer && {
      response: {
        status: answer.status,
        headers: redactHeaders(names, answer.headers),
        ...(got?.text !== undefined && { body: got.text }),
      },
    }),
    ...(left && { left }),
  };
}

/** What stands behind the question mark may be anything. */
const redactPath = (names: Pseudonyms, path: string): string => {
  const [, plain = '', query = ''] = /^([^?#]*)([\s\S]*)$/.exec(path) ?? [];
  return /^[\w/.-]{0,100}$/.test(plain) && !/\d{7}/.test(plain) ? plain + names.code(query) : names.code(path);
};

function redactHeaders(
  names: Pseudonyms,
  headers: WebAnswer['headers'] | WebRequest['headers'],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([given, value]): [string, string][] => {
      const name = given.toLowerCase();
      const text = Array.isArray(value) ? value[0] : value;
      if (typeof text !== 'string' || !HEADERS.includes(name)) return [];
      if (name.startsWith('content-')) return /^[\w/;= .+-]{1,80}$/.test(text) ? [[name, text]] : [];
      if (name === 'location') return [[name, redactPath(names, text.replace(/^https?:\/\/[^/]*/, ''))]];
      const [, head = '', rest = ''] = /^(\s*SessionID(?:_\w{1,8})?=)?([\s\S]*)$/i.exec(text) ?? [];
      return [[name, head + names.code(rest)]];
    }),
  );
}

interface Body {
  text?: string;
  left?: Left;
}

function redactBody(names: Pseudonyms, path: string, bytes: Uint8Array): Body {
  if (bytes.length === 0) return { text: '' };
  const text = decodeBody(bytes);
  const left = { left: { bytes: bytes.length, why: 'unread' } };
  if (/^\s*<!doctype html|^\s*<html\b/i.test(text)) return { text: redactPage(names, text) };
  try {
    readTree(text);
    return { text: text.trimStart().startsWith('{') ? redactJson(names, path, text) : redactXml(names, path, text) };
  } catch {
    return left;
  }
}

/** The tokens are all that a page is read for. */
function redactPage(names: Pseudonyms, text: string): string {
  const metas = [...text.matchAll(/<meta\s+name="(csrf_(?:token|param))"\s+content="([\w+/=-]{1,200})"\s*\/?>/gi)];
  return `<html><head>${metas.map(([, name = '', token = '']) => `<meta name="${name}" content="${names.code(token)}"/>`).join('')}</head></html>`;
}

/** Tags as they are, their attributes left out; texts by the name of the innermost one. */
function redactXml(names: Pseudonyms, path: string, text: string): string {
  const open: string[] = [];
  return text.replaceAll(
    /<!\[CDATA\[([\s\S]*?)\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(\/?)([\w.:-]+)[^>]*?(\/?)>|[^<]+/g,
    (...match) => {
      const [all, cdata, closing, tag, empty] = match as [string, ...(string | undefined)[]];
      if (all.startsWith('<?')) return '<?xml version="1.0" encoding="UTF-8"?>';
      if (all.startsWith('<!--')) return '';
      if (tag !== undefined) {
        if (closing) open.pop();
        else if (!empty) open.push(tag);
        return `<${closing ?? ''}${tag}${empty ?? ''}>`;
      }
      const said = cdata ?? decoded(all);
      if (said.trim() === '') return all.replaceAll(/\S/g, '');
      return encoded(redactValue(names, path, open.at(-1) ?? '', said));
    },
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const decoded = (text: string): string =>
  text.replaceAll(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi,
    (all: string, hex?: string, decimal?: string, name?: string) => {
      const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
      if (name !== undefined) return ENTITIES[name] ?? all;
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
    },
  );

const encoded = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function redactJson(names: Pseudonyms, path: string, text: string): string {
  const walk = (value: unknown, name: string): unknown => {
    if (typeof value === 'string') return redactValue(names, path, name, value);
    if (typeof value === 'number')
      return /^-?\d{1,6}$/.test(String(value)) ? value : redactValue(names, path, name, String(value));
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => walk(item, name));
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key.replaceAll(/\W|\d{4,}/g, ''), walk(inner, key)]),
    );
  };
  return JSON.stringify(walk(JSON.parse(text), ''));
}

/** Names of firmware, hardware and networks, settings and dates: whatever they are, they are nobody's. */
const KEPT =
  /^(?:devicename|hardwareversion|softwareversion|webuiversion|classify|productfamily|supportmode|workmode|mccmnc|fullname|shortname|numeric|plmn|spn|spreadname_\w+|iniversion|(?:lte)?band(?:list)?|networkband|lteband|networkmode|apnname|(?:month)?(?:last)?(?:clear)?(?:date|time)|datalimit|trafficmaxlimit|(?:l|current|total|month|day)?\w*(?:upload|download|duration|used|uploadrate|downloadrate|connecttime)|rsapadingtype|mode|state|rat|lte_bandinfo|[dul]+bandwidth|[dul]+frequency|\w*earfcn|index|code|connectionstatus)$/;
/** Where `Name` and `Value` are those of bands and profiles, and not of contacts. */
const SETTINGS = /^\/api\/(?:net|dialup)\//;
const NUMBERS = /^(?:msisdn|phones?|sucphone|failphone|sca)$/;
const ADDRESSES = /^(?:wan(?:_?ipv6)?_?(?:ip|dns)\w*|wanipv6address|\w*dns\w*|dhcp\w*address|submask|dhcplannetmask)$/;
const CELLS = /^(?:cell_?id|enodeb_id|lac|tac|rac)$/;
/** Of these there are 504; `No1:260No2:84`. */
const NEIGHBOURS = 'nei_cellid';
const PHYSICAL_CELLS = 504;
/** A figure with its unit: nothing of seven digits. */
const FIGURE = /^[<>=]{0,2}\s?-?\d{1,6}(?:\.\d{1,3})?\s?(?:dBm|dB|[kM]Hz|%)?$/;

function redactValue(names: Pseudonyms, path: string, tag: string, said: string): string {
  const name = tag.toLowerCase();
  const [, before = '', value = '', after = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(said) ?? [];
  return before + redactTrimmed(names, path, name, value) + after;
}

function redactTrimmed(names: Pseudonyms, path: string, name: string, value: string): string {
  if (value === '') return value;
  if (name === 'imei') return /^\d{14,17}$/.test(value) ? names.imei(value) : names.code(value);
  if (name === 'imsi') return /^\d{14,15}$/.test(value) ? names.imsi(value) : names.code(value);
  if (name === 'iccid') return redactIccid(names, value) ?? names.code(value);
  if (name.includes('mac'))
    return /^[0-9a-f]{2}(?:[:-]?[0-9a-f]{2}){5}$/i.test(value) ? names.mac(value) : names.code(value);
  if (NUMBERS.test(name))
    return /^[+\d\s;,*#-]+$/.test(value) ? value.replaceAll(/[+\d*#-]+/g, (n) => names.number(n)) : names.text(value);
  if (name === 'content') return path.startsWith('/api/ussd/') ? redactUssd(names, value, 0) : names.text(value);
  if (ADDRESSES.test(name))
    return value.replaceAll(/[^,;\s]+/g, (one) =>
      /^[\d.]+$|^[0-9a-f:]+$/i.test(one) ? names.ip(one) : names.code(one),
    );
  if (name === NEIGHBOURS)
    return value.replaceAll(/(?<=:)\d{1,3}/g, (cell) =>
      String(Number(names.code(cell)) % PHYSICAL_CELLS)
        .padStart(cell.length, '0')
        .slice(0, cell.length),
    );
  if (CELLS.test(name))
    return /^\d+$/.test(value) || !/^[0-9a-f]+$/i.test(value) ? names.code(value) : names.hex(value);
  if (/serial|token|tokinfo|sesinfo|nonce|salt|proof|signature|rsa[en]$|pass|hash/.test(name))
    return redactSecret(names, name, value);
  const kept = KEPT.test(name) || (/^(?:name|value)$/.test(name) && SETTINGS.test(path));
  if (kept && value.length <= 200) return names.vouch(value);
  return FIGURE.test(value) ? value : names.text(value);
}

/** `password_type` and the like are settings; a session keeps its name. */
function redactSecret(names: Pseudonyms, name: string, value: string): string {
  if (/^\d{1,2}$/.test(value)) return value;
  const [, head = '', rest = ''] = /^(SessionID(?:_\w{1,8})?=)?([\s\S]*)$/.exec(value) ?? [];
  return name === 'sesinfo' ? head + names.code(rest) : names.code(value);
}
