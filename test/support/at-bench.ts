/** What tests of AT sessions share: a stick with AT ports, waiting for states, and a stick that goes deaf. */

import type { AtEvent, AtHandle, AtState } from '../../src/device/at/open-at';
import type { StickOptions } from '../../src/virtual/options';
import { type Bench, virtualBench } from './bench';

/** A stick with AT ports at once: PCUI is interface 1, the modem port interface 0. */
export const MODEM = { firmware: 'stick', setport: 'FF;10,12', timing: { urcEvery: 0 } } as const;

export interface SessionBench extends Bench {
  /** Command lines that the stick has finished, without blanks at the end. */
  readonly commands: string[];
  /** Lets virtual time pass. */
  pass(ms: number): Promise<void>;
}

export function sessionBench(options: Omit<Partial<StickOptions>, 'clock'> = {}): SessionBench {
  const bench = virtualBench({ ...MODEM, ...options });
  const commands: string[] = [];
  bench.stick.onEvent((event) => {
    if (event.what === 'at') commands.push(event.command.trimEnd());
  });
  const pass = (ms: number) => bench.run(new Promise<void>((resolve) => void bench.clock.after(ms, resolve)));
  return { ...bench, commands, pass };
}

/** Resolves when the session is in `state`. */
export const until = (handle: AtHandle, state: AtState['state']): Promise<AtState> =>
  new Promise((resolve) => {
    if (handle.state.state === state) return resolve(handle.state);
    const off = handle.onState((now) => {
      if (now.state !== state) return;
      off();
      resolve(now);
    });
  });

/** Events of the session from now on. */
export function eventsOf(handle: AtHandle): AtEvent[] {
  const events: AtEvent[] = [];
  handle.onEvent((event) => events.push(event));
  return events;
}

/** `recovering reset`, `recovered reset`, `resting` ... */
export const briefly = (events: readonly AtEvent[]): string[] =>
  events.map(({ event, step }) => (step ? `${event} ${step}` : event));

/**
 * From now on the stick's ports swallow what is written to them, unless `hears` lets a line through; URCs go on. It hears
 * again after its next enumeration when `heals` says so. Returns how to make it hear again.
 */
export function deafen({ host, stick }: Bench, hears: (line: string) => boolean, heals: () => boolean): () => void {
  let deaf = true;
  const address = stick.device?.address;
  stick.onChange(() => {
    const { device } = stick;
    if (device && device.address !== address && heals()) deaf = false;
  });
  const open = host.openTty.bind(host);
  // Ports that are open already belong to a stick that has gone deaf too.
  const receive = stick.ttys.map((tty) => ({ tty, write: tty.write.bind(tty) }));
  for (const { tty, write } of receive) {
    tty.write = (data) => {
      if (!deaf || hears(Buffer.from(data).toString('latin1').trimEnd())) write(data);
    };
  }
  host.openTty = async (path) => {
    const port = await open(path);
    const write = port.write.bind(port);
    port.write = (data) =>
      port.isOpen && deaf && !hears(Buffer.from(data).toString('latin1').trimEnd()) ? Promise.resolve() : write(data);
    return port;
  };
  return () => {
    deaf = false;
  };
}
