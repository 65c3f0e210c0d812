/** Examples bring a config node of their own. Where the flows have one that says the same, their nodes take that one. */

import { type Common, upToDate, type Versions } from '../nodes/shared/versions';
import type { ConfigNode } from './red';

/** Watches for imported config nodes of `type`, whose id other nodes keep in the property `holds`. */
export function joinTwins<T extends object>(type: string, versions: Versions<T>, holds: string): void {
  RED.events?.on('nodes:add', (node) => {
    // By then the nodes that use it are there too.
    if (node.type === type) setTimeout(() => join(node, versions, holds));
  });
}

function join<T extends object>(node: ConfigNode, versions: Versions<T>, holds: string): void {
  // What is loaded stays as it was saved: only imported nodes are changed ones. A name is there to tell it from others.
  if (!node.changed || node.name || hasSecret(node)) return;
  let twin: ConfigNode | undefined;
  RED.nodes.eachConfig((other) => {
    if (!twin && other.type === node.type && other.id !== node.id && saysTheSame(node, other, versions)) twin = other;
  });
  if (!twin) return;
  for (const user of [...node.users]) {
    Object.assign(user, { [holds]: twin.id });
    if (!twin.users.includes(user)) twin.users.push(user);
  }
  RED.nodes.remove(node.id);
  RED.events?.emit('nodes:change', twin);
}

const hasSecret = ({ credentials }: ConfigNode): boolean => Object.values(credentials ?? {}).some((value) => !!value);

function saysTheSame<T extends object>(one: ConfigNode, other: ConfigNode, versions: Versions<T>): boolean {
  const [mine, others] = [upToDate(versions, one), upToDate(versions, other)];
  const same = (key: keyof (T & Common)) => String(mine[key] ?? '') === String(others[key] ?? '');
  return !hasSecret(other) && (Object.keys(versions.fresh) as (keyof (T & Common))[]).every(same);
}
