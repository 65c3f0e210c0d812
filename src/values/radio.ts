/** Whether the stick may send. */

import { always, flag, group, number, sourced, type TypeOf } from './shape';

export const RADIO = sourced(
  '3GPP TS 27.007, 8.2',
  group('Radio', {
    fun: always(number('Function', [0, 255], undefined, 'its number')),
    radio: always(flag('Radio on')),
  }),
);
export type Radio = TypeOf<typeof RADIO>;

export const RADIO_SWITCHES = sourced(
  "Huawei's AT sources",
  group('Radio switches', {
    software: always(flag('Allowed by software')),
    hardware: always(flag('Allowed by the switch of the case')),
  }),
);
export type RadioSwitches = TypeOf<typeof RADIO_SWITCHES>;
