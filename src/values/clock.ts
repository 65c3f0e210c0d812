/** A time that the stick tells. */

import { always, group, number, sourced, type TypeOf, text } from './shape';

export const TIME = sourced(
  '3GPP TS 27.007, 8.15; recorded answers',
  group('Time', {
    iso: always(text('Time', 'ISO 8601: `2015-12-22T14:39:55+00:15`; without an offset where the stick names none')),
    offset: number('Offset from UTC', [-840, 840], 'min', 'daylight saving is in it'),
    dst: number('Daylight saving', [0, 2], 'h', 'how much of the offset it is'),
  }),
);
export type Time = TypeOf<typeof TIME>;
