/**
 * Time that the driver adds to a conversion, by stage: virtual sticks that take no time for anything themselves, on the
 * virtual clock. What is left are the driver's own waits; none of it depends on the machine.
 */

import type { ConvertOptions } from '../src/flash/convert';
import { DEFAULT_TIMING } from '../src/virtual/timing';
import { journey, makeFirmware, makeLoader } from '../test/flash/journey';
import type { BenchStick } from '../test/support/bench';
import type { Row } from './row';

const timing = Object.fromEntries(Object.keys(DEFAULT_TIMING).map((name) => [name, 0]));
const files = { loader: makeLoader({ size: 200_000 }), firmware: makeFirmware() };

interface Way {
  name: string;
  stick: BenchStick;
  bootPin?: boolean;
  options?: Partial<ConvertOptions>;
}

const WAYS: readonly Way[] = [
  { name: 'boot ROM to AT', stick: {}, bootPin: true },
  { name: 'AT^GODLOAD to AT', stick: { firmware: 'stick', setport: 'FF;10,12' }, options: { reflash: true } },
];

export async function bench(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name, stick, bootPin, options } of WAYS) {
    const run = journey(files, { ...stick, timing });
    await run.plug({ bootPin: bootPin ?? false });
    const began = run.clock.now();
    const report = await run.convert(options);
    if (report.error) throw report.error;
    rows.push({
      name: `${name}: the driver's own time`,
      value: run.clock.now() - began,
      unit: 'ms',
      aim: 'under 3000',
    });
    for (const { stage, ms } of report.stages) {
      if (ms === 0) continue;
      const aim = stage === 'loader' ? { aim: 'under 2000' } : {};
      rows.push({ name: `  of it, stage ${stage}`, value: ms, unit: 'ms', ...aim });
    }
  }
  return rows;
}
