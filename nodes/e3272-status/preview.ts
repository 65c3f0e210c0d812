/** What the node would send: an example message of the chosen parts, with names and units out of the driver's own shapes. */

import type { Member } from '../../src/values/shape';
import { STATUS as SHAPE, STATUS_PARTS, type Status } from '../../src/values/status';
import type { SavedStatus } from './saved';

/** One of each; the numbers of people and sticks are the examples of the standards. */
export const EXAMPLE: Required<Status> = {
  signal: { system: 'LTE', rssi: -71, rsrp: -97, rsrq: -9, sinr: 12, bars: 3 },
  network: {
    operator: 'Example',
    registration: 'home',
    registered: true,
    roaming: false,
    service: 'valid',
    system: 'LTE',
    submode: 'LTE',
    lac: 8_046,
    ci: 27_439_873,
  },
  sim: { state: 'READY', pinTries: 3, pukTries: 10 },
  data: {
    connection: 'up',
    seconds: 3_600,
    txBytes: 120_400,
    rxBytes: 4_816_000,
    totalSeconds: 86_400,
    totalTxBytes: 2_889_600,
    totalRxBytes: 115_584_000,
  },
  temperature: 38,
  identity: {
    manufacturer: 'huawei',
    model: 'E3272',
    revision: '21.436.11.00.372',
    hardware: 'CH1E3272SM',
    imei: '490154203237518',
    imsi: '001010123456789',
    iccid: '8949000000000000001',
  },
};

/** What of the identity points to a person. */
const PERSONAL: readonly string[] = ['imei', 'imsi', 'iccid'];

export type Chosen = Pick<SavedStatus, (typeof STATUS_PARTS)[number] | 'personal'>;

/** One line of a message as it is shown: with what it means behind it. */
export interface Line {
  text: string;
  note: string;
}

/** `msg.payload`, as JavaScript has it. */
export function previewOf(chosen: Chosen): Line[] {
  const parts = STATUS_PARTS.filter((part) => chosen[part]);
  const lines = parts.flatMap((part) =>
    linesOf(part, EXAMPLE[part], SHAPE.members[part], chosen.personal === true, '  '),
  );
  return lines.length === 0 ? [{ text: '{}', note: '' }] : [{ text: '{', note: '' }, ...lines, { text: '}', note: '' }];
}

function linesOf(name: string, value: unknown, member: Member | undefined, personal: boolean, indent: string): Line[] {
  if (typeof value !== 'object' || value === null) {
    const unit = member?.unit === undefined ? '' : `${member.unit}, `;
    return [{ text: `${indent}${name}: ${JSON.stringify(value)},`, note: `${unit}${member?.label ?? ''}` }];
  }
  const told = Object.entries(value).filter(([key]) => personal || !PERSONAL.includes(key));
  return [
    { text: `${indent}${name}: {`, note: '' },
    ...told.flatMap(([key, inner]) => linesOf(key, inner, member?.members?.[key], personal, `${indent}  `)),
    { text: `${indent}},`, note: '' },
  ];
}
