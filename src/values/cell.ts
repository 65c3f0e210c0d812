/** The cell that serves the stick. */

import { always, group, number, sourced, type TypeOf, text } from './shape';
import { RSRP, RSRQ, RSSI } from './signal';

export const CELL = sourced(
  "Huawei's AT sources; 3GPP TS 36.101, 36.211, 36.331",
  group('Cell', {
    system: always(text('Radio system', '`LTE`, `WCDMA`, `GSM`; of the last two only the network is read')),
    mcc: text('Country code'),
    mnc: text('Network code'),
    earfcn: number('Channel number', [0, 262_143]),
    cellId: number('Cell', [0, 0x0fff_ffff], undefined, 'its identity in the network'),
    pci: number('Physical cell', [0, 503]),
    tac: number('Tracking area', [0, 0xfffe]),
    rsrp: RSRP,
    rsrq: RSRQ,
    rssi: RSSI,
  }),
);
export type Cell = TypeOf<typeof CELL>;
