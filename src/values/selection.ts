/** Which systems, bands and services the stick may use. */

import { always, choice, group, list, number, sourced, type TypeOf, text } from './shape';

const SOURCE = "Huawei's AT sources; ModemManager's recorded answers";

/** By Huawei's numbers. */
export const SELECTED_DOMAIN = choice('Service domain', ['CS', 'PS', 'CS+PS', 'any']);
export type Domain = TypeOf<typeof SELECTED_DOMAIN>;

const BANDS = always(list('Bands', text('Band'), "GSM and WCDMA: `['GSM900', 'W2100']`; `['any']`"));
const ROAM = number('Roaming', [0, 9], undefined, 'as the stick numbers it, see below');

export const SYSTEM_SELECTION = sourced(
  SOURCE,
  group('Selection of systems', {
    order: always(
      list('Order', text('System'), "by preference: `['LTE', 'WCDMA']`; `['auto']` leaves it to the stick"),
    ),
    bands: BANDS,
    lteBands: list('LTE bands', text('Band'), "`['B3', 'B20']`; `['any']`; not there where the stick knows none"),
    roam: ROAM,
    domain: SELECTED_DOMAIN,
  }),
);
export type SystemSelection = TypeOf<typeof SYSTEM_SELECTION>;

export const OLD_SELECTION = sourced(
  SOURCE,
  group('Selection of systems, without LTE', {
    mode: choice('Mode', ['auto', 'GSM', 'WCDMA', 'unchanged']),
    bands: BANDS,
    roam: ROAM,
    domain: SELECTED_DOMAIN,
  }),
);
export type OldSystemSelection = TypeOf<typeof OLD_SELECTION>;

const OFFER = group('Offer', {
  bands: always(list('Bands', text('Band'))),
  name: always(text('Name', "in the stick's words")),
});
export type BandOffer = TypeOf<typeof OFFER>;

const numbers = (label: string) => always(list(label, number('Number', [0, 9_999]), 'numbers that the stick takes'));

export const SYSTEM_OFFER = sourced(
  SOURCE,
  group('Offer of systems', {
    orders: always(list('Orders', list('Order', text('System')))),
    bands: always(list('GSM and WCDMA bands', OFFER, 'sets that the stick offers')),
    lteBands: always(list('LTE bands', OFFER, 'sets that the stick offers')),
    roam: numbers('Roaming'),
    domain: numbers('Service domain'),
  }),
);
export type SystemOffer = TypeOf<typeof SYSTEM_OFFER>;
