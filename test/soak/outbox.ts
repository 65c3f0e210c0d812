/**
 * SIGKILL at random moments of sending: a process sends SMS through a virtual stick that is served by another one, is killed,
 * and another one goes on with its state. What was really sent is in the log of the stick. Each message has one fate, what
 * was sent was sent once, and nothing that was accepted is lost without a word.
 *
 * `node build/test/soak/outbox.js KILLS SEED` runs the full form and prints the figures (`npm run slow:outbox`).
 */

import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { random } from '../support/random';
import { judgeSent, wantedOf } from '../support/sent-once';
import { type Entry, MODEM, ServedSticks } from '../support/served';
import type { Wish, Word } from './outbox-life';

export interface KillReport {
  seed: number;
  kills: number;
  messages: number;
  /** By fate. */
  fates: Record<string, number>;
  /** Kills while the stick had a part, as far as that shows: messages whose fate nobody knows. */
  parts: number;
  /** Asked for again under their id, in another life. */
  again: number;
}

/** Milliseconds that the stick takes for one part, and that a life lasts from its first word on, at most. */
const PART = 30;
const LONGEST = 400;
/** Messages that are under way at once. */
const AHEAD = 6;

class Run {
  readonly wishes = new Map<string, Wish>();
  readonly accepted = new Set<string>();
  readonly fates = new Map<string, string>();
  again = 0;
  readonly #next: (n: number) => number;
  readonly #stick: ServedSticks;
  readonly #folder: string;
  #child: ChildProcess | undefined;
  #wake: () => void = () => undefined;

  constructor(stick: ServedSticks, folder: string, next: (n: number) => number) {
    this.#stick = stick;
    this.#folder = folder;
    this.#next = next;
  }

  get open(): Wish[] {
    return [...this.wishes.values()].filter(({ id }) => !this.fates.has(id));
  }

  start(): void {
    const args = [this.#stick.place, this.#folder, join(this.#folder, 'state')];
    const child = fork(join(__dirname, 'outbox-life.js'), args, { stdio: 'inherit' });
    child.on('message', (word: Word) => this.#hear(word));
    this.#child = child;
    // A sender that does not know what became of its message asks again.
    for (const wish of this.open) {
      if (this.#next(2) === 0) continue;
      this.again++;
      child.send(wish);
    }
  }

  /** Keeps so many messages under way. */
  feed(): void {
    while (this.open.length < AHEAD) {
      const wanted = wantedOf(this.wishes.size, this.#next(2) === 0);
      const wish = { ...wanted, report: this.#next(3) === 0 };
      this.wishes.set(wish.id, wish);
      this.#child?.send(wish);
    }
  }

  #hear({ id, state }: Word): void {
    if (state === undefined) this.accepted.add(id);
    else {
      const before = this.fates.get(id);
      assert.ok(before === undefined || before === state, `${id} is ${state}, and was ${before} before`);
      this.fates.set(id, state);
    }
    this.#wake();
  }

  /** Until `enough`, or the child has ended. */
  async until(enough: () => boolean): Promise<void> {
    while (!enough()) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const before = this.#stick.log.length;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    // What it had handed to the stick is in the log; the next one may have its port.
    if (this.#stick.clients.at(-1) === 'virtual-1 came') {
      await this.#stick.logged(({ what, present }) => what === 'client' && present === false, before);
    }
  }

  /** What nobody has asked for again is asked for in the end. */
  ask(): void {
    for (const wish of this.open) this.#child?.send(wish);
  }
}

export async function killAtRandom(kills: number, seed: number): Promise<KillReport> {
  const next = random(seed);
  const folder = mkdtempSync(join(tmpdir(), 'e3272-outbox-'));
  const stick = await ServedSticks.start([{ ...MODEM, timing: { sms: PART } }]);
  const run = new Run(stick, folder, next);
  try {
    stick.order({ do: 'plug' });
    for (let n = 0; n < kills; n++) {
      run.start();
      // Some are killed while the stick is being opened, most while it sends.
      if (next(4) > 0) {
        const before = run.accepted.size + run.fates.size;
        run.feed();
        await run.until(() => run.accepted.size + run.fates.size > before);
      }
      await new Promise((resolve) => setTimeout(resolve, next(LONGEST)));
      await run.kill();
    }
    run.start();
    run.ask();
    await run.until(() => run.open.length === 0);
    await run.kill();
    return judge(run, stick.log, { kills, seed });
  } finally {
    await run.kill();
    await stick.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function judge(run: Run, log: readonly Entry[], { kills, seed }: { kills: number; seed: number }): KillReport {
  const { fates, parts } = judgeSent(run.wishes.values(), run, [log], () => true);
  return { seed, kills, messages: run.wishes.size, fates, parts, again: run.again };
}

if (require.main === module) {
  const [kills = 300, seed = Date.now() % 1_000_000] = process.argv.slice(2).map(Number);
  process.stdout.write(`seed ${seed}\n`);
  void killAtRandom(kills, seed).then((report) => process.stdout.write(`${JSON.stringify(report)}\n`));
}
