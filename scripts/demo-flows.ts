/** The flows of `npm start`: the package's own examples, set up for the stick that is there. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A node as it stands in a flow file. */
export type FlowNode = { id: string; type: string; name?: string; nodes?: string[] } & Record<string, unknown>;

export interface DemoFiles {
  loader: string;
  firmware: string;
}

const SHOWN = [
  'Convert a HiLink stick to serial',
  'Poll signal and network every minute',
  'Show the status of a stick',
  'Signal chart',
] as const;

/** Groups of the convert example that play the person begin with this; a real stick needs a real one. */
const PERSON = 'Virtual stick';

const readExample = (folder: string, name: string): FlowNode[] =>
  JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as FlowNode[];

/**
 * Examples out of `folder` as one flow file. With `made` (files for virtual sticks only) they work on `virtual-1`, and
 * the inject that starts the write says yes to it. Without, they are for a real stick: as the examples are, so with no
 * file named and nothing confirmed, and without the virtual person.
 */
export function demoFlows(folder: string, made?: DemoFiles): FlowNode[] {
  // The examples share one stick: same node, same id.
  const byId = new Map(SHOWN.flatMap((name) => readExample(folder, name)).map((node) => [node.id, node]));
  const nodes = [...byId.values()];
  return made ? nodes.map((node) => forVirtual(node, made)) : withoutPerson(nodes);
}

function forVirtual(node: FlowNode, { loader, firmware }: DemoFiles): FlowNode {
  switch (node.type) {
    case 'e3272-stick':
      return { ...node, stick: 'virtual-1' };
    case 'e3272-flash':
      return { ...node, loader, firmware };
    case 'inject':
      return {
        ...node,
        props: (node.props as InjectProperty[]).map((p) => (p.p === 'confirm' ? { ...p, v: 'true' } : p)),
      };
    default:
      return node;
  }
}

interface InjectProperty {
  p: string;
  v?: string;
  vt?: string;
}

function withoutPerson(nodes: FlowNode[]): FlowNode[] {
  const groups = nodes.filter((node) => node.type === 'group' && node.name?.startsWith(PERSON));
  const gone = new Set(groups.flatMap((group) => [group.id, ...(group.nodes ?? [])]));
  return nodes.filter((node) => !gone.has(node.id));
}
