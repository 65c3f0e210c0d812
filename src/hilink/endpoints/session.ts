/** Sessions, tokens and logins: webserver/*, user/*. */

import { known, knownOrNothing } from '../../values/shape';
import { WEB_CHALLENGE, WEB_LOGIN, type WebLogin, type WebValues } from '../../values/web';
import type { Fields } from '../fields';
import { endpoint } from './endpoint';

/** With or without its name; no length is required. */
export const cookieOf = (text: string): string =>
  text.includes('=') && /^\w+=/.test(text) ? text : `SessionID=${text}`;

/** Newer routers answer 64 characters, of which the last 32 count. */
export const tokenOf = (text: string): string => (text.length === 64 ? text.slice(32) : text);

const HEX = /^(?:[0-9a-f]{2})+$/i;
const hexOf = (text: string | undefined) => (text !== undefined && HEX.test(text) ? text : undefined);

function readSession(answer: Fields): WebValues {
  const cookie = answer.text('SesInfo');
  const token = answer.text('TokInfo', 'token');
  return known({
    session: knownOrNothing({
      cookie: cookie === undefined ? undefined : cookieOf(cookie),
      token: token === undefined ? undefined : tokenOf(token),
    }),
  });
}

function readState(answer: Fields): WebValues {
  const state = answer.code('State');
  const loggedIn = state === undefined ? undefined : state === 0;
  return known({
    login: knownOrNothing({
      loggedIn,
      other: state === -2 ? true : undefined,
      user: answer.text('Username'),
      method: methodOf(answer),
      type: answer.whole('password_type', WEB_LOGIN.members.type),
      padding: { 0: 'pkcs1' as const, 1: 'oaep' as const }[answer.code('rsapadingtype') ?? -1],
      locked: answer.flag('lockstatus'),
      wait: answer.whole('remainwaittime', WEB_LOGIN.members.wait),
    }),
  });
}

function methodOf(answer: Fields): WebLogin['method'] | undefined {
  if (answer.code('extern_password_type') === 1) return 'scram';
  const type = answer.code('password_type');
  if (type === 4) return 'sha256';
  return type === 0 || type === 3 ? 'base64' : undefined;
}

const readChallenge = (answer: Fields): WebValues =>
  known({
    challenge: knownOrNothing({
      salt: hexOf(answer.text('salt')),
      iterations: answer.whole('iterations', WEB_CHALLENGE.members.iterations),
      nonce: answer.text('servernonce'),
    }),
  });

const readKey = (answer: Fields): WebValues =>
  known({
    key: knownOrNothing({
      modulus: hexOf(answer.text('rsan', 'encpubkeyn')),
      exponent: hexOf(answer.text('rsae', 'encpubkeye')),
      signature: hexOf(answer.text('serversignature')),
      keySignature: hexOf(answer.text('rsapubkeysignature')),
    }),
  });

export const SESSION_TOKEN = endpoint('webserver/SesTokInfo', 'A session with its first token', readSession);
export const TOKEN = endpoint('webserver/token', 'A token', readSession);
export const PUBLIC_KEY = endpoint('webserver/publickey', 'The key for requests that go encrypted', readKey);
export const LOGIN_STATE = endpoint('user/state-login', 'Who is logged in, and how to', readState);
export const CHALLENGE = endpoint('user/challenge_login', 'First half of a login', readChallenge);
export const AUTHENTICATION = endpoint('user/authentication_login', 'Second half of a login', readKey);
export const LOGIN_NEEDED = endpoint('user/hilink_login', 'Whether a login is needed', (answer) =>
  known({ login: knownOrNothing({ needed: answer.flag('hilink_login') }) }),
);
export const SESSION_ENDPOINTS = [
  SESSION_TOKEN,
  TOKEN,
  PUBLIC_KEY,
  LOGIN_STATE,
  CHALLENGE,
  AUTHENTICATION,
  LOGIN_NEEDED,
  endpoint(
    'config/global/config.xml',
    'Settings of the pages',
    (answer) => known({ login: knownOrNothing({ needed: answer.flag('login') }) }),
    'config',
  ),
] as const;
