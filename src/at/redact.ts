/**
 * The one redactor for logs, errors and traces: PIN, IMEI, IMSI, ICCID, phone numbers, message and USSD texts, the
 * first field of ^BOOT (the last eight digits of the IMEI on some sticks), passwords and tokens in URLs. Works on commands,
 * on reply lines and on sentences that quote them; redacting twice changes nothing more. What it hides becomes `***`.
 */

import { DriverError, errorData, type Param, type Params } from '../errors';
import { hideUrlSecrets } from '../urls';
import type { Entry, Secret } from './commands/entry';
import { ENTRIES } from './commands/table';
import { EXAMPLE_NUMBER } from './example-number';

const HIDDEN = '***';

/** The names of entries as alternatives, without their sigils. */
const names = (of: (entry: Entry) => boolean | undefined): string =>
  ENTRIES.flatMap((entry) => (of(entry) ? entry.name.slice(1) : [])).join('|');
const hiding = (what: Secret): string => names(({ secret }) => secret?.includes(what));

/** Commands whose arguments are secrets as a whole: codes and identities. */
const SECRET = new RegExp(
  `([+^](?:${hiding('arguments')})(?:\\s*\\?)?\\s*=\\s*)(?![\\s?])(?:"[^"]*"?|[^;\\s"]|\\s+(?=[\\d",]))+`,
  'gi',
);

/** Commands and replies that hold numbers, names and texts of people. */
const PERSONAL_LINE = new RegExp(`([+^](?:${hiding('people')})\\s*[:=])([^;\\r\\n]*)`, 'gi');

/** Replies with a name and a number in each line, which some firmware writes without quotes. */
const BOOK_LINE = /(\+(?:CNUM|CPBR|CPBF)\s*:)([^;\r\n]*)/gi;

/** Behind these headers stand PDUs or texts on lines of their own. */
const TEXT_FOLLOWS = new RegExp(
  `^\\s*\\+(${names(({ spans, secret }) => spans !== undefined && secret?.includes('people'))}):`,
  'i',
);
/** Where such a text ends: the next line of the stick's own. */
const STICK_LINE = /^\s*([+^][A-Za-z]\w*\s?(ERROR)?:|OK\s*$|ERROR\s*$|COMMAND NOT SUPPORT|TOO MANY PARAMETERS|> )/;

/** SIM identities and raw SIM files: hex or digits, quoted or not. */
const IDENTITY_LINE = new RegExp(`([+^](?:${hiding('identity')})\\s*:)([^\\r\\n]*)`, 'gi');
const FIRST_FIELD = new RegExp(`([+^](?:${hiding('first')})\\s*:\\s*)[0-9A-F]{4,}`, 'gi');
const DIAL = /\b(ATD[TP]?\s*)[+*#\d][+*#\d,\s]{2,}/gi;
/** IMEI and IMSI have 14 to 17 digits, an ICCID up to 20, its raw form with an F. */
const LONG_DIGITS = /(?<![\w.])\d{14,22}(?![\w.])/g;
const ICCID = /(?<![\w.])(?:89|98)(?=[\dF]*F)[\dF]{16,20}(?![\w.])/gi;
const PHONE = /\+\d{5,15}\b/g;
/** A line of nothing but hex is the PDU of a message. */
const PDU = /^\s*[0-9A-F]{20,}\s*$/i;

/** Elements of HiLink's requests and answers, and headers of its sessions. */
const WEB_ELEMENT =
  /(<(password|currentpin|newpin|pukcode|simsavepinpin|clientproof|content|(?:suc|fail)?phone|imei|imsi|iccid|msisdn|serialnumber|sesinfo|tokinfo|token)>)[^<]*/gi;
const WEB_HEADER = /((?:cookie|__requestverificationtoken(?:one|two)?)\s*:\s*)[^\r\n]+/gi;

/** `text`, one line or several, without what concerns nobody else. */
export function redact(text: string): string {
  let follows = false;
  return text
    .replace(WEB_ELEMENT, (all: string, tag: string) => (all === tag ? all : tag + HIDDEN))
    .replace(WEB_HEADER, `$1${HIDDEN}`)
    .split('\n')
    .map((line) => {
      if (follows && line.trim() !== '' && !STICK_LINE.test(line)) return HIDDEN;
      follows = TEXT_FOLLOWS.test(line) || (follows && line.trim() === '');
      return redactLine(line);
    })
    .join('\n');
}

function redactLine(line: string): string {
  if (PDU.test(line)) return HIDDEN;
  return hideUrlSecrets(line)
    .replace(SECRET, `$1${HIDDEN}`)
    .replace(BOOK_LINE, (_all, head: string, rest: string) => head + hideBook(head, rest))
    .replace(PERSONAL_LINE, (_all, head: string, rest: string) => head + hideValues(rest))
    .replace(IDENTITY_LINE, (_all, head: string, rest: string) => head + hideValues(rest))
    .replace(FIRST_FIELD, `$1${HIDDEN}`)
    .replace(DIAL, `$1${HIDDEN}`)
    .replace(ICCID, HIDDEN)
    .replace(LONG_DIGITS, HIDDEN)
    .replace(PHONE, (number) => (number === EXAMPLE_NUMBER ? number : HIDDEN));
}

/** Index, type of the number and what follows it stay; ranges of the test form too. */
function hideBook(head: string, values: string): string {
  if (values.includes('(')) return values;
  const fields = values.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/);
  const stays = (at: number, field: string) =>
    (/CNUM/i.test(head) ? at >= 2 : at === 0 || at === 2) && /^\s*\d{1,3}\s*$/.test(field);
  return fields
    .map((field, at) => (stays(at, field) ? field : field.replace(/^(\s*"?)([^"\s][\s\S]*?)("?\s*)$/, `$1${HIDDEN}$3`)))
    .join(',');
}

/** Hides quoted strings, also one whose end is missing, and long numbers. */
function hideValues(values: string): string {
  return values
    .replace(/"[^"]*("|$)/g, (quoted) => (quoted === '""' ? quoted : `"${HIDDEN}"`))
    .replace(/\+?\d{5,}[0-9A-F]*|[0-9A-F]{8,}/gi, HIDDEN);
}

const MAX_CAUSES = 8;

const redactParam = (param: Param): Param => {
  if (typeof param === 'string') return redact(param);
  if (typeof param !== 'object' || param === null) return param;
  return param.map((item) => (typeof item === 'string' ? redact(item) : item));
};

const redactParams = (params: Params): Params =>
  Object.fromEntries(Object.entries(params).map(([name, param]) => [name, redactParam(param)]));

/** `error` with message, params and the chain of its causes redacted. Of foreign errors name and message are kept. */
export function redactError(error: unknown, depth = 0): Error {
  if (depth >= MAX_CAUSES) return new Error('further causes are left out');
  if (!(error instanceof Error)) return new Error(redact(String(error)));
  const cause = error.cause === undefined ? undefined : redactError(error.cause, depth + 1);
  if (error instanceof DriverError) {
    const data = errorData(error);
    const besides = data.besides?.map(({ what, params }) => ({ what, params: redactParams(params) }));
    return new DriverError(
      {
        ...data,
        message: redact(data.message),
        params: redactParams(data.params),
        ...(besides !== undefined && { besides }),
      },
      cause,
    );
  }
  const copy = new Error(redact(error.message), cause === undefined ? undefined : { cause });
  copy.name = error.name;
  return copy;
}
