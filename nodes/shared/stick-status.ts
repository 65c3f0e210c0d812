/** What a node shows of its stick: what that is at, unless a job waits for a person, or the node has just done something with it. */

import type { AtState } from '../../src/device/at/states';
import type { OnlookerOptions } from '../../src/device/onlooker';
import { type JobView, listJobs, onJob } from '../../src/jobs/registry';
import type { StickConfig } from './config';
import { loadDriver } from './lazy';
import type { NodeLife } from './node';
import { isUrgent } from './status';
import { STATUS, type StatusKey, statusOf } from './words';

/** Another word than the plain one, or a text that the stick itself gives. */
export type Also = (key: StatusKey) => { key: StatusKey; text?: string };

export class StickStatus {
  readonly #life: NodeLife;
  readonly #which: string;
  readonly #also: Also;
  /** Places of sticks whose job waits for a person. */
  readonly #waiting = new Set<string>();
  #state: AtState = { state: 'connecting' };
  #result: { key: StatusKey; mode: AtState['mode'] } | undefined;

  constructor(life: NodeLife, which: string, also: Also = (key) => ({ key })) {
    this.#life = life;
    this.#which = which;
    this.#also = also;
    life.onClose(onJob((job) => this.#watch(job)));
    for (const job of listJobs()) if (!job.report) this.#watch(job);
    this.show();
  }

  /** The stick is at something else. */
  is(state: AtState): void {
    this.#state = state;
    this.show();
  }

  /** What has become of what the node did: shown until the stick is something else, or has more pressing things to say. */
  result(key: StatusKey): void {
    this.#result = { key, mode: this.#state.mode };
    this.#show(true);
  }

  /** Something that decides on the word has changed. */
  show(): void {
    this.#show(false);
  }

  #show(over: boolean): void {
    const { key, ...rest } = this.#also(this.#withResult(this.#word));
    this.#life.status.stick(key, { ...rest, over });
  }

  #withResult(word: StatusKey): StatusKey {
    const result = this.#result;
    if (!result) return word;
    const { state, mode } = this.#state;
    // One that was off the bus at the end of a job is yet to come back as something.
    result.mode ??= mode;
    const isKnown = state !== 'connecting' && state !== 'busy';
    if (isKnown && mode !== result.mode) {
      this.#result = undefined;
      return word;
    }
    return isUrgent(STATUS[word]) && STATUS[result.key].fill === 'green' ? word : result.key;
  }

  get #word(): StatusKey {
    return this.#waiting.has(this.#state.stick ?? this.#which) ? 'waiting' : statusOf(this.#state);
  }

  #watch(job: JobView): void {
    const waits = this.#life.guard((is: boolean) => {
      if (is) this.#waiting.add(job.stick);
      else this.#waiting.delete(job.stick);
      this.show();
    });
    // The end may be told within watch().
    let callOff = () => {};
    const stop = job.watch({
      onEvent: (event) => {
        if (event.type === 'wait') waits(true);
        else if (event.type === 'stage') waits(event.stage === 'boot-pin');
      },
      onEnd: () => {
        waits(false);
        callOff();
      },
    });
    callOff = this.#life.onClose(stop);
  }
}

/** The same for a node that has no share in the session of its stick. */
export function onlookerStatus(
  life: NodeLife,
  { which, host }: Pick<StickConfig, 'which' | 'host'>,
  options?: OnlookerOptions,
): StickStatus {
  const status = new StickStatus(life, which);
  const look = life.guard((state: AtState) => status.is(state));
  void life
    .start(async () => {
      const [{ watchState }, bus] = await Promise.all([loadDriver(), host()]);
      const watch = watchState(bus, which, look, options);
      life.onClose(() => watch.stop());
    })
    .catch(() => undefined);
  return status;
}
