/** The SIM card: its state with the tries that are left, its numbers, its kind, and the lock of the stick. */

import { always, choice, flag, group, list, number, sourced, type TypeOf, text } from './shape';

const SOURCE = "3GPP TS 27.007, 8.3; Huawei's AT sources";

/** 99 is no number of tries. */
const tries = (label: string, note?: string) => number(label, [0, 98], undefined, note);
const PIN_TRIES_LEFT = tries('Tries of the PIN');
const PUK_TRIES_LEFT = tries('Tries of the PUK');

const STATE = {
  state: always(text('State', "in the stick's words: `READY`, `SIM PIN`, `SIM PUK`, `SIM PIN2`, `PH-NET PIN` ...")),
  ready: always(flag('Ready')),
};

export const PIN_STATE = sourced(SOURCE, group('State of the SIM', STATE));
export type PinState = TypeOf<typeof PIN_STATE>;

export const PIN_TRIES = sourced(
  SOURCE,
  group('Tries of the SIM', {
    ...STATE,
    tries: tries('Tries', 'of the code that is asked for now'),
    pinTries: PIN_TRIES_LEFT,
    pukTries: PUK_TRIES_LEFT,
    pin2Tries: tries('Tries of PIN2'),
    puk2Tries: tries('Tries of PUK2'),
  }),
);
export type PinTries = TypeOf<typeof PIN_TRIES>;

/** The SIM as a gateway wants to know it. */
export const SIM = sourced(
  SOURCE,
  group('SIM', {
    state: always(text('State', 'as the stick says; `NOT INSERTED`, `BUSY`, `FAILURE`, `WRONG` for its errors')),
    pinTries: PIN_TRIES_LEFT,
    pukTries: PUK_TRIES_LEFT,
  }),
);
export type SimStatus = TypeOf<typeof SIM>;

export const ICCID = sourced('ITU-T E.118', text('ICCID', 'number of the card: 16 to 20 digits, begins with 89'));
export const IMSI = sourced('3GPP TS 23.003, 2.2', text('IMSI', 'number of the subscriber: 14 or 15 digits'));

export const OWN_NUMBER = group('Own number', {
  name: text('Name', 'as the stick writes it: hex with `+CSCS="UCS2"`'),
  number: always(text('Number')),
  type: always(number('Type', [0, 255], undefined, '145 international, 129 unknown, 161 national')),
});
export type OwnNumber = TypeOf<typeof OWN_NUMBER>;

export const OWN_NUMBERS = sourced(
  '3GPP TS 27.007, 7.1; recorded answers',
  list('Own numbers', OWN_NUMBER, 'as the SIM has them, which need not be right; places without a number are left out'),
);

export const CARD = sourced(
  "Huawei's AT sources",
  group('Kind of card', { card: always(choice('Card', ['SIM', 'USIM'])) }),
);
export type Card = TypeOf<typeof CARD>;

export const CARD_LOCK = sourced(
  'recorded answers',
  group('Lock of the stick', {
    lock: always(
      choice(
        'Lock',
        ['open', 'free', 'blocked'],
        '`open`: bound to an operator, a code would free it; `free`: bound to none; `blocked`: no tries are left',
      ),
    ),
    tries: tries('Tries'),
    operator: number('Operator', [1, 999_999], undefined, 'number of the network'),
  }),
);
export type CardLock = TypeOf<typeof CARD_LOCK>;
