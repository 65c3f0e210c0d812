/**
 * Orders to a virtual stick as JSON lines: what a person does (`{"do":"plug","bootPin":true}`, `unplug`, `insertSim` with
 * `state`, `removeSim`, `urc` with `line`) and faults (`{"fault":"silence","at":"data","nth":3}`).
 */

import { asDriverError, DriverError } from '../errors';
import { parseFaultOrder } from './faults';
import type { VirtualStick } from './stick';

const DOINGS = ['plug', 'unplug', 'insertSim', 'removeSim', 'urc'];

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
    default:
      throw bad(`it needs "fault", or "do" with one of ${DOINGS.join(', ')}`);
  }
}

const bad = (why: string): DriverError => new DriverError('BAD_ARGUMENT', `The order is not understood: ${why}.`);
