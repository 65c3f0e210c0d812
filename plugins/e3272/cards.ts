/** A stick as its card in the sidebar shows it. */

import { type StatusKey, statusOf } from '../../nodes/shared/words';
import type { Reading, SignalPoint } from '../../src/device/readings';
import { missingAt } from '../../src/flash/journal';
import { heldFor, workedOn } from '../../src/stick/hold';
import { idText, type Stick } from '../../src/stick/stick';
import { SIGNAL } from '../../src/values/signal';
import type { Card, Failure, JobShown, ModemShown, Order, Point, Station } from './shapes';
import type { Watched } from './watched';

/** Points of a chart: an hour, a pixel or two for each. */
const MOST_POINTS = 180;

export function cardOf(watched: Watched, job: JobShown | undefined, error: Failure | undefined): Card {
  const { path, virtual, stick, state, used, host } = watched;
  const waits = job?.wait !== undefined && !job.ended;
  const word = statusOf(state);
  // Nobody has to look for one that is in no socket.
  const own = virtual && word === 'absent' ? 'unplugged' : word;
  const status: StatusKey = waits ? 'waiting' : own;
  const holder = workedOn(host, path);
  const modem = used ? modemOf(watched) : undefined;
  // A job that is under way completes it, or says so.
  const unfinished = job && !job.ended ? undefined : missingAt(host, path);
  return {
    stick: path,
    virtual,
    product: stick?.product ?? '',
    ...(stick && { id: idText(stick) }),
    station: stationOf(stick, job),
    status,
    ...(holder !== undefined && { holder }),
    ...(error && { error }),
    ...(unfinished && { unfinished }),
    used,
    ...(modem && { modem }),
    ...(job && { job }),
    orders: ordersOf(watched, job),
  };
}

const STATIONS: Readonly<Record<Stick['mode'], Station>> = {
  storage: 'storage',
  hilink: 'hilink',
  boot: 'boot',
  loader: 'loader',
  tty: 'at',
  fastboot: 'other',
  unknown: 'other',
};

/** Stages in which a job talks to the loader: on the bus it looks like a modem then. */
const IN_LOADER: readonly (string | undefined)[] = ['loader', 'identify', 'write', 'reset'];

function stationOf(stick: Stick | undefined, job: JobShown | undefined): Station {
  if (!stick) return 'unplugged';
  const { mode } = stick;
  return mode === 'tty' && job && !job.ended && IN_LOADER.includes(job.stage) ? 'loader' : STATIONS[mode];
}

/** What can be asked of a stick now. */
export function ordersOf(watched: Watched, job: JobShown | undefined): Order[] {
  const { stick, virtual, state, host, path } = watched;
  const running = job !== undefined && !job.ended;
  const free = !running && workedOn(host, path) === undefined;
  const hands: Order[] = stick ? ['unplug', 'insert-sim', 'remove-sim', 'sms'] : ['plug', 'boot-pin'];
  const port: Order[] = state.state === 'released' ? ['take'] : heldFor(host, path) === undefined ? [] : ['release'];
  return [
    ...(running ? (['cancel'] as const) : []),
    ...(free ? lookOf(watched) : []),
    ...(free && stick?.mode === 'storage' ? (['switch'] as const) : []),
    ...(free && stick?.mode === 'tty' ? (['restart'] as const) : []),
    ...(free && stick?.mode === 'tty' ? port : []),
    ...(virtual ? hands : []),
  ];
}

/** What nobody uses can be opened for those who look. */
function lookOf({ looked, used, stick, state }: Watched): Order[] {
  if (looked) return ['unlook'];
  const can = (stick?.mode === 'tty' || stick?.mode === 'hilink') && state.state === 'mode' && !used;
  return can ? ['look'] : [];
}

function modemOf({ device, host }: Watched): ModemShown | undefined {
  const { readings } = device;
  const latest = readings?.latest;
  if (!readings || latest?.at === undefined) return undefined;
  const now = host.clock.now();
  const { signal, operator, pinTries, pukTries, messages, at } = latest;
  const chart = chartOf(readings.signals, now);
  return {
    ...(signal?.bars !== undefined && { bars: signal.bars }),
    ...(operator !== undefined && { operator }),
    ...(pinTries !== undefined && { pinTries }),
    ...(pukTries !== undefined && { pukTries }),
    ...(messages && { messages }),
    figures: figuresOf(signal),
    ...(chart && { chart }),
    ago: Math.max(0, Math.round((now - at) / 1000)),
  };
}

const FIGURES = ['rsrp', 'rsrq', 'sinr', 'rscp', 'ecio', 'rssi'] as const;

const figuresOf = (signal: Reading['signal']) =>
  FIGURES.flatMap((key) => {
    const value = signal?.[key];
    const { label, unit } = SIGNAL.members[key];
    return value === undefined ? [] : [{ label, text: `${value} ${unit}` }];
  });

/** Of the figure that the newest one has, the most telling one. */
function chartOf(signals: readonly SignalPoint[], now: number): ModemShown['chart'] {
  const newest = signals.at(-1);
  const key = (['rsrp', 'rscp', 'rssi'] as const).find((name) => newest?.[name] !== undefined);
  if (key === undefined) return undefined;
  const points = signals.flatMap(({ at, [key]: value }): Point[] =>
    value === undefined ? [] : [[Math.round((now - at) / 1000), value]],
  );
  const step = Math.ceil(points.length / MOST_POINTS);
  // The newest one stays in any case.
  return { label: SIGNAL.members[key].label, points: points.filter((_, i) => (points.length - 1 - i) % step === 0) };
}
