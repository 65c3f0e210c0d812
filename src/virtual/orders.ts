/**
 * Orders to a virtual stick as JSON lines: what a person, the network or the firmware does (`{"do":"plug","bootPin":true}`,
 * `{"do":"sms","from":"+49...","text":"..."}`, `{"do":"hang","cure":"cfun"}`) and faults (`{"fault":"silence","at":"data",
 * "nth":3}`). All of them: docs/virtual-stick.md.
 */

import { asDriverError } from '../errors';
import { parseFaultOrder } from './faults';
import { bad, checked, type Fields, FLAG, type Given, isGiven, needed, oneOf, TEXT } from './order-fields';
import { hang, hdlc, quirk, timing, web } from './order-firmware';
import { call, data, radio, ussd } from './order-network';
import { centre, pdu, sms, stored } from './order-sms';
import type { VirtualStick } from './stick';

type Insertable = Parameters<VirtualStick['insertSim']>[0];

interface Plug {
  bootPin?: boolean;
}

interface InsertedSim {
  state?: Insertable;
}

interface Urc {
  line: string;
}

const PLUG: Fields<Plug> = { bootPin: FLAG };
const SIM: Fields<InsertedSim> = { state: oneOf(['ready', 'pin', 'puk'] satisfies Insertable[]) };
const URC: Fields<Urc> = { line: needed(TEXT) };

/** By "do". Each checks its fields before anything happens. */
export const DOINGS: Readonly<Record<string, (stick: VirtualStick, given: Given) => void>> = {
  plug: (stick, given) => stick.plug(checked<Plug>(given, 'plugging in', PLUG)),
  unplug: (stick, given) => {
    checked(given, 'pulling out', {});
    stick.unplug();
  },
  insertSim: (stick, given) => stick.insertSim(checked<InsertedSim>(given, 'the SIM', SIM).state),
  removeSim: (stick, given) => {
    checked(given, 'taking out the SIM', {});
    stick.removeSim();
  },
  urc: (stick, given) => stick.urc(checked<Urc>(given, 'the URC', URC).line),
  sms,
  pdu,
  stored,
  centre,
  call,
  radio,
  data,
  ussd,
  hang,
  hdlc,
  quirk,
  web,
  timing,
};

/**
 * Carries out one line. Throws BAD_ARGUMENT when it is not understood, WRONG_MODE when the stick is in no state for it;
 * then nothing has happened.
 */
export function obey(stick: VirtualStick, line: string): void {
  carryOut(stick, parseOrder(line));
}

/** The same where there may be several sticks: `"stick": "virtual-2"` says which one is meant. */
export function obeyOne(sticks: readonly VirtualStick[], line: string): void {
  const { stick: name, ...order } = parseOrder(line);
  const [only, ...others] = sticks;
  const meant = name === undefined && others.length === 0 ? only : sticks.find((stick) => stick.name === name);
  if (!meant) throw bad(`it needs "stick" with one of ${sticks.map((stick) => stick.name).join(', ')}`);
  carryOut(meant, order);
}

function parseOrder(line: string): Given {
  let order: unknown;
  try {
    order = JSON.parse(line);
  } catch (error) {
    throw asDriverError(error, 'BAD_ARGUMENT/order-json', {});
  }
  if (!isGiven(order)) throw bad('it must be a JSON object');
  return order;
}

/** An order as an object; throws like {@link obey}. */
export function carryOut(stick: VirtualStick, order: Given): void {
  if ('fault' in order) {
    stick.faults.order(parseFaultOrder(order));
    return;
  }
  const { do: name, ...given } = order;
  const doing = typeof name === 'string' && Object.hasOwn(DOINGS, name) ? DOINGS[name] : undefined;
  if (!doing) throw bad(`it needs "fault", or "do" with one of ${Object.keys(DOINGS).join(', ')}`);
  doing(stick, given);
}
