/** The operator's network that the stick is in, and those it has found. */

import { always, choice, group, list, number, sourced, type TypeOf, text } from './shape';

const SOURCE = '3GPP TS 27.007, 7.3';

const PLMN = text('Network number', 'country and network code, 5 or 6 digits');
const ACT = text('Access technology', '`GSM`, `WCDMA`, `EDGE`, `HSDPA`, `HSUPA`, `HSPA`, `LTE`');

/** By the numbers of 3GPP. */
export const OPERATOR_MODE = choice('Choice of network', [
  'automatic',
  'manual',
  'deregistered',
  'format only',
  'manual, then automatic',
]);

export const OPERATOR = sourced(
  SOURCE,
  group('Operator', {
    mode: OPERATOR_MODE,
    operator: text('Operator', 'name of the network, long or short as the stick is set'),
    plmn: { ...PLMN, note: 'instead of the name: country and network code, 5 or 6 digits' },
    act: ACT,
  }),
);
export type Operator = TypeOf<typeof OPERATOR>;

/** By the numbers of 3GPP. */
export const NETWORK_STATUS = choice('Status', ['unknown', 'available', 'current', 'forbidden']);

const FOUND = group('Network', {
  status: always(NETWORK_STATUS),
  name: text('Name'),
  short: text('Short name'),
  plmn: PLMN,
  act: ACT,
});
export type FoundNetwork = TypeOf<typeof FOUND>;

export const NETWORK_SEARCH = sourced(
  SOURCE,
  group('Network search', {
    networks: always(list('Networks', FOUND)),
    modes: always(list('Modes', number('Mode', [0, 9_999]), 'what a setting takes')),
    formats: always(list('Formats', number('Format', [0, 9_999]), 'what a setting takes')),
  }),
);
export type NetworkSearch = TypeOf<typeof NETWORK_SEARCH>;
