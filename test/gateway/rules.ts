/**
 * What a single payload does not show: whether the entities that Home Assistant has been told of can live on what is published.
 * Its rules as they are known; where no template of ours needs more, this reads less than Home Assistant does.
 */

import type { Captured } from './gateway-bench';
import { rendered } from './template';

type Component = Readonly<Record<string, unknown>> & { readonly p: string };

interface Entity {
  /** Discovery topic and component. */
  where: string;
  topic: string;
  component: Component;
}

interface Config {
  migrate_discovery?: true;
  dev: { name: string };
  cmps?: Record<string, Component>;
}

const DISCOVERY = /^homeassistant\/(\w+)\/[\w-]+\/[\w-]+\/config$/;
const ZONED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
/** Longer ones are unknown. */
const LONGEST_STATE = 255;

/** Everything that is wrong with a stream of messages, each fault once. `planted`: what no retained message may hold. */
export function faultsOf(captured: readonly Captured[], planted: readonly string[]): string[] {
  const faults = new Set<string>();
  const entities = new Map<string, Entity>();
  for (const message of captured) {
    if (message.retain) {
      for (const text of planted) if (message.payload.includes(text)) faults.add(`${message.topic} holds ${text}`);
    }
    if (!message.topic.startsWith('homeassistant/') || message.topic === 'homeassistant/status') continue;
    if (!message.retain) faults.add(`${message.topic} is not retained`);
    discover(message, entities, (fault) => faults.add(fault));
  }
  for (const entity of entities.values()) live(entity, captured, (fault) => faults.add(`${entity.where}: ${fault}`));
  return [...faults];
}

/** What Home Assistant has after a discovery message. */
function discover({ topic, payload }: Captured, entities: Map<string, Entity>, fault: (text: string) => void): void {
  const platform = DISCOVERY.exec(topic)?.[1];
  if (platform === undefined) {
    fault(`${topic} is no topic of discovery`);
    return;
  }
  const before = [...entities.values()].filter((entity) => entity.topic === topic);
  const config = payload === '' ? undefined : (JSON.parse(payload) as Config & Record<string, unknown>);
  if (!config || config.migrate_discovery) {
    // What moves is let go of, and keeps its history.
    for (const { where } of before) entities.delete(where);
    return;
  }
  const { dev, cmps, o: _, ...rest } = config;
  const components = cmps ?? { '': { ...rest, p: platform } };
  for (const { where } of before) {
    if (!(where.slice(topic.length + 1) in components)) fault(`${where} is left out, and would stay`);
  }
  for (const [id, component] of Object.entries(components)) {
    const where = `${topic} ${id}`;
    if (Object.keys(component).length === 1) {
      entities.delete(where);
      continue;
    }
    const twin = [...entities.values()].find(
      (other) => other.where !== where && other.component['uniq_id'] === component['uniq_id'],
    );
    if (twin && component['uniq_id'] !== undefined) fault(`${where} has the id of ${twin.where}`);
    if (String(component['name']).startsWith(dev.name)) fault(`${where} repeats the name of the device`);
    entities.set(where, { where, topic, component });
  }
}

/** Whether an entity can live on what was published. */
function live({ component }: Entity, captured: readonly Captured[], fault: (text: string) => void): void {
  const on = (topic: unknown) => captured.filter((message) => message.topic === topic && message.payload !== '');
  const { p, avty = [], stat_t, cmd_t, t, exp_aft } = component;
  for (const { t: topic, val_tpl } of avty as { t: string; val_tpl?: string }[]) {
    const words = on(topic).map(({ payload }) => rendered(val_tpl, payload));
    if (words.length === 0) fault(`nothing is ever on ${topic}`);
    for (const word of words) if (word !== 'online' && word !== 'offline') fault(`${topic} says ${word}`);
    if (on(topic).some(({ retain }) => !retain)) fault(`${topic} is not retained`);
  }
  if (on(cmd_t ?? t).some(({ retain }) => retain)) fault(`${cmd_t ?? t} is retained: it happens again`);
  if (stat_t === undefined) return;
  const states = on(stat_t);
  if (p === 'event') {
    if (states.some(({ retain }) => retain)) fault(`${stat_t} is retained: it happens again`);
  } else {
    if (states.length === 0) fault(`nothing is ever on ${stat_t}`);
    if (states.some(({ retain }) => !retain)) fault(`${stat_t} is not retained`);
  }
  for (const { payload } of states) {
    const problem = problemOf(component, rendered(component['val_tpl'], payload));
    if (problem !== undefined) fault(`${stat_t} ${problem}`);
  }
  const times = states.map(({ tst }) => Date.parse(tst));
  const longest = Math.max(0, ...times.slice(1).map((time, i) => time - (times[i] ?? time)));
  if (typeof exp_aft === 'number' && longest > exp_aft * 1000) fault(`${stat_t} expires between two states`);
}

/** What is wrong with a state; undefined where nothing is. `None` is unknown, as it should be. */
function problemOf(component: Component, state: string): string | undefined {
  const { p, dev_cla, ops, unit_of_meas, evt_typ } = component;
  if (state.startsWith('!')) return `${component['val_tpl']} fails: ${state}`;
  if (p === 'event' || p === 'update') {
    const { event_type, installed_version, latest_version } = JSON.parse(state) as Record<string, unknown>;
    if (p === 'event') return (evt_typ as unknown[]).includes(event_type) ? undefined : `says ${event_type}`;
    const isText = typeof installed_version === 'string' && typeof latest_version === 'string';
    return isText ? undefined : 'has versions that are no text';
  }
  if (state === 'None') return p === 'binary_sensor' ? 'is unknown' : undefined;
  if (p === 'binary_sensor') return state === 'ON' || state === 'OFF' ? undefined : `is ${state}`;
  if (dev_cla === 'enum') return (ops as unknown[]).includes(state) ? undefined : `is ${state}, which is no option`;
  if (dev_cla === 'timestamp') return ZONED.test(state) ? undefined : `is ${state}, which is no time with a zone`;
  if (unit_of_meas !== undefined && (state === '' || Number.isNaN(Number(state))))
    return `is ${state}, which is no number`;
  return state.length > LONGEST_STATE ? `has ${state.length} letters` : undefined;
}
