/** The boot ROM upload over a pty, against a plain stop-and-wait loop with ready-made packets on the same pty. */

import { BootRom, dataPacket, endPacket, headPacket } from '../src/flash/bootrom';
import { systemClock } from '../src/host/clock';
import { median, stopAndWait, time, withDevice } from './pty';
import type { Row } from './row';

const PAYLOAD = 1024;
/** A loader file has about 1.7 MB. */
const PACKETS = 1713;
const ROUNDS = 15;

export async function bench(): Promise<Row[]> {
  const data = Buffer.alloc(PACKETS * PAYLOAD, 0x5a);
  const packets = [
    headPacket(2, data.length, 0x30004000),
    ...Array.from({ length: PACKETS }, (_, i) => dataPacket(i + 1, data.subarray(i * PAYLOAD, (i + 1) * PAYLOAD))),
    endPacket(PACKETS + 1),
  ];
  const ours: number[] = [];
  const floor: number[] = [];
  await withDevice('bootrom', async (port) => {
    for (let round = 0; round < ROUNDS; round++) {
      floor.push(await time(() => stopAndWait(port, packets, 1)));
      const rom = new BootRom(port, { clock: systemClock, stick: 'bench' });
      ours.push(await time(() => rom.upload([{ mode: 2, address: 0x30004000, data }])));
    }
  });
  const value = (median(ours) * 1000) / packets.length;
  const plain = (median(floor) * 1000) / packets.length;
  return [
    {
      name: 'upload, time per 1024-byte packet',
      value,
      unit: 'us',
      floor: plain,
      ratio: value / plain,
      aim: 'at most 1.1 x',
    },
    { name: 'upload, a loader of 1.75 MB', value: median(ours), unit: 'ms', floor: median(floor) },
  ];
}
