/** What the stick says of its SMS store unasked. */

import { always, group, number, sourced, type TypeOf, text } from './shape';

const STORE = always(text('Store', '`SM` the SIM, `ME` the stick'));

export const SMS_NEWS = sourced(
  '3GPP TS 27.005, 3.4.1',
  group('Message in the store', {
    store: STORE,
    index: number('Index', [0, 65_535], undefined, 'not there where the stick says -1: the store must be listed then'),
  }),
);
export type SmsNews = TypeOf<typeof SMS_NEWS>;

export const STORE_FULL = sourced(
  "Huawei's AT sources",
  group('Store full', { store: STORE }, 'no SMS comes in until something is deleted from it'),
);
export type StoreFull = TypeOf<typeof STORE_FULL>;
