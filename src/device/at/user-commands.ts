/** The users' commands on whichever channel is open: they wait for it, and for what each opening begins with. */

import type { AtChannel, AtReply, RunOptions } from '../../at/channel';
import { prepare } from '../../at/steps';
import { DriverError, isDriverError } from '../../errors';
import type { Clock } from '../../host/host';
import type { Stick } from '../../stick/stick';
import { TIMEOUTS } from '../../timeouts';
import type { AtEvent } from './events';
import type { Pulse } from './health';
import { type OpenStep, type Run, runSteps } from './opening-steps';
import { type AtStates, interrupted, otherStick, stickGone, unavailable } from './states';

/** One try to serve the stick: lasts until the port is lost, a job wants the stick or the session ends. */
export interface Visit {
  readonly stick: Stick;
  readonly ended: AbortController;
  channel?: AtChannel;
  pulse?: Pulse;
}

export interface CommandsWiring {
  clock: Clock;
  /** Port path of the stick. */
  path: string;
  states: AtStates;
  visit(): Visit | undefined;
  /** The port is in another program's hands. */
  isReleased(): boolean;
  tell(event: AtEvent): void;
  /** Hears every answer. */
  answered(reply: AtReply): void;
}

export class Commands {
  readonly steps = new Set<OpenStep>();
  readonly #wiring: CommandsWiring;
  /** Steps that run now: commands wait for them. */
  #settingUp: Promise<void> | undefined;
  readonly #running = new Set<Promise<unknown>>();
  /** Counts the sticks that have been here. */
  #stick = 0;

  constructor(wiring: CommandsWiring) {
    this.#wiring = wiring;
  }

  /** Resolves when all that has been sent is answered. */
  get answered(): Promise<unknown> {
    return Promise.all(this.#running);
  }

  /** The port is that of another stick than before: what waits was meant for that one, and is refused. */
  otherStick(): void {
    this.#stick++;
  }

  /** Runs `step` after each opening, and now if the port is open. */
  afterOpen(step: OpenStep): () => void {
    this.steps.add(step);
    const { states, visit, tell, answered } = this.#wiring;
    const channel = states.now.state === 'ready' ? visit()?.channel : undefined;
    if (channel) {
      const before = this.#settingUp ?? Promise.resolve();
      const run: Run = async (command, options) => {
        const reply = await channel.run(command, options);
        answered(reply);
        return reply;
      };
      const done = before
        .then(() => runSteps(channel, run, [step], tell))
        .catch(() => undefined)
        .then(() => {
          if (this.#settingUp === done) this.#settingUp = undefined;
        });
      this.#settingUp = done;
    }
    return () => {
      this.steps.delete(step);
    };
  }

  /** Sends one command as soon as the port is there. Errors: those of {@link AtChannel.run} and {@link unavailable}. */
  async run(command: string, options: RunOptions = {}): Promise<AtReply> {
    const { clock, path, states, isReleased } = this.#wiring;
    const request = prepare(command, options, path);
    if (request instanceof DriverError) throw request;
    const meant = this.#stick;
    if (states.now.state === 'connecting') await states.settled(clock, TIMEOUTS.session.connect, options.signal);
    while (this.#settingUp) await this.#settingUp;
    if (meant !== this.#stick) throw otherStick(path);
    const visit = this.#wiring.visit();
    const channel = visit?.channel;
    if (!visit || !channel || states.now.state !== 'ready') throw unavailable(states.now, path);
    const reply = channel.send(request);
    const ended = reply.catch(() => undefined);
    this.#running.add(ended);
    try {
      const answer = await reply;
      visit.pulse?.answered();
      this.#wiring.answered(answer);
      return answer;
    } catch (error) {
      // A dead port is known here before the bus shows it.
      if (!channel.isOpen) visit.ended.abort(stickGone(path));
      else if (isDriverError(error, 'TIMEOUT')) visit.pulse?.suspect();
      const why: unknown = visit.ended.signal.reason;
      if (!isDriverError(why, 'BUSY') || options.signal?.aborted) throw error;
      throw interrupted(isReleased() ? 'released' : 'busy', path, error);
    } finally {
      this.#running.delete(ended);
    }
  }
}
