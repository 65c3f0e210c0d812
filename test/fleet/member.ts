/** A gateway of a fleet: its core on a virtual stick, over the MQTT client of Node-RED, without a Node-RED around it. */

import { join } from 'node:path';
import { openAt } from '../../src/device/at/open-at';
import { openSms } from '../../src/device/sms/open-sms';
import { Gateway, type GatewayState } from '../../src/gateway/gateway';
import type { GatewaySettings } from '../../src/gateway/settings';
import { systemClock } from '../../src/host/clock';
import { Notes } from '../../src/host/notes';
import type { StickEvent } from '../../src/virtual/events';
import { VirtualHost } from '../../src/virtual/host';
import type { StickOptions } from '../../src/virtual/options';
import { VirtualStick } from '../../src/virtual/stick';
import { settingsOf } from '../gateway/gateway-bench';
import { QUICK } from '../support/quick';
import { MODEM } from '../support/served';
import { lastOf, until } from '../support/waits';
import { type ClientOptions, connect, ended, type MqttClient } from './mqtt-client';

const { times } = require('../../nodes/shared/gateway') as typeof import('../../nodes/shared/gateway');

export interface MemberOptions {
  gw: string;
  /** Its state is kept below this. */
  folder: string;
  /** How the broker is reached. */
  mqtt: Partial<ClientOptions>;
  settings?: Partial<GatewaySettings>;
  stick?: Partial<StickOptions>;
  /** Delay after a birth of Home Assistant, from 0 to 1 of its most. */
  random?: () => number;
}

const PORT_PATH = '1-1';
/** Of messages: the tests count them, and send more than a person may. */
const UNLIMITED = { hour: undefined, day: undefined, number: undefined, reserve: 0 };

export class Member {
  readonly gw: string;
  readonly gateway: Gateway;
  readonly stick: VirtualStick;
  readonly client: MqttClient;
  /** What the network got, in order. */
  readonly sms: Extract<StickEvent, { what: 'sms' }>[] = [];
  readonly states: GatewayState[] = [];
  readonly errors: unknown[] = [];
  readonly #wakes = new Set<() => void>();
  #release: () => Promise<unknown>;

  constructor({ gw, folder, mqtt, settings = {}, stick, random }: MemberOptions) {
    this.gw = gw;
    const { timing, ...options } = stick ?? {};
    this.stick = new VirtualStick({
      ...{ clock: systemClock, portPath: PORT_PATH, ...MODEM, ...options },
      timing: { ...QUICK, ...timing },
    });
    this.stick.onEvent((event) => {
      if (event.what === 'sms') this.sms.push(event);
    });
    const host = new VirtualHost({ sticks: [this.stick], clock: systemClock });
    this.gateway = new Gateway({
      settings: settingsOf({ gw, node: gw, contacts: [], limits: UNLIMITED, ...settings }),
      store: new Notes([join(folder, gw)]),
      ...{ times, clock: systemClock, nodeRed: undefined, hears: true },
      way: {
        publish: ({ topic, payload, retain, qos }) => {
          if (!this.client.connected) return Promise.resolve(false);
          return new Promise((resolve) => this.client.publish(topic, payload, { qos, retain }, (e) => resolve(!e)));
        },
      },
      origin: { name: '@e3272/node-red', version: '0.1.0', url: undefined },
      persistent: () => true,
      hint: () => undefined,
      clockIsRight: () => true,
      ...(random && { random }),
      onState: (state) => {
        this.states.push(state);
        for (const wake of [...this.#wakes]) wake();
      },
      onRefused: (error) => this.errors.push(error),
      onError: (error) => this.errors.push(error),
    });
    const { availability } = this.gateway.topics;
    this.client = connect({
      ...{ clientId: `e3272-${gw}`, clean: false, protocolVersion: 5, reconnectPeriod: 300, keepalive: 60 },
      will: { topic: availability, payload: 'offline', qos: 1, retain: true },
      ...mqtt,
      ...(mqtt.protocolVersion !== 4 && { properties: { sessionExpiryInterval: 86_400 } }),
    });
    // It connects again by itself; what is wrong shows in what does not come.
    this.client.on('error', (error) => this.errors.push(error));
    // On the disk before the handler returns, and only then acknowledged.
    this.client.on('message', (topic, payload, { retain, messageId }) => {
      this.gateway.take({ topic, payload, retain, ...(messageId !== undefined && { packet: messageId }) });
    });
    this.client.on('close', () => this.gateway.disconnected());
    this.client.on('connect', () => {
      this.client.subscribe(this.gateway.subscriptions, { qos: 1 }, (error) => {
        if (!error) this.gateway.connected();
      });
    });
    this.stick.plug();
    const [at, sms] = [openAt(host, PORT_PATH, { web: {} }), openSms(host, PORT_PATH, { web: {} })];
    this.gateway.use({ at, sms });
    this.#release = () => Promise.all([at.release(), sms.release()]);
  }

  /** Texts that the network got, in order. */
  get texts(): string[] {
    return this.sms.flatMap(({ whole }) => whole ?? []);
  }

  /** Resolves when it is in this state. */
  async shows(state: GatewayState): Promise<void> {
    await until({
      what: `the gateway ${this.gw} to be ${state}`,
      look: () => this.gateway.state === state,
      listen: (wake) => {
        this.#wakes.add(wake);
        return () => this.#wakes.delete(wake);
      },
      came: () => [lastOf(this.states, 'states'), lastOf(this.errors, 'errors')].join('\n'),
    });
  }

  async close(removed = false): Promise<void> {
    await this.gateway.close(removed);
    this.stick.unplug();
    await this.#release();
    await ended(this.client, true);
  }
}
