/**
 * HiLink firmware by name, and what its web server is like: facts of recorded sticks and of other clients. Which generation
 * an E3272 speaks is known from one client's list only; the rest of its personality is assumed.
 */

/** How a request shows to which session it belongs. */
export type SessionForm =
  /** Not at all. */
  | 'none'
  /** Each POST carries a token; nobody looks at cookies. */
  | 'token'
  /** Each request carries the cookie of a session, each POST a token of it. */
  | 'session';

export interface WebPersonality {
  version: string;
  webui: string;
  form: SessionForm;
  /** Endpoints that hand out sessions and tokens. */
  hands: readonly ('SesTokInfo' | 'token')[];
  /** The last 32 characters of what webserver/token says are the token. */
  longToken: boolean;
  /** How user/login wants the password: 0 and 3 as base64, 4 as a hash with the token. */
  passwordType: 0 | 3 | 4;
  /** It knows no other login than by challenge. */
  scram: boolean;
  /** Whether it wants a login before it has been told otherwise. */
  login: boolean;
  /** What a login does while another session is logged in: 108003, or that one is out. */
  second: 'refused' | 'takes over';
  /** Paths that need a login besides the usual ones. */
  guarded: readonly string[];
  /** Endpoints and elements of 2012: no device/signal, bars in percent. */
  old: boolean;
  /** dialup/mobile-dataswitch works. */
  dataSwitch: boolean;
  /** White space may stand between the elements of a request. */
  spaces: boolean;
  /** `username` instead of `Username` in user/state-login. */
  lowerCase: boolean;
  /** Requests that take it out of HiLink. */
  ways: readonly Way[];
  /** The message of a Windows program for upgrades takes its CD-ROM to AT ports; else it leads to HiLink as any other. */
  project: boolean;
}

/** Opening a page, a POST to /CGI, a POST to device/mode. */
export type Way = 'pages' | 'cgi' | 'mode';

const USUAL = {
  longToken: false,
  passwordType: 4,
  scram: false,
  login: false,
  second: 'refused',
  guarded: [],
  old: false,
  dataSwitch: false,
  spaces: true,
  lowerCase: false,
  ways: [],
  project: true,
} as const satisfies Partial<WebPersonality>;

export const HILINK_FIRMWARE = {
  tokenless: {
    ...USUAL,
    version: '22.157.03.00.00',
    webui: '13.100.05.00.00',
    form: 'none',
    hands: [],
    passwordType: 0,
    old: true,
    ways: ['pages'],
  },
  token: {
    ...USUAL,
    version: '22.286.03.00.00',
    webui: '15.100.09.00.00',
    form: 'token',
    hands: ['token'],
    passwordType: 3,
    ways: ['cgi'],
  },
  metas: {
    ...USUAL,
    version: '22.470.07.00.00',
    webui: '17.100.08.00.03',
    form: 'session',
    hands: [],
  },
  sestok: {
    ...USUAL,
    version: '22.333.01.00.00',
    webui: '17.100.20.04.00',
    form: 'session',
    hands: ['SesTokInfo', 'token'],
    login: true,
    dataSwitch: true,
    ways: ['cgi', 'mode'],
  },
  scram: {
    ...USUAL,
    version: '10.0.3.1(H192SP1C983)',
    webui: 'WEBUI 10.0.3.1(W13SP2C7110)',
    form: 'session',
    hands: ['SesTokInfo', 'token'],
    longToken: true,
    scram: true,
    login: true,
    second: 'takes over',
    guarded: ['device/signal', 'net/net-mode'],
    dataSwitch: true,
    spaces: false,
    lowerCase: true,
    project: false,
  },
} as const satisfies Record<string, WebPersonality>;

export type HilinkFirmware = keyof typeof HILINK_FIRMWARE;

export const HILINK_NAMES = Object.keys(HILINK_FIRMWARE) as HilinkFirmware[];

/** What each is, in the words of docs/virtual-stick.md. */
export const HILINK_WORDS: Readonly<Record<HilinkFirmware, string>> = {
  tokenless: 'WebUI 13.x of the first generation: no token, no cookie, no `device/signal`',
  token: 'a token for each POST from `webserver/token`, no cookie (E3372s)',
  metas: 'WebUI 17.x: a cookie and `csrf_token` metas from its pages (E3272s); the default',
  sestok: '`webserver/SesTokInfo`; login by hash (E3372h)',
  scram: 'firmware 10.x: login by challenge, a token of 64 characters',
};

/** By the first digits of the version: what is flashed decides. */
const VERSIONS: readonly (readonly [RegExp, HilinkFirmware])[] = [
  [/^10\./, 'scram'],
  [/^2[12]\.1/, 'tokenless'],
  [/^2[12]\.2/, 'token'],
  [/^2[12]\.3/, 'sestok'],
];

export function personalityOf(version: string): WebPersonality {
  const [, name = 'metas'] = VERSIONS.find(([shape]) => shape.test(version)) ?? [];
  return { ...HILINK_FIRMWARE[name], version };
}
