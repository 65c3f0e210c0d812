/**
 * The web server of HiLink firmware while it runs: requests in, answers out, all time from the stick's clock. Behind it are the
 * same SIM, network and messages as behind the AT ports of other firmware. What speaks TCP is server.ts.
 */

import type { Clock } from '../../host/host';
import type { StickEvent } from '../events';
import type { FaultOrder } from '../faults';
import type { LanSettings } from '../lan/dhcp';
import { dial, drop } from '../modem/data';
import { registered, stat } from '../modem/network-service';
import type { ModemContext } from '../modem/state';
import type { Played, Script } from '../script';
import { Timers } from '../timers';
import type { Timing } from '../timing';
import { type ApiAnswer, apiAnswer, apiRefusal } from './api';
import { CODES, type Leaving, refused, type Web } from './endpoint';
import type { WebPersonality } from './firmware';
import type { WebAnswer, WebOutcome, WebRequest } from './http';
import { lockedError } from './login';
import { freshMemory, type WebMemory } from './memory';
import { pageFor, redirect } from './pages';
import type { WebQuirk } from './quirks';
import { Sending } from './sending';
import { type Session, Sessions } from './sessions';
import { Tries } from './tries';

export interface WebWiring {
  clock: Clock;
  timing: Timing;
  /** The running firmware. */
  m: ModemContext;
  personality: WebPersonality;
  memory: WebMemory;
  quirks: ReadonlySet<WebQuirk>;
  /** Of its secrets: another one at each start. */
  seed: string;
  /** What is answered as it was recorded. */
  script?: Script;
  fault(path: string): FaultOrder | undefined;
  pull(order: FaultOrder): void;
  /** In `ms` milliseconds. */
  leave(how: Leaving, ms: number): void;
  event(event: StickEvent): void;
}

const LATE = 2_000;
const LOCKOUT = 60_000;
const ROAMING = 5;
/** Characters of a path in the log. */
const LOGGED = 100;
const JUNK = Buffer.from('a53c00ff9142', 'hex');

export class WebFace {
  readonly #wiring: WebWiring;
  readonly #web: Web;
  readonly #timers: Timers;
  /** Who waits for an answer. */
  readonly #waiting = new Set<(outcome: WebOutcome) => void>();
  /** Sessions whose state somebody has asked for. */
  readonly #asked = new WeakSet<Session>();
  #up = false;
  #wantsData: boolean;

