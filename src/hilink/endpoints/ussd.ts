/** USSD: ussd/get, ussd/status. */

import { known } from '../../values/shape';
import { WEB_USSD, type WebValues } from '../../values/web';
import type { Fields } from '../fields';
import { endpoint } from './endpoint';

/** `1 Offers`, `2) Credit`, `#. Back`. */
const ENTRY = /^\s*(?:\d{1,2}|[#*]{1,2})\s*[.):>\- ]\s*\S/;

/** What looks like a menu: ussd/status knows it better, where a firmware has that. A heading alone may be `50 MB left`. */
function looksLikeMenu(text: string): boolean {
  const entries = text.split('\n').map((line) => ENTRY.test(line));
  return entries.filter(Boolean).length > 1 || entries.indexOf(true) > 0;
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
