/** What Home Assistant is told of a gateway, and how it forgets what is gone. */

import { type Component, entitiesOf } from './entities';
import type { Published } from './journal-lines';
import type { GatewaySettings } from './settings';
import type { Topics } from './topics';

/** What is known of the stick. */
export interface DeviceFacts {
  model: string | undefined;
  firmware: string | undefined;
  hardware: string | undefined;
  manufacturer: string | undefined;
}

export interface Origin {
  name: string;
  version: string;
  url: string | undefined;
}

/** Retained messages in the order in which they are to be published; an empty one takes away what stood there. */
export interface Discovery {
  messages: { topic: string; payload: object | '' }[];
  /** What stands there afterwards. */
  published: Published;
}

/** Discovery as `settings` want it, after `before` was published. */
export function discoveryOf(
  settings: GatewaySettings,
  topics: Topics,
  facts: DeviceFacts,
  origin: Origin,
  before: Published,
): Discovery {
  const { prefix, form } = settings.homeAssistant;
  const entities = prefix === undefined ? new Map<string, Component>() : entitiesOf(settings, topics);
  const device = deviceOf(settings, facts);
  const o = { name: origin.name, sw: origin.version, ...(origin.url !== undefined && { url: origin.url }) };
  if (prefix !== undefined && form === 'single')
    return single({ entities, device, o, prefix, gw: settings.gw, before });
  const topic = prefix === undefined ? undefined : `${prefix}/device/${settings.gw}/e3272/config`;
  const others = Object.keys(before).filter((old) => old !== topic);
  const gone = others.map((old) => ({ topic: old, payload: '' as const }));
  if (topic === undefined || entities.size === 0) {
    const own = topic !== undefined && topic in before ? [{ topic, payload: '' as const }] : [];
    return { messages: [...gone, ...own], published: {} };
  }
  // One that is left out would stay: a component with nothing but its platform is one that goes.
  const left = Object.entries(before[topic] ?? {}).filter(([id]) => !entities.has(id));
  const cmps = { ...Object.fromEntries(left.map(([id, p]) => [id, { p }])), ...Object.fromEntries(entities) };
  const payload = { dev: device, o, qos: 1, cmps };
  return {
    // What it knows one by one keeps its history when it is told so first.
    messages: [...moving(others), { topic, payload }, ...gone],
    published: { [topic]: Object.fromEntries(Object.entries(cmps).map(([id, { p }]) => [id, p])) },
  };
}

interface Single {
  entities: Map<string, Component>;
  device: object;
  o: object;
  prefix: string;
  gw: string;
  before: Published;
}

function single({ entities, device, o, prefix, gw, before }: Single): Discovery {
  const now = new Map(
    [...entities].map(([id, { p, ...rest }]) => [`${prefix}/${p}/${gw}/${id}/config`, { id, p, rest }]),
  );
  const others = Object.keys(before).filter((topic) => !now.has(topic));
  const isMoving = others.some((topic) => topic.startsWith(`${prefix}/device/`));
  return {
    messages: [
      ...(isMoving ? moving(others) : []),
      ...[...now].map(([topic, { rest }]) => ({ topic, payload: { ...rest, qos: 1, dev: device, o } })),
      ...others.map((topic) => ({ topic, payload: '' as const })),
    ],
    published: Object.fromEntries([...now].map(([topic, { id, p }]) => [topic, { [id]: p }])),
  };
}

const moving = (topics: readonly string[]) => topics.map((topic) => ({ topic, payload: { migrate_discovery: true } }));

/** Known by the name of the gateway: stick, SIM and tty may be others tomorrow. */
function deviceOf({ gw, homeAssistant }: GatewaySettings, facts: DeviceFacts): object {
  const { model, firmware, hardware, manufacturer } = facts;
  return {
    ids: [`e3272_${gw}`],
    name: homeAssistant.name === '' ? gw : homeAssistant.name,
    mf: manufacturer ?? 'Huawei',
    mdl: model ?? 'E3272',
    ...(firmware !== undefined && { sw: firmware }),
    ...(hardware !== undefined && { hw: hardware }),
  };
}
