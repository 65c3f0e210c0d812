/** USSD: ussd/get, ussd/status. */

import { known } from '../../values/shape';
import { WEB_USSD, type WebValues } from '../../values/web';
import type { Fields } from '../fields';
import { endpoint } from './endpoint';

/** `1 Offers`, `2) Credit`, `#. Back`; the first line is a heading, unless another entry follows it. */
const ENTRY = /^\s*(?:\d{1,2}|[#*]{1,2})\s*[.):>\- ]\s*\S/;

/** What looks like a menu; ussd/status knows it better, where a firmware has that. */
function looksLikeMenu(text: string): boolean {
  const [heading = '', ...lines] = text.split('\n');
  const entries = lines.filter((line) => ENTRY.test(line)).length;
  return entries > 0 && (entries > 1 || !ENTRY.test(heading));
}

function readAnswer(answer: Fields): WebValues {
  const text = answer.raw('content');
  return text === undefined || text === '' ? {} : { ussd: { text, menu: looksLikeMenu(text) } };
}

export const USSD_ANSWER = endpoint('ussd/get', "The network's answer; an error until it is there", readAnswer);
export const USSD_STATE = endpoint('ussd/status', 'Whether the network waits for an answer', (answer) => {
  const state = WEB_USSD.members.state.options[answer.code('result') ?? -1];
  return state === undefined ? {} : { ussd: known({ state, menu: state === 'menu' }) };
});
export const USSD_ENDPOINTS = [USSD_ANSWER, USSD_STATE] as const;
