/** The flows of `npm start`: the package's own examples, set up for the stick that is there. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A node as it stands in a flow file. */
export type FlowNode = { id: string; type: string; name?: string; nodes?: string[] } & Record<string, unknown>;

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
 * Examples out of `folder` as one flow file, all on one stick: `virtual-1`, or the real one that is there. For that no file
 * is named, nothing is confirmed, and there is no virtual person.
 */
export function demoFlows(folder: string, kind: 'virtual' | 'real'): FlowNode[] {
  const nodes = SHOWN.flatMap((name) => readExample(folder, name));
  const sticks = nodes.filter(({ type }) => type === 'e3272-stick');
  const [stick] = sticks;
  const ids = new Set(sticks.map(({ id }) => id));
  const shared = nodes
    .filter((node) => !ids.has(node.id))
    .map((node) => (ids.has(String(node['stick'])) ? { ...node, stick: stick?.id } : node));
  const one = stick ? [{ ...stick, stick: kind === 'virtual' ? 'virtual-1' : 'auto' }] : [];
  return kind === 'virtual' ? [...shared, ...one] : [...withoutPerson(shared).map(unconfirmed), ...one];
}

interface InjectProperty {
  p: string;
  v?: string;
  vt?: string;
}

function unconfirmed(node: FlowNode): FlowNode {
  if (node.type !== 'inject') return node;
  const props = (node['props'] as InjectProperty[]).map((p) =>
    p.p === 'confirm' ? { ...p, v: 'false', vt: 'bool' } : p,
  );
  return { ...node, props };
}

function withoutPerson(nodes: FlowNode[]): FlowNode[] {
  const groups = nodes.filter((node) => node.type === 'group' && node.name?.startsWith(PERSON));
  const gone = new Set(groups.flatMap((group) => [group.id, ...(group.nodes ?? [])]));
  return nodes.filter((node) => !gone.has(node.id));
}
