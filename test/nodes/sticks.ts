/** Virtual sticks for flows, made before the flow that uses them: fast, and each with a name of its own. */

import { type Virtual, virtualStick } from '../../nodes/shared/hosts';
import type { Host } from '../../src/host/host';
import { processWide } from '../../src/process-wide';
import type { StickEvent } from '../../src/virtual/events';
import type { StickOptions } from '../../src/virtual/options';
import { QUICK } from '../support/quick';
import { inWords, Seen } from '../support/waits';
import type { FlowNode, Message } from './runtime';

export interface TestStick extends Virtual {
  name: string;
  events: StickEvent[];
  /** The next event that `wanted` accepts. */
  next(wanted: (event: StickEvent) => boolean): Promise<StickEvent>;
}

/** What stands for this machine from now on, until the returned function is called: nodes without a virtual stick. */
export function replaceMachine(host: Host): () => void {
  const machine = processWide<{ host?: Promise<Host> }>('machine', () => ({}));
  const { host: before } = machine;
  machine.host = Promise.resolve(host);
  return () => {
    if (before) machine.host = before;
    else delete machine.host;
  };
}

let count = 10;

export async function testStick(options: Partial<StickOptions> = {}): Promise<TestStick> {
  const name = `virtual-${++count}`;
  const { timing, ...rest } = options;
  const virtual = await virtualStick(name, { losesFirstAt: false, ...rest, timing: { ...QUICK, ...timing } });
  const events = new Seen<StickEvent>();
  virtual.stick.onEvent((event) => events.add(event));
  return {
    ...virtual,
    name,
    events: events.all,
    next: (wanted) => events.find(`an event of ${name}, ${inWords(wanted)}`, wanted, { after: events.all.length }),
  };
}

/** A stick with AT ports, plugged in and there. */
export async function testModem(options: Partial<StickOptions> = {}): Promise<TestStick> {
  const made = await testStick({ firmware: 'stick', setport: 'FF;10,12', ...options });
  const up = made.next((event) => event.what === 'tty' && event.interface === 1);
  made.stick.plug();
  await up;
  return made;
}

/** Whether an event of a flash node says that a person must act. */
export const isWait = (msg: Message) => (msg.payload as { type?: string }).type === 'wait';

/** The config node of a stick. */
export const stickNode = (which: string, more: object = {}): FlowNode => ({
  id: 'stick',
  type: 'e3272-stick',
  name: '',
  stick: which,
  timeout: 5,
  space: 'auto',
  ...more,
});

/** The nodes of a conversion, as the editor saves them. */
export const flashNode = (more: object = {}): FlowNode => ({
  id: 'flash',
  type: 'e3272-flash',
  name: '',
  stick: 'stick',
  loader: '',
  firmware: '',
  setport: 'FF;10,12',
  reflash: false,
  dryRun: false,
  armed: false,
  ...more,
});

export const atNode: FlowNode = {
  id: 'at',
  type: 'e3272-at',
  stick: 'stick',
  command: 'payload',
  commandType: 'msg',
  urcs: '',
};

/** An e3272-sms-in of the stick `stick`, as the editor saves it. */
export const smsInNode = (id: string, more: object = {}): FlowNode => ({
  id,
  type: 'e3272-sms-in',
  name: '',
  stick: 'stick',
  remove: false,
  existing: true,
  flash: true,
  incomplete: '',
  poll: '',
  ...more,
});

/** An e3272-sms-out of the stick `stick`, as the editor saves it. */
export const smsOutNode = (id: string, more: object = {}): FlowNode => ({
  id,
  type: 'e3272-sms-out',
  name: '',
  stick: 'stick',
  to: '',
  allowed: '',
  flash: false,
  report: false,
  validity: '',
  patience: 5,
  limit: 100,
  parts: 10,
  ...more,
});
