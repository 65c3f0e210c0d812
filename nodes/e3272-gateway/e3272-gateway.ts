import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { isDriverError } from '../../src/errors';
import type { Gateway as Core, GatewayParts, GatewayState } from '../../src/gateway/gateway';
import type { Outgoing } from '../../src/gateway/post';
import { processWide } from '../../src/process-wide';
import { readSaved, stickConfig } from '../shared/config';
import { nodeFailure } from '../shared/messages';
import { NodeLife } from '../shared/node';
import { openSession, openSmsSession, sessionStatus } from '../shared/session';
import { withoutStick } from '../shared/without-stick';
import { type StatusKey, works } from '../shared/words';
import { BrokerLink, brokerNode, leaveOthers } from './broker';
import { GATEWAY, type SavedGateway } from './saved';
import { readSettings } from './settings';
import { connectionOf, incomingOf, messageOf } from './wire';

/** At once: the first command may come before the driver has loaded by itself. Only a flow with a gateway loads it so. */
const core = (): typeof import('../shared/gateway') => require('../shared/gateway');

const { version } = require('../../../package.json') as { version: string };

/** Names of the gateways of this process: two of one name would write one journal, each over what the other has taken. */
const names = processWide('gateways', () => new Set<string>());

/** Between two tries to begin where the journal cannot be written. */
const WITHOUT_ROOM_MS = 10_000;

/** What goes before the words of the stick. */
const WORDS: Readonly<Partial<Record<GatewayState, StatusKey>>> = {
  waiting: 'noBroker',
  taken: 'nameTaken',
  silent: 'brokerDrops',
};

function init(RED: NodeAPI): void {
  function Gateway(this: Node<{ contacts: unknown }>, saved: NodeDef): void {
    RED.nodes.createNode(this, saved);
    const def = readSaved(this, GATEWAY, saved);
    const life = new NodeLife(this);
    const config = stickConfig(RED, def.stick);
    if (!config) {
      withoutStick(life);
      return;
    }
    let gateway: Core | undefined;
    let link: BrokerLink | undefined;
    let faulty = false;
    /** The broker, as far as anybody has told. */
    let away = false;
    const line = sessionStatus(life, config, (key) => {
      const word = gateway && (WORDS[gateway.state] ?? (away ? 'noBroker' : undefined));
      if (word) return { key: word };
      return { key: works(key) && faulty ? 'brokerSettings' : key };
    });

    const begin = (): Core => {
      link = def.broker === '' ? undefined : new BrokerLink(brokerNode(RED.nodes.getNode(def.broker)), this);
      const [made, gw] = make(link);
      gateway = made;
      const faults = link?.faults(made.topics.availability) ?? [];
      faulty = faults.length > 0;
      for (const fault of faults) life.warn(nodeFailure('BAD_ARGUMENT/broker-setting', fault));
      life.onClose(async (removed) => {
        await made.close(removed);
        names.delete(gw);
        await link?.stop(removed);
      });
      if (link) link.start(made.subscriptions, (message) => made.take(message), changed);
      else {
        leaveOthers(this.id);
        // Nobody tells whether there is a broker at the other end.
        made.connected();
      }
      line.show();
      return made;
    };

    /** Begins at once; a disk that is full, or not there yet, is no reason to stay away for ever. */
    const whenWritable = async (): Promise<Core> => {
      for (;;) {
        try {
          return begin();
        } catch (error) {
          if (!isDriverError(error, 'FILE_NOT_WRITTEN')) throw error;
          life.fail(error, 'over');
          await pause(WITHOUT_ROOM_MS, undefined, { signal: life.signal });
          life.status.over();
        }
      }
    };

    const make = (over: BrokerLink | undefined): readonly [Core, string] => {
      const driver = core();
      const settings = readSettings(this.id, def as SavedGateway, this.credentials?.contacts, driver);
      const { gw } = settings;
      if (names.has(gw)) throw driver.nameTaken(gw);
      const parts: GatewayParts = {
        settings,
        store: driver.journalStore(RED),
        times: driver.times,
        clock: driver.clock,
        way: { publish: (message) => (over ? over.publish(message) : wired(message)) },
        origin: { name: '@e3272/node-red', version, url: undefined },
        nodeRed: (RED.settings as { version?: string }).version,
        persistent: () => over?.persistent ?? null,
        hears: over !== undefined,
        hint: driver.hintFor,
        clockIsRight: driver.isClockSet,
        onState: life.guard((state: GatewayState) => {
          line.show();
          if (state === 'taken') life.log(driver.nameTaken(gw));
        }),
        onRefused: (error, first) => (first ? life.fail(error) : life.log(error)),
        onError: (error) => life.log(error),
      };
      const made = new driver.Gateway(parts);
      names.add(gw);
      return [made, gw] as const;
    };

    const changed = (connected: boolean): void => {
      away = !connected;
      if (connected) gateway?.connected();
      else gateway?.disconnected();
      line.show();
    };

    const wired = async (message: Outgoing): Promise<boolean> => {
      this.send(messageOf(message));
      return true;
    };

    const opened = life.start(async () => {
      // Within the constructor: what the broker has kept must not come before.
      const made = await whenWritable();
      const [at, sms] = await Promise.all([
        openSession(config, life, { status: line, web: true }),
        openSmsSession(config, life, { status: line, web: true }),
      ]);
      if (!life.signal.aborted) made.use({ at, sms });
      return made;
    });

    life.input(async (msg) => {
      const now = gateway ?? (await opened);
      const isOfBroker = String(msg.topic ?? '').startsWith(`${now.topics.root}/`);
      // A text that somebody wants to be sent is no order of the one who wires.
      if (msg.payload === 'take-over' && !isOfBroker) {
        now.takeOver();
        return;
      }
      const connected = connectionOf(msg);
      if (connected === undefined) now.take(incomingOf(msg));
      else if (!link) changed(connected);
    });
  }

  RED.nodes.registerType('e3272-gateway', Gateway, {
    credentials: { contacts: { type: 'text' } },
    // A name is proposed with it.
    settings: { e3272GatewayHost: { value: hostname(), exportable: true } },
  });
}

export = init;
