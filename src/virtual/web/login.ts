/** Who may do what: login in the ways of the generations, and logout. */

import { createHash, timingSafeEqual } from 'node:crypto';
import {
  type Call,
  CODES,
  DONE,
  type Endpoints,
  numberIn,
  type Result,
  refused,
  textIn,
  told,
  type Web,
} from './endpoint';
import { prove } from './scram';
import type { Node } from './xml';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The password as user/login wants it. */
export function wanted(type: 0 | 3 | 4, user: string, password: string, token: string): string {
  if (type !== 4) return base64(password);
  return base64(sha256(user + base64(sha256(password)) + token));
}

const same = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** Whether something needs a login now. */
export const needsLogin = ({ personality, memory }: Web): boolean => memory.login ?? personality.login;

export const isLoggedIn = ({ web, session }: Call): boolean =>
  session !== undefined && web.sessions.loggedIn === session;

export const lockedError = ({ tries }: Web): Result => ({
  error: CODES.locked,
  more: [['waittime', tries.lockedFor]],
});

/** Why nobody can log in now; undefined = try. */
function barred({ web, session }: Call): Result | undefined {
  if (web.tries.lockedFor > 0) return lockedError(web);
  const { loggedIn } = web.sessions;
  const taken = loggedIn !== undefined && loggedIn !== session && web.personality.second === 'refused';
  return taken ? refused(CODES.loggedIn) : undefined;
}

function enter({ web, session }: Call): Pick<Result, 'opens'> {
  web.tries.succeeded();
  return session ? { opens: web.sessions.logIn(session) } : {};
}

function wrong({ web }: Call): Result {
  web.tries.failed();
  return web.tries.lockedFor > 0 ? lockedError(web) : refused(CODES.wrongPassword);
}

function logIn(call: Call): Result {
  const { web, body, token } = call;
  const { user, password } = web.memory;
  const { passwordType } = web.personality;
  const refusal = barred(call);
  if (refusal) return refusal;
  const type = numberIn(body, 'password_type', 0, 4);
  const right =
    type === passwordType &&
    textIn(body, 'Username') === user &&
    same(textIn(body, 'Password'), wanted(passwordType, user, password, token));
  return right ? { ...DONE, ...enter(call) } : wrong(call);
}

const NONCE = /^[\da-f]{64}$/i;
const ITERATIONS = 100;

function challenge(call: Call): Result {
  const { web, body } = call;
  const firstNonce = textIn(body, 'firstnonce');
  if (!NONCE.test(firstNonce) || textIn(body, 'mode') !== '1') return refused(CODES.parameter);
  const refusal = barred(call);
  if (refusal) return refusal;
  const serverNonce = firstNonce + web.sessions.secret(32).replaceAll(/\W/g, '0');
  const salt = sha256(web.sessions.secret(32));
  web.tries.challenge = { user: textIn(body, 'username'), firstNonce, serverNonce, salt, iterations: ITERATIONS };
  return told(
    ['salt', salt],
    ['modeselected', 1],
    ['servernonce', serverNonce],
    ['newType', 0],
    ['iterations', ITERATIONS],
  );
}

function authenticate(call: Call): Result {
  const { web, body } = call;
  const { challenge: asked } = web.tries;
  web.tries.challenge = undefined;
  const refusal = barred(call);
  if (refusal) return refusal;
  if (!asked || textIn(body, 'finalnonce') !== asked.serverNonce) return refused(CODES.wrongPassword);
  // Nobody encrypts anything with it: it only has the form of an RSA modulus.
  const modulus = createHash('sha512').update(asked.salt).digest('hex').repeat(4).replace(/^./, 'e');
  const proven = prove(asked, web.memory.password, textIn(body, 'clientproof'), modulus);
  if (!proven || asked.user !== web.memory.user) return wrong(call);
  return {
    ...told(
      ['serversignature', proven.serverSignature],
      ['rsapubkeysignature', proven.keySignature],
      ['rsan', modulus],
      ['rsae', '010001'],
    ),
    ...enter(call),
  };
}

function state(call: Call): Result {
  const { web } = call;
  const { personality, tries, memory, sessions } = web;
  const inside = isLoggedIn(call);
  const name = inside ? memory.user : '';
  const number = inside ? 0 : sessions.loggedIn ? -2 : -1;
  const lock: Node[] = [
    ['lockstatus', tries.lockedFor > 0 ? 1 : 0],
    ['remainwaittime', tries.lockedFor],
  ];
  if (!personality.lowerCase) {
    return told(['State', number], ['Username', name], ['password_type', personality.passwordType], ...lock);
  }
  return told(
    ['password_type', personality.passwordType],
    ['extern_password_type', personality.scram ? 1 : 0],
    ['history_login_flag', 0],
    ['State', number],
    ...lock,
    ['password_rule', 0],
    ['accounts_number', 1],
    ['rsapadingtype', 1],
    ['username', name],
    ['firstlogin', 1],
    ['userlevel', inside ? 2 : ''],
  );
}

function logOut(call: Call): Result {
  const { web, session } = call;
  if (textIn(call.body, 'Logout') !== '1') return refused(CODES.parameter);
  return { ...DONE, after: () => (session && isLoggedIn(call) ? web.sessions.end(session) : undefined) };
}

const SCRAM = ({ scram }: { scram: boolean }) => scram;

export const USER_ENDPOINTS: Endpoints = {
  'user/state-login': { get: state, on: ({ old }) => !old },
  'user/hilink_login': { get: ({ web }) => told(['hilink_login', needsLogin(web) ? 1 : 0]) },
  'user/heartbeat': { get: (call) => told(['userlevel', isLoggedIn(call) ? 2 : 0]) },
  'user/login': {
    post: { shapes: [['Username', 'Password', 'password_type']], act: logIn },
    on: ({ scram }) => !scram,
  },
  'user/challenge_login': { post: { shapes: [['username', 'firstnonce', 'mode']], act: challenge }, on: SCRAM },
  'user/authentication_login': { post: { shapes: [['clientproof', 'finalnonce']], act: authenticate }, on: SCRAM },
  'user/logout': { post: { shapes: [['Logout']], act: logOut } },
};
