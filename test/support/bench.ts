import type { Mode } from '../../src/stick/modes';
import { findStick, type Stick } from '../../src/stick/stick';
import { waitForStick } from '../../src/stick/watch';
import { VirtualClock } from '../../src/virtual/clock';
import { VirtualHost } from '../../src/virtual/host';
import type { StickOptions } from '../../src/virtual/options';
import { VirtualStick } from '../../src/virtual/stick';

/** One virtual stick behind a host, on a virtual clock. */
export interface Bench {
  clock: VirtualClock;
  stick: VirtualStick;
  /** More sticks on the same bus. */
  others: VirtualStick[];
  host: VirtualHost;
  /** Plugs it in and waits until it is on the bus with all its ttys. */
  plug(options?: { bootPin?: boolean }): Promise<Stick>;
  /** Lets time pass until `work` has settled. */
  run<T>(work: Promise<T>): Promise<T>;
}

/**
 * `through` sees what is written to each port that is opened from now on, and says what reaches the stick instead; undefined:
 * nothing.
 */
export function onWrites(host: VirtualHost, through: (data: Uint8Array, path: string) => Uint8Array | undefined): void {
  const open = host.openTty.bind(host);
  host.openTty = async (path) => {
    const port = await open(path);
    const write = port.write.bind(port);
    port.write = (data) => {
      const passed = through(data, path);
      return passed ? write(passed) : Promise.resolve();
    };
    return port;
  };
}

/** What a bench makes of a stick. */
export type BenchStick = Omit<Partial<StickOptions>, 'clock'>;

export function virtualBench(options: BenchStick = {}, more: readonly BenchStick[] = []): Bench {
  const clock = new VirtualClock();
  const stick = new VirtualStick({ clock, ...options });
  const others = more.map((o, i) => new VirtualStick({ clock, name: `virtual-${i + 2}`, seed: i + 2, ...o }));
  const host = new VirtualHost({ sticks: [stick, ...others], clock });
  return {
    clock,
    stick,
    others,
    host,
    async plug(how) {
      stick.plug(how);
      const modes: Mode[] = ['storage', 'tty', 'boot', 'hilink', 'fastboot'];
      await clock.run(
        waitForStick(host, stick.portPath, (s) => s !== undefined && modes.includes(s.mode) && s.withoutTty === 0, {
          timeoutMs: 60_000,
        }),
      );
      return findStick(host, stick.portPath);
    },
    run: (work) => clock.run(work),
  };
}
