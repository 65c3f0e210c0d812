/**
 * The AT console of the sidebar: commands go through the same session, queue and guard as those of the nodes, and what is shown
 * through the same redactor. A console that nobody looks at for a while is closed, and its port with it, if no node uses that.
 */

import { errorData } from '../../nodes/shared/failure';
import { replyValue, urcValue } from '../../src/at/commands/value';
import { type Completion, completions, findCommands } from '../../src/at/completion';
import { redact } from '../../src/at/redact';
import { type AtHandle, openAtDevice } from '../../src/device/at/open-at';
import { failureOf } from './job-book';
import type { ConsoleLine } from './shapes';
import type { Watched } from './watched';

const MOST_LINES = 500;
const NOBODY_MS = 60_000;
/** Longer ones are no command that somebody types. */
export const LONGEST_COMMAND = 400;

class Console {
  readonly lines: ConsoleLine[] = [];
  readonly #watched: Watched;
  readonly #changed: () => void;
  readonly #ended: () => void;
  readonly #handle: AtHandle;
  readonly #offs: (() => void)[];
  #count = 0;
  #nobody: NodeJS.Timeout | undefined;

  constructor(watched: Watched, changed: () => void, ended: () => void) {
    this.#watched = watched;
    this.#changed = changed;
    this.#ended = ended;
    this.#handle = openAtDevice(watched.host, watched.device);
    this.#offs = [
      this.#handle.onUrc(({ line }) => {
        this.#add({ kind: 'urc', text: redact(line), ...shown(line, urcValue(line)) });
      }),
    ];
    this.touch();
  }

  /** Somebody looks. */
  touch(): void {
    clearTimeout(this.#nobody);
    this.#nobody = setTimeout(() => this.close(), NOBODY_MS).unref();
  }

  async run(command: string): Promise<void> {
    this.#add({ kind: 'command', text: redact(command) });
    try {
      const reply = await this.#handle.run(command);
      const all = reply.lines.join('\n');
      for (const text of redact(all).split('\n').filter(Boolean)) this.#add({ kind: 'line', text });
      const { value } = shown(all, reply.ok ? replyValue(command, reply.lines) : undefined);
      if (value !== undefined) this.#add({ kind: 'value', text: '', value });
      this.#add({ kind: reply.ok ? 'ok' : 'refused', text: reply.final, ms: Math.round(reply.ms) });
    } catch (error) {
      const failure = failureOf(await errorData(error));
      const { message, hint } = failure;
      this.#add({ kind: 'error', text: [message, hint].filter(Boolean).join(' '), failure });
    }
  }

  close(): void {
    clearTimeout(this.#nobody);
    for (const off of this.#offs) off();
    void this.#handle.release().catch(() => undefined);
    this.#ended();
  }

  #add(line: Omit<ConsoleLine, 'no' | 'at'>): void {
    this.lines.push({ no: ++this.#count, at: Date.now(), ...line });
    if (this.lines.length > MOST_LINES) this.lines.shift();
    this.#changed();
  }

  get stick(): string {
    return this.#watched.path;
  }
}

/** Where something of the lines is hidden their value is not shown: it says the same, in a form that nobody hides. */
function shown(lines: string, value: unknown): { value?: string } {
  if (value === undefined || redact(lines) !== lines) return {};
  const text = JSON.stringify(value);
  return redact(text) === text ? { value: text } : {};
}

export class Consoles {
  readonly #all = new Map<string, Console>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Opens the console of a stick, which opens its port; what it has told behind line `after`. */
  lines(watched: Watched, after: number): ConsoleLine[] {
    return this.#of(watched).lines.filter(({ no }) => no > after);
  }

  /** Resolves when the command has been answered, or not: both are lines. */
  run(watched: Watched, command: string): Promise<void> {
    return this.#of(watched).run(command);
  }

  close(stick: string): void {
    this.#all.get(stick)?.close();
  }

  stop(): void {
    for (const console of [...this.#all.values()]) console.close();
  }

  #of(watched: Watched): Console {
    const own =
      this.#all.get(watched.path) ??
      new Console(watched, this.#changed, () => {
        this.#all.delete(watched.path);
      });
    this.#all.set(watched.path, own);
    own.touch();
    return own;
  }
}

/** What may be typed on, with what it is about. */
export const completing = (start: string): Completion[] => completions(start).slice(0, 40);

/** What may be sent and has these words in it. All of them, for whoever looks through the list. */
export const finding = (words: string): Completion[] => findCommands(words);
