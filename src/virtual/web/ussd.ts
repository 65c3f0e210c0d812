/** ussd/*: a code goes out, the answer is asked for until it is there. */

import { registered } from '../modem/network-service';
import { ask, release } from '../modem/ussd';
import { type Call, CODES, DONE, type Endpoints, type Result, refused, textIn, told } from './endpoint';

/** What +CUSD calls 4 and 5. */
const UNSUPPORTED = 4;
const TIMED_OUT = 5;

function send({ web: { m }, body }: Call): Result {
  const content = textIn(body, 'content');
  if (!/^[\d*#]{1,40}$/.test(content)) return refused(CODES.format);
  if (!registered(m)) return refused(CODES.ussdRefused);
  const { ms, come } = ask(m, content);
  return { ...DONE, after: () => m.after(ms, come) };
}

function get({ web: { m } }: Call): Result {
  const { said } = m.settings.ussd;
  if (!said) return refused(CODES.ussdWait);
  if (said.status === UNSUPPORTED) return refused(CODES.ussdRefused);
  if (said.status === TIMED_OUT) return refused(CODES.ussdTimeout);
  return told(['content', said.text], ['date', '']);
}

/** 0 nothing, 1 the network is asked, 2 an answer is awaited. */
function status({ web: { m } }: Call): Result {
  const { open, asked } = m.settings.ussd;
  return told(['result', asked ? 1 : open ? 2 : 0]);
}

function end({ web: { m } }: Call): Result {
  release(m);
  m.settings.ussd.said = undefined;
  return DONE;
}

export const USSD_ENDPOINTS: Endpoints = {
  // The pages write CodeType where the other clients write codeType.
  'ussd/send': {
    post: {
      shapes: [
        ['content', 'codeType', 'timeout?'],
        ['content', 'CodeType', 'timeout?'],
      ],
      act: send,
    },
  },
  'ussd/get': { get },
  'ussd/status': { get: status },
  'ussd/release': { get: end },
};
