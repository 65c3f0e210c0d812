/** SMS: sms-list and its newer kin, sms-count, send-status, config. */

import { known, knownOrNothing } from '../../values/shape';
import type { WebValues } from '../../values/web';
import { WEB_MESSAGE, WEB_SMS_SETTINGS, WEB_SPLIT, WEB_STORE, type WebMessage } from '../../values/web-sms';
import type { Fields } from '../fields';
import { endpoint } from './endpoint';

const STORE = WEB_STORE.members;
const SIM_STORE = STORE.sim.members;

/** Smstat; of a message in a box of received ones 0 and 1. */
const STATES = ['received', 'received', 'draft', 'sent', 'failed'] as const;

/** The notice of an MMS is a WAP push, whose first two bytes are printed as characters, or as they are. */
export const WAP_PUSH = /[\u00be\ufffd][\u00af\ufffd]/;

/** SmsType. */
const LONG = 2;
const DELIVERED = 7;
const NOT_DELIVERED = 8;

const isMms = (type: number | undefined, content: string) =>
  content.search(WAP_PUSH) === 0 || (type !== undefined && type >= 4 && type <= 6 && content === '');

function kindOf(type: number | undefined, content: string): WebMessage['kind'] {
  if (type === DELIVERED || type === NOT_DELIVERED) return 'report';
  if (isMms(type, content)) return 'mms';
  return type === 9 || type === 10 ? 'info' : 'text';
}

/** `2024-2-29 3:59:59`, and what firmware without a clock says, of 1970 or 2000. */
function timeOf(text: string | undefined): string | undefined {
  const parts = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{1,2}):(\d{1,2})$/.exec(text ?? '')?.slice(1);
  if (!parts) return undefined;
  const [year = '', month = '', day = '', ...clock] = parts.map((part) => part.padStart(2, '0'));
  const iso = `${year}-${month}-${day}T${clock.join(':')}`;
  const time = new Date(`${iso}Z`);
  return Number.isNaN(time.getTime()) || !time.toISOString().startsWith(iso) ? undefined : iso;
}

/** One message; undefined without an index, by which alone it can be marked and deleted. */
function messageOf(message: Fields): WebMessage | undefined {
  const id = message.whole('Index', WEB_MESSAGE.members.id);
  if (id === undefined) return undefined;
  const content = message.raw('Content') ?? '';
  const type = message.code('SmsType');
  const status = message.code('Smstat') ?? 1;
  const kind = kindOf(type, content);
  // The newer lists of a conversation mix what came with what was sent, and say which.
  const sent = message.code('curbox') === 1 || status >= 2;
  const state = STATES[status] ?? 'received';
  const phone = message.text('Phone');
  return known({
    id,
    from: sent ? undefined : phone,
    to: sent ? phone : undefined,
    text: kind === 'mms' || content === '' ? undefined : content,
    time: timeOf(message.text('Date')),
    read: status !== 0,
    state: sent && state === 'received' ? 'sent' : state,
    kind,
    delivered: kind === 'report' ? type === DELIVERED : undefined,
    long: type === LONG ? true : undefined,
  });
}

/** `Count` is that of the box, whatever is on this page. */
function readList(answer: Fields): WebValues {
  if (!answer.has('Messages') && !answer.has('Count')) return {};
  const messages = answer.list('Messages', 'Message').flatMap((message) => messageOf(message) ?? []);
  return known({ messages, total: answer.whole('Count', { range: [0, 65_535] }) });
}

function readCount(answer: Fields): WebValues {
  const inbox = answer.whole('LocalInbox', STORE.inbox);
  const sent = answer.whole('LocalOutbox', STORE.sent);
  const draft = answer.whole('LocalDraft', STORE.draft);
  const max = answer.whole('LocalMax', STORE.max);
  // The inbox holds the unread ones too.
  const used = inbox === undefined ? undefined : inbox + (sent ?? 0) + (draft ?? 0);
  return known({
    store: knownOrNothing({
      unread: answer.whole('LocalUnread', STORE.unread),
      inbox,
      sent,
      draft,
      max,
      used,
      full: max && used !== undefined ? used >= max : undefined,
      sim: knownOrNothing({
        max: answer.whole('SimMax', SIM_STORE.max),
        used: answer.whole('SimUsed', SIM_STORE.used),
        unread: answer.whole('SimUnread', SIM_STORE.unread),
        inbox: answer.whole('SimInbox', SIM_STORE.inbox),
        sent: answer.whole('SimOutbox', SIM_STORE.sent),
        draft: answer.whole('SimDraft', SIM_STORE.draft),
      }),
    }),
  });
}

const phones = (text: string | undefined): string[] =>
  (text ?? '')
    .split(/[,;]/)
    .map((phone) => phone.trim())
    .filter((phone) => phone !== '');

/** Finished says that nothing waits: what has become of it stands in the other two. */
function readSending(answer: Fields): WebValues {
  if (!answer.has('Phone') && !answer.has('SucPhone') && !answer.has('FailPhone')) return {};
  const waiting = phones(answer.text('Phone'));
  const [sent, failed] = [phones(answer.text('SucPhone')), phones(answer.text('FailPhone'))];
  return { sending: { finished: waiting.length === 0, waiting, sent, failed } };
}

function readSettings(answer: Fields): WebValues {
  const { validity, pageSize, recipients } = WEB_SMS_SETTINGS.members;
  return known({
    smsSettings: knownOrNothing({
      reports: answer.flag('UseSReport'),
      centre: answer.text('Sca'),
      validity: answer.whole('Validity', validity),
      pageSize: answer.whole('pagesize', pageSize),
      recipients: answer.whole('maxphone', recipients),
    }),
  });
}

export const SMS_LIST = endpoint('sms/sms-list', 'Messages of a box, a page of them', readList);
export const SMS_COUNT = endpoint('sms/sms-count', 'How many there are; the stick looks anew', readCount);
export const SEND_STATUS = endpoint('sms/send-status', 'What has become of the last message', readSending);
export const SMS_CONFIG = endpoint('sms/config', 'Settings', readSettings);
export const SMS_ENDPOINTS = [
  SMS_LIST,
  endpoint('sms/sms-list-contact', 'The newest message of each number', readList),
  endpoint('sms/sms-list-phone', 'Messages of one number', readList),
  SMS_COUNT,
  endpoint('sms/sms-count-contact', 'How many numbers there are', (answer) =>
    known({ total: answer.whole('count', { range: [0, 65_535] }) }),
  ),
  SEND_STATUS,
  SMS_CONFIG,
  endpoint('sms/splitinfo-sms', 'How many SMS a text needs', (answer) =>
    known({
      split: knownOrNothing({
        parts: answer.whole('splitinfo', WEB_SPLIT.members.parts),
        conversion: answer.whole('convert_type', WEB_SPLIT.members.conversion),
      }),
    }),
  ),
] as const;