  constructor(wiring: WebWiring) {
    const { clock, m, personality, memory, quirks, timing } = wiring;
    const began = clock.now();
    this.#wiring = wiring;
    this.#timers = new Timers(clock);
    this.#wantsData = memory.connectMode === 0;
    this.#web = {
      m,
      personality,
      memory,
      quirks,
      sessions: new Sessions(clock, wiring.seed),
      tries: new Tries(clock),
      sending: new Sending(m),
      uptime: () => Math.floor((clock.now() - began) / 1000),
      leave: (how) => wiring.leave(how, how === 'project' || how === 'debug' ? timing.switch : timing.webReset),
      move: () => {
        this.#turn(false);
        this.#timers.after(timing.webAddress, () => this.#turn(true));
      },
      forget: () => Object.assign(memory, { login: undefined }, freshMemory(personality)),
      connect: (wanted) => this.#connect(wanted),
    };
    this.#timers.after(timing.webStart, () => this.#turn(true));
  }

  /** Whether its server answers at all. */
  get up(): boolean {
    return this.#up;
  }

  /** Where hosts find it. */
  get address(): string {
    return this.#web.memory.address;
  }

  /** The network that it makes for its host. */
  get lan(): LanSettings {
    return this.#web.memory;
  }

  /** Sessions that are open now. */
  get sessions(): number {
    return this.#web.sessions.size;
  }

  /** The stick leaves the bus: connections are closed. */
  dispose(): void {
    this.#timers.clear();
    this.#turn(false);
  }

  /** Resolves when the stick answers, or closes the connection: undefined. */
  handle(request: WebRequest): Promise<WebOutcome> {
    if (!this.#up) return Promise.resolve(undefined);
    this.#keepConnected();
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
      this.#take(request, (outcome) => {
        if (this.#waiting.delete(resolve)) resolve(outcome);
      });
    });
  }

  #turn(up: boolean): void {
    if (this.#up === up) return;
    this.#up = up;
    this.#wiring.event({ what: 'web', up });
    if (up) {
      this.#keepConnected();
      return;
    }
    for (const resolve of this.#waiting) resolve(undefined);
    this.#waiting.clear();
  }

  #take(request: WebRequest, answer: (outcome: WebOutcome) => void): void {
    const { timing, pull, event } = this.#wiring;
    const [path = ''] = request.path.split('?');
    const name = path.replace(/^\/api\//, '');
    const order = this.#wiring.fault(name);
    if (order?.fault === 'silence') return;
    if (order?.fault === 'unplug') {
      pull(order);
      return;
    }
    const result = this.#struck(order, request) ?? this.#outcome(path, name, request);
    const late = order?.fault === 'late' ? (order.ms ?? LATE) : 0;
    this.#timers.after(timing.webAnswer + result.ms + late, () => {
      event({ what: 'request', method: request.method, path: path.slice(0, LOGGED), result: result.outcome });
      answer(harmed(result.answer, order));
      result.after?.();
    });
  }

  /** What a fault answers in the endpoint's place. */
  #struck(order: FaultOrder | undefined, request: WebRequest): ApiAnswer | undefined {
    const web = this.#web;
    switch (order?.fault) {
      case 'nak':
        return apiRefusal(web, request, refused(order.code ?? CODES.unknown));
      case 'usedtoken':
        return apiRefusal(web, request, refused(CODES.otherToken));
      case 'toomany':
        return apiRefusal(web, request, refused(CODES.loggedIn));
      case 'nosession':
        web.sessions.clear();
        return apiRefusal(web, request, refused(CODES.session));
      case 'lockout':
        web.tries.lock(order.ms ?? LOCKOUT);
        return apiRefusal(web, request, lockedError(web));
      case 'redirect':
        return { answer: redirect(web), outcome: 'redirect', ms: 0 };
      case 'reboot':
        this.#wiring.leave('restart', 0);
        return { answer: undefined, outcome: 'closed', ms: 0 };
      default:
        return undefined;
    }
  }

  #outcome(path: string, name: string, request: WebRequest): ApiAnswer {
    const web = this.#web;
    const isApi = name !== path;
    const offline = web.m.data.state !== 'up' && web.quirks.has('web-redirects');
    if (offline && isApi && !name.startsWith('webserver/')) {
      return { answer: redirect(web), outcome: 'redirect', ms: 0 };
    }
    if (!isApi) {
      const answer = pageFor(web, path, request);
      return { answer, outcome: answer ? `${answer.status}` : 'closed', ms: 0 };
    }
    const result = played(apiAnswer(web, name, request), request, () => this.#wiring.script?.web(name));
    return name === 'user/state-login' && this.#drops(result) ? { ...result, answer: undefined } : result;
  }

  /** The first question of a session for its login: some sticks cut the connection. */
  #drops({ session }: ApiAnswer): boolean {
    if (!session || this.#asked.has(session)) return false;
    this.#asked.add(session);
    return this.#web.quirks.has('web-drops-login');
  }

  #connect(wanted: boolean): void {
    const { m, memory } = this.#web;
    this.#wantsData = wanted;
    if (!wanted) drop(m);
    else if (memory.dataAllowed) dial(m);
  }

  /** It connects by itself, and again; seen only by those who ask, so that is when it is done. */
  #keepConnected(): void {
    const { m, memory } = this.#web;
    const abroad = stat(m) === ROAMING && memory.roaming === 0;
    if (this.#wantsData && memory.connectMode === 0 && memory.dataAllowed && registered(m) && !abroad) dial(m);
  }
}

/** Who may ask, and by which session, is the server's own matter: only what is told is as it was recorded. */
function played(own: ApiAnswer, { method }: WebRequest, recorded: () => Played | undefined): ApiAnswer {
  if (method !== 'GET' || own.outcome !== 'OK' || !own.answer) return own;
  const { text, ms } = recorded() ?? {};
  return text === undefined ? own : { ...own, answer: { ...own.answer, body: Buffer.from(text) }, ms: ms ?? own.ms };
}

function harmed(answer: WebAnswer | undefined, order: FaultOrder | undefined): WebOutcome {
  if (!answer) return undefined;
  if (order?.fault === 'lost') return undefined;
  if (order?.fault === 'garbage') return { ...answer, body: JUNK };
  return order?.fault === 'cut' ? { ...answer, cut: true } : answer;
}
