/**
 * An mqtt-broker node of Node-RED used directly: what its own mqtt nodes use of it, which is nowhere promised. So it is looked
 * at first, and an acknowledgement leaves only when the handler has returned (docs/gateway.md says why).
 */

import type { Node } from 'node-red';
import type { Incoming } from '../../src/gateway/incoming';
import type { Outgoing } from '../../src/gateway/post';
import { type BrokerFault, nodeFailure } from '../shared/messages';

interface Packet {
  retain?: boolean;
  messageId?: number;
  properties?: { responseTopic?: string; correlationData?: Uint8Array; messageExpiryInterval?: number };
}

type Handler = (topic: string, payload: Buffer, packet?: Packet) => void;

interface Message {
  topic?: string;
  payload?: unknown;
}

/** The parts of an mqtt-broker node that are used. */
export interface BrokerNode extends Node {
  connected: boolean;
  clientid?: string;
  cleansession?: boolean;
  autoUnsubscribe?: boolean;
  options?: { will?: Message; clean?: boolean };
  birthMessage?: Message;
  closeMessage?: Message;
  subscriptions?: Record<string, Record<string, { callback?: Handler } | undefined> | undefined>;
  register(node: Node): void;
  deregister(node: Node, done: () => void, removed: boolean): void;
  subscribe(topic: string, options: object, handler: Handler, ref: string): void;
  unsubscribe(topic: string, ref: string, removed: boolean): void;
  publish(message: object, done: (error?: unknown) => void): void;
}

const USED = ['register', 'deregister', 'subscribe', 'unsubscribe', 'publish'] as const;

/** Error: BAD_ARGUMENT where it is none, or one that is used otherwise. */
export function brokerNode(found: unknown): BrokerNode {
  const broker = found as BrokerNode | null;
  if (!broker || !USED.every((name) => typeof broker[name] === 'function'))
    throw nodeFailure('BAD_ARGUMENT/broker', {});
  return broker;
}

/** What its mqtt nodes show of the connection; it sets this on every node that uses it. */
const ITS_WORDS = /^node-red:common\.status\.(connected|connecting|disconnected)$/;

/** By the id of a node, where its last life has stayed subscribed. */
const stayed = new Map<string, { broker: BrokerNode; topics: readonly string[] }>();

/** The node `id` is at another broker now, or at none: what still came from the one before would be taken by nobody. */
export function leaveOthers(id: string, broker?: BrokerNode): void {
  const before = stayed.get(id);
  stayed.delete(id);
  if (!before || before.broker.id === broker?.id) return;
  for (const topic of before.topics) before.broker.unsubscribe(topic, id, true);
}

export class BrokerLink {
  readonly #broker: BrokerNode;
  readonly #node: Node;
  #topics: readonly string[] = [];
  #gone = false;
  #told: boolean | undefined;

  constructor(broker: BrokerNode, node: Node) {
    this.#broker = broker;
    this.#node = node;
  }

  /** Whether what is sent while Node-RED is away is kept for it. */
  get persistent(): boolean {
    const { options, cleansession = true } = this.#broker;
    return !(options?.clean ?? cleansession);
  }

  /** What of its settings loses messages, or says of the gateway what is not so. */
  faults(availability: string): BrokerFault[] {
    const { options, birthMessage, closeMessage, clientid, autoUnsubscribe } = this.#broker;
    const words = {
      will: [options?.will, 'offline'],
      birth: [birthMessage, 'online'],
      close: [closeMessage, 'offline'],
    };
    const faults: BrokerFault[] = [];
    for (const [which, [message, payload]] of Object.entries(words) as ['will', [Message?, string?]][]) {
      const isOurs = message?.topic === availability && String(message.payload) === payload;
      if (!isOurs) faults.push({ fault: which, topic: availability, payload: String(payload) });
    }
    if (!clientid) faults.push({ fault: 'client-id' });
    if (!this.persistent) faults.push({ fault: 'clean' });
    if (autoUnsubscribe !== false) faults.push({ fault: 'unsubscribe' });
    return faults;
  }

