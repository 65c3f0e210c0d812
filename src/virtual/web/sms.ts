/** sms/*: the box lists, sending, deleting, what is counted. */

import { simStatus } from '../modem/network-service';
import { PduError } from '../sms/fields';
import type { StoreName } from '../sms/store';
import {
  type Act,
  type Call,
  CODES,
  DONE,
  type Endpoints,
  numberIn,
  type Result,
  refused,
  textIn,
  told,
  type Web,
} from './endpoint';
import { type Box, type Message, markRead, messagesIn, remove, storeOf } from './messages';
import type { Element, Node } from './xml';

/** Recipients of one message, and messages of one page. */
const MOST_PHONES = 50;
const MOST_READ = 50;

const stored = (web: Web, name: StoreName): Message[] => messagesIn(web.m, name, web.quirks.has('web-index-reused'));

const everything = (web: Web): Message[] => [...stored(web, 'ME'), ...stored(web, 'SM')];

function count({ web }: Call): Result {
  const of = (messages: Message[], box: Box) => messages.filter((message) => message.box === box).length;
  const unread = (messages: Message[]) => messages.filter((message) => message.unread).length;
  const local = stored(web, 'ME');
  const sim = stored(web, 'SM');
  return told(
    ['LocalUnread', unread(local)],
    ['LocalInbox', of(local, 'inbox')],
    ['LocalOutbox', of(local, 'sent')],
    ['LocalDraft', of(local, 'draft')],
    ['LocalDeleted', 0],
    ['SimUnread', unread(sim)],
    ['SimInbox', of(sim, 'inbox')],
    ['SimOutbox', of(sim, 'sent')],
    ['SimDraft', of(sim, 'draft')],
    ['LocalMax', storeOf(web.m, 'ME').size],
    ['SimMax', web.m.sim.state === 'ready' ? storeOf(web.m, 'SM').size : 0],
    ['SimUsed', storeOf(web.m, 'SM').used],
    ['NewMsg', 0],
  );
}

/** By BoxType. 4 is the trash, which this stick has not got. */
const BOXES: readonly (readonly [Box, readonly StoreName[]] | undefined)[] = [
  undefined,
  ['inbox', ['ME']],
  ['sent', ['ME']],
  ['draft', ['ME']],
  ['inbox', []],
  ['inbox', ['SM']],
  ['sent', ['SM']],
  ['draft', ['SM']],
  ['inbox', ['ME', 'SM']],
  ['sent', ['ME', 'SM']],
  ['draft', ['ME', 'SM']],
];

const STATES: Readonly<Record<Box, number>> = { inbox: 1, draft: 2, sent: 3 };

function messageNode(web: Web, message: Message): Node {
  const { box, unread, index, phone, text, raw, date, type } = message;
  return [
    'Message',
    [
      ['Smstat', unread ? 0 : STATES[box]],
      ['Index', index],
      ['Phone', phone],
      ['Content', raw && web.quirks.has('web-raw-mms') ? raw : text],
      ['Date', date],
      ['Sca', ''],
      ['SaveType', box === 'inbox' ? 4 : 3],
      ['Priority', box === 'inbox' ? 0 : 4],
      ['SmsType', type],
    ],
  ];
}

type Order = (a: Message, b: Message) => number;

/** By SortType: date, number, index. */
const ORDERS: readonly Order[] = [
  (a, b) => a.date.localeCompare(b.date) || a.index - b.index,
  (a, b) => a.phone.localeCompare(b.phone) || a.index - b.index,
  (a, b) => a.index - b.index,
];

function list({ web, body }: Call): Result {
  const page = numberIn(body, 'PageIndex', 1, 10_000);
  const read = numberIn(body, 'ReadCount', 1, MOST_READ);
  const [box, stores] = BOXES[numberIn(body, 'BoxType', 1, 10) ?? 0] ?? [];
  const order = ORDERS[numberIn(body, 'SortType', 0, 2) ?? -1];
  const ascending = numberIn(body, 'Ascending', 0, 1);
  const unreadFirst = numberIn(body, 'UnreadPreferred', 0, 1);
  if (page === undefined || read === undefined || !stores || !order) return refused(CODES.parameter);
  if (ascending === undefined || unreadFirst === undefined) return refused(CODES.parameter);
  const all = stores.flatMap((name) => stored(web, name)).filter((message) => message.box === box);
  all.sort((a, b) => (ascending === 1 ? order(a, b) : order(b, a)));
  if (unreadFirst === 1) all.sort((a, b) => Number(b.unread) - Number(a.unread));
  const shown = all.slice((page - 1) * read, page * read);
  return told(['Count', all.length], ['Messages', shown.map((message) => messageNode(web, message))]);
}

/** Why no message can be sent or kept; undefined = it can. */
function simRefusal({ m }: Web): Result | undefined {
  if (m.sim.state === 'ready') return undefined;
  const code = { pin: CODES.simPin, puk: CODES.simPuk }[m.sim.state as string];
  return refused(code ?? (simStatus(m) === 255 ? CODES.noSim : CODES.unknown));
}

const phonesIn = ({ children }: Element): string[] =>
  children.find(({ name }) => name === 'Phones')?.children.map(({ text }) => text) ?? [];

