/** The network as a gateway wants to know it, from whatever source tells it best. */

import { CI, LAC, REGISTRATION_STATUS } from './registration';
import { SERVICE } from './service';
import { flag, group, sourced, type TypeOf, text } from './shape';

export const NETWORK = sourced(
  '3GPP TS 27.007; of LTE alone only the packet domain of LTE counts',
  group('Network', {
    operator: text('Operator', 'name of the network, or its number where the stick is set to that'),
    registration: REGISTRATION_STATUS,
    registered: flag('Registered'),
    roaming: flag('Roaming'),
    service: SERVICE,
    system: text('Radio system', "`LTE`, `WCDMA`, `GSM`, in the stick's own words"),
    submode: text('Submode', "what of it, in the stick's own words"),
    lac: LAC,
    ci: CI,
  }),
);
export type NetworkStatus = TypeOf<typeof NETWORK>;
