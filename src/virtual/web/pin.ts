/** pin/*: state of the SIM, PIN and PUK; the same SIM, codes and tries as behind the AT commands. */

import type { Handler } from '../modem/handler';
import type { Reply } from '../modem/reply';
import { clck, cpin, cpwd } from '../modem/sim';
import { type Call, CODES, DONE, type Endpoints, type Result, refused, textIn, told } from './endpoint';

const STATES = { absent: 255, busy: 255, ready: 257, pin: 260, puk: 261 } as const;
const CHECK_OFF = 258;
const CHECK_ON = 259;

function status({ web: { m } }: Call): Result {
  const { state, locked, pinTries, pukTries } = m.sim;
  return told(
    ['SimState', STATES[state]],
    ['PinOptState', locked || state === 'pin' || state === 'puk' ? CHECK_ON : CHECK_OFF],
    ['SimPinTimes', pinTries],
    ['SimPukTimes', pukTries],
  );
}

const isRefusal = (reply: Reply): boolean => 'cme' in reply || 'cms' in reply || 'final' in reply;

/** What the modem makes of a code, in the words of the web interface. */
function carriedOut({ web: { m } }: Call, handler: Handler, args: string, wrong: number): Result {
  const { state } = m.sim;
  if (state === 'absent' || state === 'busy') return refused(CODES.noSim);
  const reply = handler(m, args);
  if (isRefusal(reply)) return refused(wrong);
  return 'after' in reply && reply.after ? { ...DONE, after: reply.after } : DONE;
}

const isCode = (code: string): boolean => /^\d{4,8}$/.test(code);

function operate(call: Call): Result {
  const { body } = call;
  const [type, pin, fresh, puk] = ['OperateType', 'CurrentPin', 'NewPin', 'PukCode'].map((name) =>
    textIn(body, name),
  ) as [string, string, string, string];
  const needed = { '0': [pin], '1': [pin], '2': [pin], '3': [pin, fresh], '4': [fresh, puk] }[type];
  if (!needed?.every(isCode)) return refused(CODES.parameter);
  switch (type) {
    case '0':
      return carriedOut(call, cpin, `"${pin}"`, CODES.wrongPin);
    case '1':
      return carriedOut(call, clck, `"SC",1,"${pin}"`, CODES.pinOn);
    case '2':
      return carriedOut(call, clck, `"SC",0,"${pin}"`, CODES.pinOff);
    case '3':
      return carriedOut(call, cpwd, `"SC","${pin}","${fresh}"`, CODES.wrongPin);
    default:
      return carriedOut(call, cpin, `"${puk}","${fresh}"`, CODES.wrongPuk);
  }
}

/** It is locked to no operator. */
const simlock = (): Result =>
  told(['SimLockEnable', 0], ['SimLockRemainTimes', 10], ['pSimLockEnable', ''], ['pSimLockRemainTimes', '']);

export const PIN_ENDPOINTS: Endpoints = {
  'pin/status': { get: status },
  'pin/operate': { post: { shapes: [['OperateType', 'CurrentPin', 'NewPin', 'PukCode']], act: operate } },
  'pin/simlock': { get: simlock },
};
