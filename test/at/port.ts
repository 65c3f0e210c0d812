import { AtChannel, type ChannelOptions, type Urc } from '../../src/at/channel';
import { DriverError, failure } from '../../src/errors';
import type { Clock, TtyPort } from '../../src/host/host';
import { VirtualClock } from '../../src/virtual/clock';

export type Cut = (bytes: Uint8Array) => Iterable<Uint8Array>;

export const whole: Cut = (bytes) => [bytes];
export const byBytes: Cut = (bytes) => Array.from(bytes, (byte) => Uint8Array.of(byte));

export const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** A tty whose other end is the test: `onWrite` sees each write, `feed` sends. */
export class ScriptedPort implements TtyPort {
  readonly path = '/dev/ttyTest';
  readonly written: string[] = [];
  isOpen = true;
  closed = 0;
  onWrite: (text: string) => void = () => {};
  cut: Cut = whole;
  /** The clock that must not jump while an answer is on its way: long chains of commands run in one go then. */
  clock: Clock | undefined;
  #onData: (chunk: Uint8Array) => void = () => {};
  #onGone: (error: DriverError) => void = () => {};

  async write(data: Uint8Array): Promise<void> {
    if (!this.isOpen) throw gone();
    const text = Buffer.from(data).toString('latin1');
    this.written.push(text);
    // Never from inside the write: a tty answers later.
    const answered = new Promise<void>((resolve) => {
      setImmediate(() => {
        this.onWrite(text);
        resolve();
      });
    });
    void this.clock?.during(answered);
  }

  receive(onData: (chunk: Uint8Array) => void, onGone: (error: DriverError) => void): void {
    this.#onData = onData;
    this.#onGone = onGone;
  }

  async close(): Promise<void> {
    this.isOpen = false;
    this.closed++;
  }

  feed(data: string | Uint8Array): void {
    for (const chunk of this.cut(typeof data === 'string' ? bytesOf(data) : data)) this.#onData(chunk);
  }

  /** The stick is pulled out. */
  vanish(): void {
    this.isOpen = false;
    this.#onGone(gone());
  }
}

const gone = () => failure('STICK_GONE/port', { path: '/dev/ttyUSB0' });

/** What a stick answers to a command line without its end; undefined: nothing. */
export type Stick = (command: string) => string | undefined;

export interface Bench {
  clock: VirtualClock;
  port: ScriptedPort;
  channel: AtChannel;
  urcs: Urc[];
  /** Replaces the stick's answers. */
  answer(stick: Stick): void;
}

export const OK = '\r\nOK\r\n';

/** A channel that is not open yet over a stick that answers OK to everything. */
export function bench(options: Partial<ChannelOptions> = {}): Bench {
  const clock = new VirtualClock();
  const port = new ScriptedPort();
  port.clock = clock;
  const channel = new AtChannel(port, { clock, stick: '1-1.4', ...options });
  const urcs: Urc[] = [];
  channel.onUrc((urc) => urcs.push(urc));
  const answer = (stick: Stick) => {
    port.onWrite = (text) => {
      const reply = stick(text.replace(/ ?\r$/, ''));
      if (reply !== undefined) port.feed(reply);
    };
  };
  answer(() => OK);
  return { clock, port, channel, urcs, answer };
}

/** The same, opened. */
export async function openBench(options: Partial<ChannelOptions> = {}): Promise<Bench> {
  const it = bench(options);
  await it.clock.run(it.channel.open());
  it.port.written.length = 0;
  return it;
}

/** Both outcomes of a promise, so that a test may look at rejections later. */
export async function settled<T>(promise: Promise<T>): Promise<T | DriverError> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof DriverError) return error;
    throw error;
  }
}
