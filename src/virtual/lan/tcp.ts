/**
 * TCP of the virtual stick's server, one connection as a stream: what its host's kernel needs of RFC 9293 over a cable that
 * loses next to nothing. Segments come in order or are sent again; there are no options but the size of a segment.
 */

import { Duplex } from 'node:stream';
import type { Clock, Timer } from '../../host/host';
import { SEGMENT, type Segment } from './frames';

const WINDOW = 0xffff;
const NOTHING = Buffer.alloc(0);
/** Octets that wait to be acknowledged before whoever writes has to wait. */
const MOST_UNSENT = 1 << 16;
const RESEND_MS = 500;
const MOST_RESENDS = 6;

export interface TcpWiring {
  clock: Clock;
  /** Ports are filled in by whoever has them. */
  send(segment: Omit<Segment, 'fromPort' | 'toPort'>): void;
  /** Both directions have ended, or it broke. */
  gone(): void;
}

/** a - b, of numbers that go round at 2^32. */
const minus = (a: number, b: number): number => (a - b) | 0;
const plus = (a: number, b: number): number => (a + b) >>> 0;

export class TcpConnection extends Duplex {
  readonly #wiring: TcpWiring;
  /** What is expected next of the host. */
  #expected: number;
  /** The first octet that it has not acknowledged, which is the first one of {@link #unacked}; and the next to be sent. */
  #acked = 0;
  #next = 1;
  /** Behind all that was ever sent. */
  #sent = 1;
  #unacked: Buffer = Buffer.alloc(0);
  /** Octets that the host has room for. */
  #window: number;
  /** Nothing follows after {@link #unacked}. */
  #ending = false;
  /** The host knows. */
  #ended = false;
  #open = false;
  #hostEnded = false;
  #timer: Timer | undefined;
  #resends = 0;
  #written: (() => void) | undefined;
  #finished: (() => void) | undefined;

  /** `syn` is the host's; it is answered. */
  constructor(syn: Segment, wiring: TcpWiring) {
    super();
    this.#wiring = wiring;
    this.#expected = plus(syn.seq, 1);
    this.#window = syn.window;
    this.#greet();
  }

  arrived(segment: Segment): void {
    if (segment.rst) {
      this.#ended = true;
      this.destroy();
      return;
    }
    if (segment.syn) {
      this.#greet();
      return;
    }
    if (segment.acks) this.#acknowledged(segment);
    if (this.#open && !this.destroyed) this.#received(segment);
  }

  /** A host that was told of no room asks again. */
  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.#unacked = Buffer.concat([this.#unacked, chunk]);
    this.#flush();
    if (this.#unacked.length < MOST_UNSENT) done();
    else this.#written = done;
  }

  /** It counts as ended when the host knows: until then nothing of it may be forgotten. */
  override _final(done: () => void): void {
    this.#ending = true;
    this.#finished = done;
    this.#flush();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#timer?.cancel();
    if (!this.#ended) this.#send(this.#next, { rst: true });
    this.#wiring.gone();
    done(error);
  }

  #greet(): void {
    this.#send(0, { syn: true });
  }

  #acknowledged({ ack, window }: Segment): void {
    this.#window = window;
    this.#resends = 0;
    const octets = minus(ack, this.#acked);
    if (octets > 0 && minus(ack, this.#sent) <= 0) {
      // The greeting counts as one, and so does the end.
      const data = octets - (this.#open ? 0 : 1);
      this.#open = true;
      if (data > this.#unacked.length) this.#ended = true;
      this.#unacked = this.#unacked.subarray(data);
      this.#acked = ack;
      if (minus(this.#next, ack) < 0) this.#next = ack;
      this.#timer?.cancel();
      this.#timer = undefined;
      const done = this.#ended ? this.#finished : this.#written;
      if (this.#unacked.length < MOST_UNSENT) {
        this.#written = undefined;
        done?.();
      }
    }
    this.#flush();
  }

  #received({ seq, body, fin }: Segment): void {
    if (body.length === 0 && !fin && seq === this.#expected) return;
    const known = minus(this.#expected, seq);
    const news = known >= 0 && known <= body.length ? body.subarray(known) : undefined;
    // A host that does not wait for room is told again where it is.
    if (news && !this.#hostEnded && news.length <= this.#room) {
      this.#expected = plus(this.#expected, news.length + (fin ? 1 : 0));
      if (news.length > 0) this.push(Buffer.from(news));
      if (fin) {
        this.#hostEnded = true;
        this.push(null);
      }
    }
    this.#send(this.#next);
  }

  get #room(): number {
    return WINDOW - this.readableLength;
  }

  #send(seq: number, more: Partial<Segment> = {}): void {
    this.#wiring.send({ seq, ack: this.#expected, acks: true, window: this.#room, body: NOTHING, ...more });
  }

  /** Sends what the host has room for; one octet more than that, to hear whether it has some. */
  #flush(probe = 0): void {
    if (!this.#open || this.#ended || this.destroyed) return;
    const end = plus(this.#acked, this.#unacked.length);
    for (let fin = false; !fin; ) {
      const from = minus(this.#next, this.#acked);
      const until = Math.min(from + SEGMENT, Math.max(this.#window, probe), this.#unacked.length);
      const body = this.#unacked.subarray(from, Math.max(until, from));
      fin = this.#ending && plus(this.#next, body.length) === end;
      if (body.length === 0 && !fin) break;
      this.#send(this.#next, { fin, body });
      this.#next = plus(this.#next, body.length + (fin ? 1 : 0));
      if (minus(this.#next, this.#sent) > 0) this.#sent = this.#next;
    }
    if (this.#next !== this.#acked || this.#unacked.length > 0) this.#watch();
  }

  #watch(): void {
    this.#timer ??= this.#wiring.clock.after(RESEND_MS, () => {
      this.#timer = undefined;
      if (++this.#resends > MOST_RESENDS) {
        this.destroy();
        return;
      }
      this.#next = this.#acked;
      this.#flush(1);
    });
  }
}
