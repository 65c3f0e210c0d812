/** SMS as the store of a stick in HiLink mode shows them. It puts long ones together itself. */

import { always, choice, flag, group, list, number, type TypeOf, text } from './shape';

const COUNT = [0, 65_535] as const;

export const WEB_MESSAGE = group('Message', {
  id: always(number('Index', [0, 0xffff_ffff], undefined, 'its place in the store, given anew when it is free')),
  from: text('Sender', 'number or name; not there where the stick knows none'),
  to: text('Recipient', 'of what was or will be sent'),
  text: text('Text'),
  time: text('Time', "local time without a zone: the service centre's of what came, `2024-02-29T23:59:59`"),
  read: always(flag('Read')),
  state: always(choice('State', ['received', 'draft', 'sent', 'failed'])),
  kind: always(
    choice(
      'Kind',
      ['text', 'mms', 'report', 'info'],
      '`mms`: notice of one, no text; `report`: of what became of an SMS',
    ),
  ),
  delivered: flag('Delivered', 'what a report says'),
  long: flag('Long', 'of several SMS, which the stick has put together'),
  arriving: flag('Arriving', 'a long one, of which parts may be missing: it shows up with what has come'),
});
export type WebMessage = TypeOf<typeof WEB_MESSAGE>;

const SIM_STORE = group('Store of the SIM', {
  max: number('Room', COUNT),
  used: number('Used', COUNT),
  unread: number('Unread', COUNT),
  inbox: number('Received', COUNT),
  sent: number('Sent', COUNT),
  draft: number('Drafts', COUNT),
});

export const WEB_STORE = group('Store', {
  unread: number('Unread', COUNT),
  inbox: number('Received', COUNT, undefined, 'unread ones included'),
  sent: number('Sent', COUNT),
  draft: number('Drafts', COUNT),
  max: number('Room', COUNT),
  used: number('Used', COUNT),
  full: flag('Full', 'no SMS comes in until something is deleted'),
  sim: SIM_STORE,
});
export type WebStore = TypeOf<typeof WEB_STORE>;

const numbers = (label: string) => always(list(label, text('Number')));

export const WEB_SENDING = group('Sending', {
  finished: always(flag('Finished')),
  waiting: numbers('Waiting'),
  sent: numbers('Sent'),
  failed: numbers('Failed'),
});
export type WebSending = TypeOf<typeof WEB_SENDING>;

export const WEB_SPLIT = group('Split', {
  parts: number('SMS', COUNT, undefined, 'that the text needs'),
  conversion: number('Conversion', [0, 9], undefined, 'as the stick numbers it'),
});

export const WEB_SMS_SETTINGS = group('SMS settings', {
  reports: flag('Reports', 'of what became of an SMS are asked for'),
  centre: text('Service centre'),
  validity: number('Validity', COUNT, undefined, 'as the stick numbers it'),
  pageSize: number('Messages of a page', COUNT),
  recipients: number('Recipients of a message', COUNT, undefined, 'at most'),
});
