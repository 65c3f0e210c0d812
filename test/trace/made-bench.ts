/** A virtual stick with private data planted, its host tapped, and what is done with it: traces as the fifty of made.ts are made. */

import type { AtHandle } from '../../src/device/at/open-at';
import { openAt } from '../../src/device/at/open-at';
import type { Host } from '../../src/host/host';
import { switchStick } from '../../src/modeswitch/switch';
import { findStick } from '../../src/stick/stick';
import { Recorder } from '../../src/trace/recorder';
import { tapHost } from '../../src/trace/tap';
import { makeIdentity } from '../../src/virtual/identity';
import { carryOut } from '../../src/virtual/orders';
import { type Bench, type BenchStick, virtualBench } from '../support/bench';
import type { Planted } from './search';

const SEED = 7331;
/** What the SIM tells by itself is zeros, which are in everything. */
const OWN = '+491725550199';

export interface MadeBench extends Bench {
  /** The one that is tapped; {@link Bench.host} is not. */
  tapped: Host;
  pass(ms: number): Promise<void>;
  order(order: object): void;
  /** Sends commands as a user does; a refusal is an answer as well. */
  at(...commands: string[]): Promise<void>;
  /** To HiLink mode, through the tap. */
  toHilink(): Promise<void>;
  /** Remembers what must not be found. */
  plant(what: string, value: string): string;
}

export interface Made {
  file: string;
  planted: Planted[];
}

/** `sink` of a file in memory: the last one, with those before it in front. */
export function memorySink() {
  const files: string[] = [];
  return {
    files,
    begin: () => void files.push(''),
    append: (text: string) => {
      files.push((files.pop() ?? '') + text);
    },
    text: () => files.join(''),
  };
}

export async function makeTrace(options: BenchStick, work: (bench: MadeBench) => Promise<void>): Promise<Made> {
  const bench = virtualBench({
    firmware: 'stick',
    setport: 'FF;10,12',
    seed: SEED,
    losesFirstAt: false,
    ...options,
    sim: { number: OWN, ...options.sim },
  });
  const sink = memorySink();
  const recorder = new Recorder({ clock: bench.clock, sink });
  const tapped = tapHost(bench.host, recorder);
  const planted: Planted[] = [];
  const plant = (what: string, value: string) => {
    planted.push({ what, value });
    return value;
  };
  const { imei, imsi, iccid, serial } = makeIdentity(SEED);
  for (const [what, value] of Object.entries({ imei, imsi: imsi.slice(5), iccid: iccid.slice(4), serial }))
    plant(what, value);
  plant('own number', OWN);
  const pass = (ms: number) => bench.run(new Promise<void>((resolve) => void bench.clock.after(ms, resolve)));
  let handle: AtHandle | undefined;
  await work({
    ...bench,
    tapped,
    pass,
    plant,
    order: (order) => carryOut(bench.stick, { ...order }),
    async at(...commands) {
      handle ??= openAt(tapped, '1-1');
      for (const command of commands) {
        await bench.run(handle.run(command, { force: true }).catch(() => undefined));
      }
    },
    async toHilink() {
      await bench.run(switchStick(tapped, await findStick(tapped, '1-1')));
      await pass(60_000);
    },
  });
  if (handle) await bench.run(handle.release());
  bench.stick.unplug();
  recorder.end();
  return { file: sink.text(), planted };
}
