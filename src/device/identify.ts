/** Who is in a socket: asked of the stick itself, while somebody needs to know. */

import { parseImei } from '../at/commands/identity';
import { ICCID_FILE, parseIccid } from '../at/commands/sim';
import { type Clock, type Host, sleep } from '../host/host';
import { type Identity, identitiesOf } from '../stick/identities';
import { hashOf } from '../stick/own-name';
import { TIMEOUTS } from '../timeouts';
import { type Run, unlessSilent } from './at/opening-steps';
import type { Commands, Visit } from './at/user-commands';

/** SIM busy, as `+CME ERROR: 14` (T21). */
const BUSY = 14;

/** Digits; what the stick does not tell is missing. */
export interface Digits {
  imei?: string;
  iccid?: string;
}

/** Both questions are answered without the PIN. Errors: those of `run` but TIMEOUT; the signal's reason. */
export async function askDigits(run: Run, clock: Clock, signal: AbortSignal): Promise<Digits> {
  const timeout = TIMEOUTS.at.command;
  const reply = await unlessSilent(run('AT+CGSN', { timeout }));
  const imei = reply?.ok ? parseImei(reply.lines) : undefined;
  const iccid = await askIccid(run, clock, signal);
  return { ...(imei !== undefined && { imei }), ...(iccid !== undefined && { iccid }) };
}

async function askIccid(run: Run, clock: Clock, signal: AbortSignal): Promise<string | undefined> {
  const until = clock.now() + TIMEOUTS.sim.busy;
  for (;;) {
    let busy = false;
    for (const command of ['AT^ICCID?', `AT${ICCID_FILE.name}`]) {
      const reply = await unlessSilent(run(command, { timeout: TIMEOUTS.at.command }));
      const iccid = reply?.ok ? parseIccid(reply.lines) : undefined;
      if (iccid !== undefined) return iccid;
      busy ||= reply?.number === BUSY;
    }
    if (!busy || clock.now() >= until) return undefined;
    await sleep(clock, TIMEOUTS.sim.busyPause, signal);
  }
}

export const identityOf = ({ imei, iccid }: Digits): Identity => ({
  ...(imei !== undefined && { imei: hashOf(imei) }),
  ...(iccid !== undefined && { sim: hashOf(iccid) }),
});

/** Asks each stick that comes into one socket, before anything else is sent to it. */
export class Identifier {
  readonly #host: Host;
  readonly #path: string;
  readonly #commands: Commands;
  readonly #open: () => Visit | undefined;
  #users = 0;
  /** The visit in which it has been asked. */
  #asked: Visit | undefined;

  /** `open`: the visit whose port takes commands now. */
  constructor(host: Host, path: string, commands: Commands, open: () => Visit | undefined) {
    this.#host = host;
    this.#path = path;
    this.#commands = commands;
    this.#open = open;
  }

  /** Somebody needs to know from now on. Returns how to end that. */
  ask(): () => void {
    this.#users++;
    this.look();
    return () => {
      this.#users--;
    };
  }

  /** The card may be another one, or tell its number only now: some firmware does that behind the PIN. */
  otherSim(): void {
    this.#asked = undefined;
    this.look();
  }

  /** Asks where the port is open and it is not known; commands wait for that. */
  look(): void {
    const visit = this.#open();
    if (this.#users === 0 || !visit || visit === this.#asked) return;
    this.#commands.afterOpen((run) => this.opened(visit, run))();
  }

  /** To be called before anybody's commands. Errors: those of `run` but TIMEOUT. */
  async opened(visit: Visit, run: Run): Promise<void> {
    if (this.#users === 0) return;
    this.#asked = visit;
    const identity = identityOf(await askDigits(run, this.#host.clock, visit.ended.signal));
    const identities = identitiesOf(this.#host);
    if (identities.differs(this.#path, identity)) this.#commands.otherStick();
    identities.tell(this.#path, visit.stick.device.address, identity);
  }
}
