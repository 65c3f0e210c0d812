/**
 * Orders to a virtual stick as JSON lines: what a person or the network does (`{"do":"plug","bootPin":true}`, `{"do":"sms",
 * "from":"+49...","text":"..."}`) and faults (`{"fault":"silence","at":"data","nth":3}`). All of them: docs/virtual-stick.md.
 */

import { asDriverError, DriverError } from '../errors';
import { parseFaultOrder } from './faults';
import type { CentreSettings, Incoming } from './sms/centre';
import type { VirtualStick } from './stick';

const DOINGS = ['plug', 'unplug', 'insertSim', 'removeSim', 'urc', 'sms', 'pdu', 'centre'];

/** Carries out one line. Throws BAD_ARGUMENT when it is not understood; then nothing has happened. */
export function obey(stick: VirtualStick, line: string): void {
  let order: unknown;
  try {
    order = JSON.parse(line);
  } catch (error) {
    throw asDriverError(error, 'BAD_ARGUMENT', 'The order is no JSON');
  }
  if (typeof order !== 'object' || order === null) throw bad('it must be a JSON object');
  if ('fault' in order) stick.faults.order(parseFaultOrder(order));
  else perform(stick, order as Record<string, unknown>);
}

function perform(stick: VirtualStick, order: Record<string, unknown>): void {
  switch (order.do) {
    case 'plug':
      stick.plug({ bootPin: order.bootPin === true });
      break;
    case 'unplug':
      stick.unplug();
      break;
    case 'insertSim':
      if (order.state !== undefined && order.state !== 'ready' && order.state !== 'pin' && order.state !== 'puk') {
        throw bad('"state" must be ready, pin or puk');
      }
      stick.insertSim(order.state ?? 'ready');
      break;
    case 'removeSim':
      stick.removeSim();
      break;
    case 'urc':
      if (typeof order.line !== 'string') throw bad('"line" must be the text of the URC');
      stick.urc(order.line);
      break;
    case 'sms':
      stick.receiveSms(smsOf(order));
      break;
    case 'pdu':
      if (typeof order.hex !== 'string') throw bad('"hex" must be the PDU');
      stick.receivePdu(order.hex);
      break;
    case 'centre':
      Object.assign(stick.world.centre.settings, centreOf(order));
      break;
    default:
      throw bad(`it needs "fault", or "do" with one of ${DOINGS.join(', ')}`);
  }
}

const whole = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;

/** A message to the stick; BAD_ARGUMENT says what is wrong with it. */
function smsOf(order: Record<string, unknown>): Incoming {
  const { do: _, from, text, time, flash, alphabet, order: parts, reference, wide, ...rest } = order;
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined) throw bad(`an SMS has no "${unknown}"`);
  if (typeof from !== 'string' || typeof text !== 'string') throw bad('"from" and "text" must be texts');
  if (time !== undefined && !whole(time, 0, 4e12)) throw bad('"time" is in milliseconds since 1970');
  if (alphabet !== undefined && alphabet !== 'gsm7' && alphabet !== 'ucs2') throw bad('"alphabet" is gsm7 or ucs2');
  if (parts !== undefined && !(Array.isArray(parts) && parts.every((n) => whole(n, 1, 255)))) {
    throw bad('"order" lists the numbers of parts, from 1 on');
  }
  if (reference !== undefined && !whole(reference, 0, 0xffff)) throw bad('"reference" is a number up to 65535');
  for (const [name, value] of Object.entries({ flash, wide })) {
    if (value !== undefined && typeof value !== 'boolean') throw bad(`"${name}" is true or false`);
  }
  const { do: _do, ...message } = order;
  return message as unknown as Incoming;
}

const CENTRE: Readonly<Record<keyof CentreSettings, (value: unknown) => boolean>> = {
  reportStatus: (value) => whole(value, 0, 255),
  delayMs: (value) => whole(value, 0, 3_600_000),
  loopback: (value) => typeof value === 'boolean',
  refuse: (value) => whole(value, 0, 999),
};

function centreOf({ do: _, ...settings }: Record<string, unknown>): Partial<CentreSettings> {
  for (const [name, value] of Object.entries(settings)) {
    if (!Object.hasOwn(CENTRE, name) || !CENTRE[name as keyof CentreSettings](value)) {
      throw bad(`"${name}" of the service centre can't be ${JSON.stringify(value)}`);
    }
  }
  return settings;
}

const bad = (why: string): DriverError => new DriverError('BAD_ARGUMENT', `The order is not understood: ${why}.`);
