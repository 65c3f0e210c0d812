/**
 * A Node-RED in a process of its own, which can be killed. Arguments: its user folder, a folder that stands for the machine,
 * the places of the served sticks that its flows name, separated by commas, and how many ms the wall clock is wrong by; without the
 * last three it is the machine that it runs on, whose sticks are virtual ones. The flows are those in the user folder. It sends
 * `ready`, what comes out of nodes, and their status; it takes messages for nodes.
 */

import { createServer } from 'node:http';
import { createLocalHost } from '../../src/host/local';
import { stateFolders } from '../../src/host/state-folders';
import { processWide } from '../../src/process-wide';
import { parseServedName } from '../../src/served-name';
import { createRemoteVirtualHost, type RemoteVirtualHost } from '../../src/virtual/remote-host';
import type { Injected, Ordered, Said } from './red-process';
import { shiftClock } from './shifted-clock';
import { withoutNamespace } from './status-text';
import { replaceMachine } from './sticks';

interface Runtime {
  init(server: object, settings: object): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  hooks: { add(name: string, hook: (events: { msg: object; source: { id: string; port: number } }[]) => void): void };
  nodes: { getNode(id: string): { receive(msg: object): void } | null };
  runtime: {
    flows: { setFlows(o: { flows: { flows: object[] }; deploymentType: string }): Promise<unknown> };
    events: {
      on(event: 'flows:started', listener: () => void): void;
      on(event: 'node-status', listener: (told: { id: string; status: { text?: string } }) => void): void;
    };
  };
}

const [userDir = '', root = '', places = '', offset = '0'] = process.argv.slice(2);
shiftClock(Number(offset));
const RED: Runtime = require('node-red');
const say = (word: Said) => process.send?.(word);

/** Whoever names the stick gets this host: what is told to all users of the machine stays in the test. */
function serveStick(place: string): void {
  const name = parseServedName(place);
  if (!name) throw new Error(`${place} is no served stick`);
  const served = processWide('virtual-served', () => new Map<string, RemoteVirtualHost>());
  served.set(place, createRemoteVirtualHost({ ...name, root, stateFolders: stateFolders({ userDir }) }));
}

if (places === '') replaceMachine(createLocalHost({ real: false, stateFolders: stateFolders({ userDir }) }));
else places.split(',').forEach(serveStick);
RED.init(createServer(), {
  userDir,
  flowFile: 'flows.json',
  credentialSecret: 'test',
  mqttReconnectTime: 300,
  telemetry: { enabled: false, updateNotification: false },
  externalModules: { autoInstall: false },
  logging: { console: { level: 'off' } },
});
RED.hooks.add('onSend.test', (events) => {
  for (const { msg, source } of events) say({ id: source.id, port: source.port, msg: { ...msg } });
});
RED.runtime.events.on('node-status', ({ id, status }) =>
  say({ id, status: String(withoutNamespace(status ?? {})['text']) }),
);
RED.runtime.events.on('flows:started', () => say('ready'));
process.on('message', (order: Injected | Ordered) => {
  if ('id' in order) RED.nodes.getNode(order.id)?.receive(order.msg);
  else if ('deploy' in order)
    void RED.runtime.flows.setFlows({ flows: { flows: order.flow }, deploymentType: order.deploy });
  else if ('clock' in order) shiftClock(order.clock);
  // As the service manager ends it.
  else void RED.stop().then(() => process.exit());
});
// Without whoever watches it, it has nothing to do.
process.once('disconnect', () => process.exit());
void RED.start();
