/** How hot the stick is. */

import { group, number, type Range, sourced, type TypeOf } from './shape';

const CELSIUS: Range = [-100, 200];

export const TEMPERATURE = sourced(
  "Huawei's AT sources; recorded answers",
  group('Temperature', {
    gsmPa: number('Power amplifier, GSM', CELSIUS, '°C'),
    wcdmaPa: number('Power amplifier, WCDMA', CELSIUS, '°C'),
    ltePa: number('Power amplifier, LTE', CELSIUS, '°C'),
    sim: number('SIM', CELSIUS, '°C'),
    battery: number('Battery', CELSIUS, '°C'),
  }),
);
export type Temperature = TypeOf<typeof TEMPERATURE>;

export const HOTTEST = number('Temperature', CELSIUS, '°C', 'the hottest power amplifier, else the SIM');

/** One figure for a chart. */
export function hottest({ gsmPa, wcdmaPa, ltePa, sim }: Temperature): number | undefined {
  const amplifiers = [gsmPa, wcdmaPa, ltePa].filter((value) => value !== undefined);
  return amplifiers.length > 0 ? Math.max(...amplifiers) : sim;
}
