/**
 * Runs one write job for each tty, all at once, as Node-RED would in its one process. Arguments: firmware file, ttys. Sends
 * a {@link JobsResult}.
 */

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { write } from '../src/flash/upload-and-write';
import { createTtyHost } from '../src/host/tty-host';

export interface JobsResult {
  ms: number;
  /** CPU of this process, milliseconds. */
  cpu: number;
  /** Longest time that the loop stood still, milliseconds. */
  stall: number;
}

/** Milliseconds between two looks at the loop. */
const RESOLUTION = 1;

async function main(firmware: string, ttys: string[]): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  const cpu = process.cpuUsage();
  const began = performance.now();
  delay.enable();
  const reports = await Promise.all(
    ttys.map((which) => {
      // The sticks are virtual ones, which take made-up files.
      const host = { ...createTtyHost(which), real: false };
      return write(host, { which, firmware, keep: true, confirm: () => true });
    }),
  );
  delay.disable();
  const ms = performance.now() - began;
  for (const { error } of reports) if (error) throw error;
  const { user, system } = process.cpuUsage(cpu);
  process.send?.({ ms, cpu: (user + system) / 1000, stall: delay.max / 1e6 - RESOLUTION } satisfies JobsResult);
}

const [firmware, ...ttys] = process.argv.slice(2);
if (firmware === undefined) throw new Error('A firmware file and ttys are needed.');
main(firmware, ttys).then(
  () => process.disconnect(),
  (error: unknown) => {
    process.stderr.write(`${error}\n`);
    process.exit(1);
  },
);