  /**
   * Subscribes, and only then becomes a user of the connection: what the broker has kept comes as soon as it is there. `take`
   * must be done with a message when it returns. `changed` tells whether the connection is there, never within this call.
   */
  start(topics: readonly string[], take: (message: Incoming) => void, changed: (connected: boolean) => void): void {
    this.#topics = topics;
    const { id } = this.#node;
    leaveOthers(id, this.#broker);
    const handler: Handler = (topic, payload, packet = {}) => take(incoming(topic, payload, packet));
    for (const [topic, refs] of Object.entries(this.#broker.subscriptions ?? {})) {
      if (refs?.[id] && !topics.includes(topic)) this.#broker.unsubscribe(topic, id, true);
    }
    for (const topic of topics) {
      // Left by this node before a deploy: to subscribe once more would end it for a moment, in which messages get lost.
      const left = this.#broker.subscriptions?.[topic]?.[id];
      if (left) left.callback = handler;
      else
        this.#broker.subscribe(
          topic,
          { qos: 1, rap: isOfCommands(topic), properties: withoutIdentifier() },
          handler,
          id,
        );
    }
    this.#listen(changed);
    this.#broker.register(this.#node);
    this.#look(changed);
  }

  /** Resolves when the broker has it; false where there is no connection. */
  publish({ topic, payload, retain, qos, correlationData }: Outgoing): Promise<boolean> {
    if (!this.#broker.connected) return Promise.resolve(false);
    const message = { topic, payload, retain, qos, ...(correlationData && { correlationData }) };
    return new Promise((resolve) => this.#broker.publish(message, (error) => resolve(!error)));
  }

  /**
   * Leaves the connection. Not removed, it stays subscribed to, so that the broker keeps what comes, and what comes before the
   * next life goes where it went.
   */
  stop(removed: boolean): Promise<void> {
    this.#gone = true;
    if (removed) for (const topic of this.#topics) this.#broker.unsubscribe(topic, this.#node.id, true);
    else stayed.set(this.#node.id, { broker: this.#broker, topics: this.#topics });
    return new Promise((resolve) => this.#broker.deregister(this.#node, resolve, removed));
  }

  /** The broker tells of its connection by setting the status of its users: what it says there is kept from being shown. */
  #listen(changed: (connected: boolean) => void): void {
    const node = this.#node;
    const show = node.status.bind(node);
    node.status = (status) => {
      const text = typeof status === 'object' ? status.text : status;
      if (typeof text === 'string' && ITS_WORDS.test(text)) this.#look(changed);
      else show(status);
    };
  }

  /** Later: it says that it is connected before it has subscribed. */
  #look(changed: (connected: boolean) => void): void {
    setImmediate(() => {
      const { connected } = this.#broker;
      if (this.#gone || connected === this.#told) return;
      this.#told = connected;
      changed(connected);
    });
  }
}

/**
 * A command that somebody has published retained is told from others when it comes, and again when it is replayed. What else
 * comes is one that is retained only where it is a replay: a birth message may be published so.
 */
const isOfCommands = (topic: string): boolean => topic.endsWith('/set');

/**
 * Properties of a subscription to which no identifier can be given. The broker node numbers its subscriptions anew in each life,
 * and passes over what comes under another number: what the broker has kept would be lost where the numbers have changed.
 */
const withoutIdentifier = (): object =>
  Object.defineProperty({}, 'subscriptionIdentifier', { get: () => undefined, set: () => undefined });

function incoming(topic: string, payload: Buffer, { retain, messageId, properties = {} }: Packet): Incoming {
  const { responseTopic, correlationData, messageExpiryInterval: expiry } = properties;
  return {
    topic,
    payload,
    retain: retain === true,
    ...(messageId !== undefined && { packet: messageId }),
    ...(responseTopic !== undefined && { responseTopic }),
    ...(correlationData !== undefined && { correlationData }),
    ...(expiry !== undefined && { expiry }),
  };
}
