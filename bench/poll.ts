/**
 * CPU of polling many sticks: 64 virtual ones in this process, each asked for its signal once a second through its own AT
 * session. Beside it the same question written plainly to the same virtual sticks: what the sticks themselves cost.
 */

import { type AtHandle, openAt } from '../src/device/at/open-at';
import { systemClock } from '../src/host/clock';
import type { TtyPort } from '../src/host/host';
import { VirtualHost } from '../src/virtual/host';
import { VirtualStick } from '../src/virtual/stick';
import type { Row } from './row';

const STICKS = 64;
const SECONDS = 8;
const COMMAND = 'AT^HCSQ?';

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** CPU of this process in percent of one core, while each of `ask` is called once a second, spread over it. */
async function percent(ask: readonly (() => Promise<unknown>)[]): Promise<number> {
  const before = process.cpuUsage();
  const began = performance.now();
  for (let second = 0; second < SECONDS; second++) {
    await Promise.all(
      ask.map(async (one, i) => {
        await sleep((i * 1000) / ask.length);
        await one();
      }),
    );
    await sleep(began + (second + 1) * 1000 - performance.now());
  }
  const { user, system } = process.cpuUsage(before);
  // Microseconds of CPU per millisecond, as percent.
  return (user + system) / 10 / (performance.now() - began);
}

const ready = (handle: AtHandle): Promise<void> =>
  new Promise((resolve) => {
    const look = () => {
      if (handle.state.state === 'ready') resolve();
    };
    handle.onState(look);
    look();
  });

export async function bench(): Promise<Row[]> {
  const timing = { urcEvery: 0, plug: 10, firstTty: 5, nextTty: 5 };
  const sticks = Array.from({ length: STICKS }, (_, i) => {
    const portPath = `1-${i + 1}`;
    return new VirtualStick({
      name: `virtual-${i + 1}`,
      clock: systemClock,
      portPath,
      firmware: 'stick',
      setport: 'FF;10,12',
      seed: i + 1,
      timing,
    });
  });
  const host = new VirtualHost({ sticks, clock: systemClock });
  for (const stick of sticks) stick.plug();
  const handles = sticks.map((stick) => openAt(host, stick.portPath));
  await Promise.all(handles.map(ready));
  const engine = await percent(handles.map((handle) => () => handle.run(COMMAND)));
  await Promise.all(handles.map((handle) => handle.release()));

  const ports = await Promise.all(sticks.map((stick) => host.openTty(stick.ttys[1]?.path ?? '')));
  const plain = await percent(ports.map((port) => () => ask(port)));
  // The timers of the measurement.
  const nothing = await percent(ports.map(() => () => sleep(5)));
  await Promise.all(ports.map((port) => port.close()));
  for (const stick of sticks) stick.unplug();
  return [
    {
      name: `polling ${STICKS} sticks, sessions`,
      value: engine - nothing,
      unit: '% of a core',
      floor: plain - nothing,
    },
    { name: 'the AT sessions in it', value: engine - plain, unit: '% of a core', aim: 'at most 5' },
  ];
}

/** Write, and wait for an OK. */
function ask(port: TtyPort): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    port.receive((chunk) => {
      text += Buffer.from(chunk).toString('latin1');
      if (text.endsWith('\r\nOK\r\n')) resolve();
    }, reject);
    port.write(Buffer.from(`${COMMAND}\r`)).catch(reject);
  });
}
