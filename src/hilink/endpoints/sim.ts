/** The SIM: pin/status, pin/simlock. */

import { known, knownOrNothing } from '../../values/shape';
import { WEB_SIM, type WebValues } from '../../values/web';
import type { Fields } from '../fields';
import { pinState } from './codes';
import { endpoint } from './endpoint';

const SIM = WEB_SIM.members;

/** PinOptState, or SimState itself. */
const CHECKS: Readonly<Record<number, boolean>> = { 258: false, 259: true, 260: true };

function readPin(answer: Fields): WebValues {
  const state = answer.code('SimState');
  const option = answer.code('PinOptState');
  return known({
    sim: knownOrNothing({
      ...pinState(state),
      pinCheck: CHECKS[option ?? -1] ?? CHECKS[state ?? -1],
      pinTries: answer.whole('SimPinTimes', SIM.pinTries),
      pukTries: answer.whole('SimPukTimes', SIM.pukTries),
    }),
  });
}

/** An operator's lock, which pin/status does not tell. */
const readLock = (answer: Fields): WebValues =>
  known({
    sim: knownOrNothing({
      locked: answer.flag('SimLockEnable', 'pSimLockEnable'),
      lockTries:
        answer.whole('SimLockRemainTimes', SIM.lockTries) ?? answer.whole('pSimLockRemainTimes', SIM.lockTries),
    }),
  });

export const PIN = endpoint('pin/status', 'State of the SIM, tries that are left', readPin);
export const SIM_ENDPOINTS = [
  PIN,
  endpoint('pin/simlock', 'Lock of the stick to an operator', readLock),
  endpoint('pin/save-pin', 'Whether the stick keeps the PIN', (answer) => {
    return known({
      sim: knownOrNothing({ pinKept: answer.flag('SimSavepinStatus') }),
      features: knownOrNothing({ savePin: answer.flag('simsavepinenable') }),
    });
  }),
] as const;
