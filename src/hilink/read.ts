/** Answers of the web API as values. */

import { type DriverError, failure, isDriverError } from '../errors';
import type { WebValues } from '../values/web';
import { SMS_LIST, WAP_PUSH } from './endpoints/sms';
import { ENDPOINTS } from './endpoints/table';
import { hilinkError } from './errors-table';
import { Fields } from './fields';
import { metaTokens } from './pages';
import { decodeBody } from './text';
import { decodeEntities, type Element, MOST_BYTES, readTree } from './xml';

/**
 * What the answer `body` to a request of `path` (`/api/device/signal`, or without `/api/`) tells: the parts of a status as
 * `values/web.ts` describes them. What it does not tell is not there: never null, 0 or ''.
 *
 * Errors: HILINK_ERROR (the stick's own, with its number; an answer that is none), LOGIN_REFUSED, LOGIN_LOCKED.
 */
export const readHilink = (path: string, body: Uint8Array): WebValues =>
  pageValues(path, body) ?? valuesIn(path, readAnswer(path, body));

/** Of a page its tokens, which is all that is taken from one; undefined for what is none, or has none. */
function pageValues(path: string, body: Uint8Array): WebValues | undefined {
  if (!/^(?:$|.*\.html?$)/.test(nameOf(path)) || body.byteLength > MOST_BYTES) return undefined;
  const tokens = metaTokens(decodeBody(body));
  const [token] = tokens;
  return token === undefined ? undefined : { session: { token, tokens } };
}

/** The answer as a tree, for who posts it back with one value changed. Errors: those of {@link readHilink}. */
export function readAnswer(path: string, body: Uint8Array): Element {
  if (body.byteLength > MOST_BYTES) throw tooLong();
  const text = decodeBody(body);
  const root = treeOf(path, text);
  const kind = root.name.toLowerCase();
  if (kind === 'error') throw errorOf(new Fields(root));
  // Settings of the pages have other roots; to a path that is read such an answer is none.
  const endpoint = endpointOf(path);
  const roots = endpoint ? [endpoint.root ?? 'response'] : ['response', 'config', 'items'];
  if (!roots.includes(kind)) {
    throw failure('HILINK_ERROR/other-xml', {});
  }
  return root;
}

export const tooLong = (): DriverError => failure('HILINK_ERROR/too-long', { most: MOST_BYTES });

export function valuesIn(path: string, root: Element): WebValues {
  if (root.children.length === 0 && /^ok$/i.test(root.text.trim())) return { accepted: true };
  const answer = new Fields(root);
  const endpoint = endpointOf(path);
  const isAll = endpoint !== undefined && endpoint.root === undefined;
  return { ...(isAll ? {} : otherValues(answer)), ...endpoint?.read(answer) };
}

function treeOf(path: string, text: string): Element {
  try {
    return readTree(text);
  } catch (error) {
    const list = isDriverError(error, 'HILINK_ERROR') && brokenList(path, text);
    if (!list) throw error;
    return list;
  }
}

const PATHS = new Map(ENDPOINTS.map((endpoint) => [endpoint.path.toLowerCase(), endpoint]));

const endpointOf = (path: string) => PATHS.get(nameOf(path));

/** Without server, `/api/`, query. */
const nameOf = (path: string): string =>
  path
    .replace(/^[a-z]+:\/\/[^/]*/i, '')
    .replace(/[?#].*$/s, '')
    .replace(/^\/*(?:api\/)?/i, '')
    .replace(/\/+$/, '')
    .toLowerCase();

function errorOf(answer: Fields): DriverError {
  const number = answer.code('code', 'errorCode');
  if (number !== undefined) return hilinkError(number, answer.code('waittime', 'remainwaittime'));
  return failure('HILINK_ERROR/no-number', {});
}

const MOST_OTHER = 200;

function otherValues({ elements }: Fields): WebValues {
  const texts = textsIn(elements, '').slice(0, MOST_OTHER);
  return texts.length > 0 ? { other: Object.fromEntries(texts) } : {};
}

/** Every text with its way down to it; those of the same name by their number, the first without. */
function textsIn(elements: readonly Element[], above: string): [way: string, text: string][] {
  const seen = new Map<string, number>();
  return elements.flatMap(({ name, text, children }): [string, string][] => {
    const nth = seen.get(name) ?? 0;
    seen.set(name, nth + 1);
    const way = `${above}${name}${nth > 0 ? `.${nth}` : ''}`;
    if (children.length > 0) return textsIn(children, `${way}.`);
    return text.trim() === '' ? [] : [[way, text.trim()]];
  });
}

/**
 * The bytes of an MMS notice, which some firmware prints as they are, break the XML of the whole list: then nothing would
 * be read any more. So its messages are cut out one by one. Only where such bytes are there, and the list to its end.
 */
function brokenList(path: string, text: string): Element | undefined {
  if (endpointOf(path)?.read !== SMS_LIST.read || !WAP_PUSH.test(text) || !/<\/response>\s*$/i.test(text))
    return undefined;
  const [head = '', ...pieces] = text.split(/<Message>/i);
  if (pieces.length === 0) return undefined;
  const total = /<Count>\s*(\d{1,5})\s*<\/Count>/i.exec(head)?.[1];
  return element('response', [
    ...(total === undefined ? [] : [element('Count', [], total)]),
    element('Messages', pieces.map(messageElement)),
  ]);
}

const element = (name: string, children: readonly Element[], text = ''): Element => ({ name, text, children });

const PARTS = ['Smstat', 'Index', 'Phone', 'Content', 'Date', 'SmsType', 'curbox'];

function messageElement(piece: string): Element {
  const children = PARTS.flatMap((name): Element[] => {
    // What has swallowed the end of its own element ends where the next one begins.
    const found = new RegExp(`<${name}>([\\s\\S]*?)(?:</${name}>|<(?:Date|Sca)>)`, 'i').exec(piece)?.[1];
    return found === undefined ? [] : [element(name, [], decodeEntities(found))];
  });
  return element('Message', children);
}
