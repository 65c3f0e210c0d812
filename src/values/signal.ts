/** How strong and how good the signal is. A value is the lower end of the step that a stick reports. */

import { group, number, sourced, type TypeOf, text } from './shape';

export const RSSI = number('RSSI', [-130, 0], 'dBm', 'received power of the whole channel');
export const RSRP = number('RSRP', [-156, -20], 'dBm', 'LTE: power of the reference signal');
export const RSRQ = number('RSRQ', [-43, 20], 'dB', 'LTE: quality of the reference signal');

export const SIGNAL = sourced(
  "Huawei's AT sources; 3GPP TS 27.007, 8.5 and 8.69",
  group('Signal', {
    system: text('Radio system', "in the stick's words: `LTE`, `WCDMA`, `GSM`, `NOSERVICE`; not every answer tells it"),
    rssi: RSSI,
    rsrp: RSRP,
    rsrq: RSRQ,
    sinr: number('SINR', [-23, 40], 'dB', 'LTE: signal to noise and interference'),
    rscp: number('RSCP', [-125, -15], 'dBm', 'WCDMA: power of the pilot channel'),
    ecio: number('Ec/Io', [-35, 0], 'dB', 'WCDMA: pilot against everything received'),
    ber: number('Bit errors', [0, 7], undefined, 'as RXQUAL, 0 is best'),
  }),
);
export type Signal = TypeOf<typeof SIGNAL>;

/** From here on 1, 2, 3, 4 and 5 bars, dBm. Nobody's standard: what phones show, within a few dB. */
const BARS = {
  rsrp: [-120, -112, -104, -96, -88],
  rscp: [-114, -106, -98, -90, -82],
  rssi: [-109, -101, -93, -85, -77],
} as const;

/** 0 to 5 bars by the best figure there is; undefined where none is known. */
export function barsOf(signal: Signal): number | undefined {
  if (signal.system === 'NOSERVICE') return 0;
  for (const key of ['rsrp', 'rscp', 'rssi'] as const) {
    const value = signal[key];
    if (value !== undefined) return BARS[key].filter((limit) => value >= limit).length;
  }
  return undefined;
}
