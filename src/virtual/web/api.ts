/** What is behind /api/: which endpoint is meant, whether the request may ask it, and how it is answered. */

import { DEVICE_ENDPOINTS } from './device';
import { CODES, type Endpoint, type Endpoints, type Result, refused, told, type Web } from './endpoint';
import { cookieOf, setCookie, TOKEN, tokenOf, type WebAnswer, type WebRequest } from './http';
import { isLoggedIn, needsLogin, USER_ENDPOINTS } from './login';
import { NETWORK_ENDPOINTS } from './network';
import { PIN_ENDPOINTS } from './pin';
import type { Session } from './sessions';
import { SMS_ENDPOINTS } from './sms';
import { SYSTEM_ENDPOINTS } from './system';
import { decodeText } from './text';
import { USSD_ENDPOINTS } from './ussd';
import { type Element, fits, parseRequest, writeAnswer } from './xml';

/** Tokens that a login hands out. */
const MANY = 30;
/** Characters in front of a token of 32. */
const PADDING = 32;

const WEBSERVER_ENDPOINTS: Endpoints = {
  'webserver/SesTokInfo': {
    free: true,
    on: ({ hands }) => hands.includes('SesTokInfo'),
    get: ({ web: { sessions }, session = sessions.open() }) =>
      told(['SesInfo', `SessionID=${session.id}`], ['TokInfo', sessions.token(session)]),
  },
  'webserver/token': {
    on: ({ hands }) => hands.includes('token'),
    get: ({ web: { sessions, personality }, session = sessions.open() }) =>
      told(['token', `${personality.longToken ? sessions.secret(PADDING) : ''}${sessions.token(session)}`]),
  },
};

const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map(
  [
    WEBSERVER_ENDPOINTS,
    USER_ENDPOINTS,
    DEVICE_ENDPOINTS,
    NETWORK_ENDPOINTS,
    PIN_ENDPOINTS,
    SMS_ENDPOINTS,
    SYSTEM_ENDPOINTS,
    USSD_ENDPOINTS,
  ].flatMap((some) => Object.entries(some)),
);

const NOTHING: Element = { name: '', text: '', children: [] };

/** The session of a request; where nobody looks at cookies there is one for all. */
function sessionOf({ personality, sessions }: Web, request: WebRequest): Session | undefined {
  if (personality.form === 'session') return sessions.find(cookieOf(request));
  return sessions.find('') ?? sessions.open('');
}

/** The token of a POST is used up by it, whatever comes of it. */
function tokenRefusal({ personality }: Web, session: Session | undefined, token: string): Result | undefined {
  if (personality.form === 'none') return undefined;
  if (token === '') return refused(CODES.token);
  return session?.tokens.delete(token) ? undefined : refused(CODES.otherToken);
}

interface Asked {
  endpoint: Endpoint;
  path: string;
  session: Session | undefined;
  token: string;
}

/** Why the request is not carried out; undefined = it is. */
function refusalOf(web: Web, { method }: WebRequest, { endpoint, path, session, token }: Asked): Result | undefined {
  const post = method === 'POST';
  if (!endpoint[post ? 'post' : 'get']) return refused(CODES.unknown);
  if (!session && !endpoint.free) return refused(CODES.session);
  const spent = post ? tokenRefusal(web, session, token) : undefined;
  if (spent) return spent;
  const guarded = endpoint.guards?.includes(post ? 'POST' : 'GET') || web.personality.guarded.includes(path);
  if (guarded && needsLogin(web) && !isLoggedIn({ web, session, token, body: NOTHING })) return refused(CODES.login);
  return undefined;
}

function carriedOut(web: Web, path: string, request: WebRequest): { result: Result; session: Session | undefined } {
  const { method } = request;
  const endpoint = ENDPOINTS.get(path);
  const session = sessionOf(web, request);
  const has = endpoint && (endpoint.on?.(web.personality) ?? true);
  if (!endpoint || !has) return { result: refused(CODES.unsupported), session };
  if (method !== 'GET' && method !== 'POST') return { result: refused(CODES.unknown), session };
  const token = tokenOf(request);
  const refusal = refusalOf(web, request, { endpoint, path, session, token });
  if (refusal) return { result: refusal, session };
  const call = { web, session, token, body: NOTHING };
  if (method === 'GET') return { result: endpoint.get?.(call) ?? refused(CODES.unknown), session };
  const spaces = web.personality.spaces && !web.quirks.has('web-no-spaces');
  const text = decodeText(request.body);
  const body = text === undefined ? undefined : parseRequest(text, spaces);
  const fitting = body?.name === 'request' && endpoint.post?.shapes.some((shape) => fits(body, shape));
  if (!body || !fitting) return { result: refused(CODES.format), session };
  return { result: endpoint.post?.act({ ...call, body }) ?? refused(CODES.unknown), session };
}

/** A session that the answer opens, and the tokens that it brings: one after each POST, many after a login. */
function sessionHeaders(web: Web, method: string, session: Session | undefined, result: Result): WebAnswer['headers'] {
  const { sessions, personality } = web;
  if (personality.form !== 'session') return [];
  const { opens } = result;
  if (opens) {
    const tokens = Array.from({ length: MANY }, () => sessions.token(opens));
    const [one = '', two = ''] = tokens;
    return [setCookie(opens.id), [TOKEN, tokens.join('#')], [`${TOKEN}one`, one], [`${TOKEN}two`, two]];
  }
  return session && method === 'POST' ? [[TOKEN, sessions.token(session)]] : [];
}

export interface ApiAnswer {
  /** undefined: the connection is closed. */
  answer: WebAnswer | undefined;
  /** `OK`, or the error code. */
  outcome: string;
  ms: number;
  after?: () => void;
  /** Of the request. */
  session?: Session | undefined;
}

/** The answer of a result that came about without the endpoint, or with it. */
function answered(web: Web, method: string, session: Session | undefined, result: Result): ApiAnswer {
  const { quirks, personality } = web;
  const rest = { ms: result.ms ?? 0, session, ...(result.after && { after: result.after }) };
  if ('closed' in result) return { answer: undefined, outcome: 'closed', ...rest };
  const style = { newline: quirks.has('web-crlf') ? '\r\n' : '\n', references: personality.lowerCase } as const;
  const failed = 'error' in result;
  const body = failed
    ? writeAnswer('error', [['code', result.error], ['message', ''], ...(result.more ?? [])], style)
    : writeAnswer('response', result.value, style);
  const type = ['Content-Type', quirks.has('web-html-type') ? 'text/html' : 'text/xml'] as const;
  const headers = [type, ...sessionHeaders(web, method, session, result)];
  return { answer: { status: 200, headers, body }, outcome: failed ? `${result.error}` : 'OK', ...rest };
}

/** `path` without `/api/` and query. */
export function apiAnswer(web: Web, path: string, request: WebRequest): ApiAnswer {
  const { result, session } = carriedOut(web, path, request);
  return answered(web, request.method, session, result);
}

/** Instead of whatever was asked: a refusal, whose token is used up all the same. */
export function apiRefusal(web: Web, request: WebRequest, result: Result): ApiAnswer {
  const session = sessionOf(web, request);
  session?.tokens.delete(tokenOf(request));
  return answered(web, request.method, session, result);
}
