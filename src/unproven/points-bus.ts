/** The bus: facts/usb.md 7, and the subclass of facts/at.md 7. */

import type { UsbDevice } from '../host/host';
import type { Facts } from './facts';
import { type Point, verdict } from './point';

const SETTLE = 'A trace with the stick in this mode; a list of the sticks is enough.';

/** Class, subclass and protocol of each interface. */
const triples = ({ interfaces }: UsbDevice): string =>
  interfaces.map((one) => `${hex(one.class)}/${hex(one.subclass)}/${hex(one.protocol)}`).join(' ');

const hex = (value: number): string => value.toString(16).padStart(2, '0');

const shown = ({ devices }: Facts, productId: number): UsbDevice[] =>
  [...devices.values()].filter((device) => device.productId === productId);

/** A mode that nobody has published a dump of: `assumed` in the form of {@link triples}, each that would be right. */
const dump = (id: string, name: string, productId: number, ...right: string[]): Point => ({
  id,
  subject: `Descriptors of an E3272 as 12d1:${hex(productId >> 8)}${hex(productId & 255)} (${name})`,
  assumed: `Interfaces ${right.join(', or ')}, as its cousins have.`,
  settle: SETTLE,
  // Storage and boot modes name no model.
  models: /^/,
  look: (facts) => {
    const [first] = shown(facts, productId);
    return verdict(first && right.includes(triples(first)));
  },
});

export const BUS_POINTS: readonly Point[] = [
  dump('usb-1', 'CD-ROM of HiLink firmware', 0x1f01, '08/06/50'),
  dump('usb-2', 'HiLink', 0x14db, '02/06/00 0a/06/00', 'e0/01/03 0a/00/00'),
  dump('usb-3', 'CD-ROM of stick firmware', 0x15ca, '08/06/50'),
  dump('usb-4', 'loader', 0x1c05, 'ff/ff/ff ff/ff/ff ff/ff/ff'),
  {
    id: 'usb-5',
    subject: 'The gateway message on a stick with V7R1',
    assumed: 'It leads to 12d1:155e, as on V7R11.',
    settle: 'Send it to a stick in CD-ROM mode that may be pulled out.',
  },
  {
    id: 'usb-6',
    subject: 'Subclass of the serial interfaces in 12d1:1506',
    assumed: '03, as the E3372s has it; 01 and 02 are taken all the same.',
    settle: SETTLE,
    look: (facts) => {
      const serial = shown(facts, 0x1506).flatMap(({ interfaces }) => interfaces.filter((one) => one.class === 0xff));
      return verdict(serial.length === 0 ? undefined : serial.every(({ subclass }) => subclass === 3));
    },
  },
];
