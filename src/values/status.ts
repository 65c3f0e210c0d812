/** What a gateway wants to know of its stick, whatever source tells it. */

import { DATA } from './data';
import { STICK } from './identity';
import { NETWORK } from './network';
import { group, number, type TypeOf } from './shape';
import { SIGNAL } from './signal';
import { SIM } from './sim';
import { HOTTEST } from './temperature';

/** Plain data. What the stick does not know, or its firmware cannot tell, is not there. */
export const STATUS = group(
  'Status',
  {
    signal: group('Signal', { ...SIGNAL.members, bars: number('Bars', [0, 5]) }),
    network: NETWORK,
    sim: SIM,
    data: DATA,
    temperature: HOTTEST,
    identity: STICK,
  },
  'what is known of a stick, in the parts that are asked for',
);
export type Status = TypeOf<typeof STATUS>;
export type StatusPart = keyof Status;
export const STATUS_PARTS: readonly StatusPart[] = ['signal', 'network', 'sim', 'data', 'temperature', 'identity'];
