/** What an endpoint is given, and what it makes of it. */

import type { ModemContext } from '../modem/state';
import type { WebPersonality } from './firmware';
import type { WebMemory } from './memory';
import type { WebQuirk } from './quirks';
import type { Sending } from './sending';
import type { Session, Sessions } from './sessions';
import type { Tries } from './tries';
import type { Element, Node, Shape } from './xml';

/** The running web server, as its endpoints see it. */
export interface Web {
  readonly m: ModemContext;
  readonly personality: WebPersonality;
  readonly memory: WebMemory;
  readonly sessions: Sessions;
  readonly tries: Tries;
  readonly sending: Sending;
  readonly quirks: ReadonlySet<WebQuirk>;
  /** Seconds since the firmware started. */
  uptime(): number;
  /** The stick does this, and is gone from the bus soon. */
  leave(how: Leaving): void;
  /** Its address changes: the server is away for a while. */
  move(): void;
  /** What it has been told is forgotten. */
  forget(): void;
  /** The host wants data, or none, from now on. */
  connect(wanted: boolean): void;
}

/** A restart, off until it is plugged in anew, or serial ports until then: an AT port, or those for debugging besides. */
export type Leaving = 'restart' | 'off' | 'project' | 'debug';

export interface Call {
  readonly web: Web;
  /** Of the request; undefined where the firmware knows none, and before there is one. */
  readonly session: Session | undefined;
  /** The token of a POST; '' without one. */
  readonly token: string;
  /** The root element of a POST; empty for a GET. */
  readonly body: Element;
}

export type Result = {
  /** What follows once the answer is out. */
  after?: () => void;
  /** Milliseconds beyond the usual. */
  ms?: number;
  /** The session that a login has led to. */
  opens?: Session;
} & ({ value: 'OK' | readonly Node[] } | { error: number; more?: readonly Node[] } | { closed: true });

export type Act = (call: Call) => Result;

export interface Endpoint {
  get?: Act;
  post?: { shapes: readonly Shape[]; act: Act };
  /** These methods want a login. */
  guards?: readonly ('GET' | 'POST')[];
  /** No session is needed to ask it. */
  free?: true;
  /** Firmware that has it; all by default. */
  on?: (personality: WebPersonality) => boolean;
}

/** By path behind `/api/`. */
export type Endpoints = Readonly<Record<string, Endpoint>>;

export const DONE: Result = { value: 'OK' };
export const refused = (error: number): Result => ({ error });
export const told = (...value: readonly Node[]): Result => ({ value });

/** Error codes of the web interface. */
export const CODES = {
  unknown: 100001,
  unsupported: 100002,
  login: 100003,
  format: 100005,
  parameter: 100006,
  noSim: 101001,
  simPin: 101002,
  simPuk: 101003,
  pinOn: 101005,
  pinOff: 101006,
  wrongPin: 103002,
  wrongPuk: 103015,
  loggedIn: 108003,
  wrongPassword: 108006,
  locked: 108007,
  ussdWait: 111019,
  ussdTimeout: 111020,
  ussdRefused: 111022,
  smsBusy: 113004,
  smsDone: 113055,
  smsMissing: 113114,
  token: 125001,
  session: 125002,
  otherToken: 125003,
} as const;

/** The text of the element `name`; '' where it is missing. */
export const textIn = ({ children }: Element, name: string): string =>
  children.find((child) => child.name === name)?.text ?? '';

/** A whole number from `least` to `most`; undefined for anything else. */
export function numberIn(body: Element, name: string, least: number, most: number): number | undefined {
  const text = textIn(body, name);
  const value = Number(text);
  return /^-?\d{1,10}$/.test(text) && value >= least && value <= most ? value : undefined;
}