const NUMBER = /^\+?[\d*#]{1,20}$/;
const DATE = /^(-1|\d{4}-\d{1,2}-\d{1,2} \d{1,2}:\d{1,2}:\d{1,2})$/;

/** Numbers and text of what is to be sent or kept; or why not. */
function composed({ web, body }: Call): { phones: string[]; text: string } | Result {
  const phones = phonesIn(body);
  const content = textIn(body, 'Content');
  const good = phones.length <= MOST_PHONES && phones.every((phone) => NUMBER.test(phone));
  if (!good || !DATE.test(textIn(body, 'Date'))) return refused(CODES.format);
  if (numberIn(body, 'Length', -1, 100_000) === undefined) return refused(CODES.parameter);
  if (numberIn(body, 'Index', -1, 100_000) === undefined) return refused(CODES.parameter);
  if (numberIn(body, 'Reserved', 0, 2) === undefined) return refused(CODES.parameter);
  const text = web.quirks.has('web-emoji-lost') ? content.replaceAll(/[\u{10000}-\u{10ffff}]/gu, '') : content;
  return simRefusal(web) ?? { phones, text };
}

/** `work` with what the request says; a text that no SMS can carry is refused. */
const composing =
  (work: (call: Call, phones: string[], text: string) => Result): Act =>
  (call) => {
    const made = composed(call);
    if (!('phones' in made)) return made;
    try {
      return work(call, made.phones, made.text);
    } catch (error) {
      if (error instanceof PduError) return refused(CODES.parameter);
      throw error;
    }
  };

/** A draft that is sent is a draft no more. */
const send = composing(({ web, body }, phones, text) => {
  if (web.sending.busy) return refused(CODES.smsBusy);
  web.sending.begin(phones, text, web.memory.reports === 1);
  const index = numberIn(body, 'Index', 0, 100_000);
  const draft = everything(web).find((message) => message.index === index && message.box === 'draft');
  if (draft) remove(web.m, draft);
  return DONE;
});

const save = composing(({ web }, phones, text) => {
  const kept = phones.every((phone) => web.sending.draft(phone, text));
  return kept ? DONE : refused(CODES.unknown);
});

function sendStatus({ web }: Call): Result {
  const { waiting, sent, failed, total } = web.sending.status;
  return told(
    ['Phone', waiting.join(',')],
    ['SucPhone', sent.join(',')],
    ['FailPhone', failed.join(',')],
    ['TotalCount', total],
    ['CurIndex', sent.length + failed.length],
  );
}

/** All that is named, as far as it is there. */
function named({ web, body }: Call): Message[] {
  const indices = new Set(body.children.map(({ text }) => Number(text)));
  return everything(web).filter(({ index }) => indices.has(index));
}

function erase(call: Call): Result {
  for (const message of named(call)) remove(call.web.m, message);
  return DONE;
}

function setRead(call: Call): Result {
  const found = named(call);
  if (found.length === 0) return refused(CODES.smsMissing);
  if (found.every(({ unread }) => !unread)) return refused(CODES.smsDone);
  for (const message of found) if (message.box === 'inbox') markRead(message);
  return DONE;
}

function config({ web: { memory, m } }: Call): Result {
  return told(
    ['SaveMode', memory.saveMode],
    ['Validity', 10752],
    ['Sca', m.sim.centre],
    ['UseSReport', memory.reports],
    ['SendType', 1],
    ['pagesize', 20],
    ['maxphone', MOST_PHONES],
    ['smscharlang', 0],
  );
}

function setConfig({ web: { memory, m }, body }: Call): Result {
  const reports = numberIn(body, 'UseSReport', 0, 1);
  const saveMode = numberIn(body, 'SaveMode', 0, 1);
  const centre = textIn(body, 'Sca');
  if (reports === undefined || saveMode === undefined || !/^\+?\d{0,20}$/.test(centre)) return refused(CODES.parameter);
  Object.assign(memory, { reports, saveMode });
  m.sim.centre = centre;
  return DONE;
}

const PHONES = { name: 'Phones', of: ['Phone+'] };
const MESSAGE = ['Index', PHONES, 'Sca', 'Content', 'Length', 'Reserved', 'Date', 'SendType?'];
const GUARDED = ['GET', 'POST'] as const;

export const SMS_ENDPOINTS: Endpoints = {
  'sms/sms-count': { get: count },
  'sms/sms-list': {
    post: {
      shapes: [['PageIndex', 'ReadCount', 'BoxType', 'SortType', 'Ascending', 'UnreadPreferred']],
      act: list,
    },
    guards: GUARDED,
  },
  'sms/send-sms': { post: { shapes: [MESSAGE], act: send }, guards: GUARDED },
  'sms/save-sms': { post: { shapes: [MESSAGE], act: save }, guards: GUARDED },
  'sms/send-status': { get: sendStatus },
  'sms/cancel-send': {
    post: {
      shapes: [[]],
      act: ({ web }) => {
        web.sending.cancel();
        return DONE;
      },
    },
    guards: GUARDED,
  },
  'sms/delete-sms': { post: { shapes: [['Index+']], act: erase }, guards: GUARDED },
  'sms/set-read': { post: { shapes: [['Index+']], act: setRead }, guards: GUARDED },
  'sms/config': {
    get: config,
    post: { shapes: [['SaveMode', 'Validity', 'Sca', 'UseSReport', 'SendType', 'Priority?']], act: setConfig },
    guards: GUARDED,
  },
  'sms/splitinfo-sms': { get: () => told(['splitinfo', 1], ['convert_type', 2]) },
};
