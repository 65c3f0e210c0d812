import type { StatusWatchOptions } from '../../src/device/status-watch';
import type { Status, StatusPart } from '../../src/values/status';
import { nodeFailure } from '../shared/messages';
import type { SavedStatus } from './saved';

/** In the order in which they are asked. */
const PARTS: readonly StatusPart[] = ['signal', 'network', 'sim', 'data', 'temperature', 'identity'];

const LONGEST = 86_400;
const SHORTEST = 5;

function number(value: unknown, what: string, min: number, max: number, unit: string): number {
  const given = Number(value);
  if (given >= min && given <= max) return given;
  throw nodeFailure('BAD_ARGUMENT/range', {
    what,
    value: String(JSON.stringify(value)),
    unit,
    least: min,
    most: max,
  });
}

const empty = (value: unknown): boolean => value === undefined || value === null || value === '';

/** The settings as the driver takes them: anything may be missing in a flow from another hand. Error: BAD_ARGUMENT. */
export function readSettings(def: Omit<SavedStatus, 'stick'>): StatusWatchOptions {
  const every = empty(def.every) || Number(def.every) === 0 ? undefined : def.every;
  return {
    parts: PARTS.filter((part) => def[part]),
    personal: def.personal === true,
    changesOnly: def.changes === true,
    urcs: def.urcs === true,
    ...(every !== undefined && {
      everyMs: number(every, 'The time between two readings', SHORTEST, LONGEST, 'seconds') * 1000,
    }),
    ...(!empty(def.threshold) && { threshold: number(def.threshold, 'The smallest change', 0, 100, 'decibels') }),
  };
}

/** For the line under the node: `LTE -71 dBm, Operator`. Undefined where there is nothing to show. */
export function summary({ signal, network, sim, temperature }: Status): string | undefined {
  const system = network?.submode ?? network?.system ?? signal?.system;
  const level = signal?.rssi ?? signal?.rsrp ?? signal?.rscp;
  const first = [system, level === undefined ? undefined : `${level} dBm`]
    .filter((word) => word !== undefined)
    .join(' ');
  const words = [first, network?.operator ?? network?.registration];
  if (sim && sim.state !== 'READY') words.push(sim.state);
  const shown = words.filter((word) => word !== undefined && word !== '').join(', ');
  if (shown !== '') return shown.slice(0, 60);
  return temperature === undefined ? undefined : `${temperature} °C`;
}
