/** Whether a line of a journal is one that this version writes: a disk may give back something else. No disk here. */

import { COMMAND_KINDS } from './topics';

export const JOURNAL_VERSION = 1;

type Given = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Given =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => typeof value === 'number';
const isKind = (value: unknown): boolean => (COMMAND_KINDS as readonly unknown[]).includes(value);
const maybe = (check: (value: unknown) => boolean) => (value: unknown) => value === undefined || check(value);

const isReply = (value: unknown): boolean =>
  isObject(value) && isText(value['topic']) && maybe(isText)(value['correlation']);

/** A receipt or a result. */
const isTold = (value: unknown): boolean =>
  isObject(value) &&
  (isText(value['event_type']) || typeof value['ok'] === 'boolean') &&
  maybe(Array.isArray)(value['refs']);

const isCommand = (value: unknown): boolean =>
  isObject(value) &&
  isKind(value['kind']) &&
  [value['id'], value['hash']].every(isText) &&
  [value['at'], value['up'], value['ttl'], value['parts']].every(isNumber) &&
  (value['to'] === null || isText(value['to'])) &&
  typeof value['open'] === 'boolean' &&
  isTold(value['last']) &&
  maybe(isText)(value['whom']) &&
  maybe(isObject)(value['wish']) &&
  maybe(isReply)(value['reply']);

const isMail = (value: unknown): boolean =>
  isObject(value) &&
  isNumber(value['n']) &&
  isText(value['topic']) &&
  isObject(value['payload']) &&
  maybe(isReply)(value['reply']);

const isPublished = (value: unknown): boolean =>
  isObject(value) &&
  Object.values(value).every((entities) => isObject(entities) && Object.values(entities).every(isText));

function isHead({ version, instance, boots, owned, counters, published, next }: Given): boolean {
  // What a later one means by the rest is its own matter.
  if (!isNumber(version) || Number(version) > JOURNAL_VERSION) return isNumber(version);
  return (
    isText(instance) &&
    Array.isArray(boots) &&
    typeof owned === 'boolean' &&
    isObject(counters) &&
    [counters['sent'], counters['failed'], counters['received']].every(isNumber) &&
    isPublished(published) &&
    isNumber(next)
  );
}

const CHECKS: Readonly<Record<string, (line: Given) => boolean>> = {
  head: isHead,
  in: ({ command, n, topic }) => isCommand(command) && isNumber(n) && isText(topic),
  cmd: ({ command }) => isCommand(command),
  begin: ({ id }) => isText(id),
  forget: ({ id }) => isText(id),
  part: ({ id }) => isText(id),
  out: ({ mail, id }) => isMail(mail) && (id === undefined || isTold((mail as Given)['payload'])),
  ok: ({ n }) => isNumber(n),
  seen: ({ id, up, at }) => isText(id) && isNumber(up) && maybe(isText)(at),
  own: ({ yes }) => typeof yes === 'boolean',
  disc: ({ published }) => isPublished(published),
};

/** By `t`, what kind of line it is. */
export const isLine = (value: unknown): boolean =>
  isObject(value) && Object.entries(CHECKS).some(([t, check]) => t === value['t'] && check(value));
