/**
 * TCP of the virtual stick's server, one connection as a stream: what its host's kernel needs of RFC 9293 over a cable that
 * loses next to nothing. Segments come in order or are sent again; there are no options but the size of a segment.
 */

import { Duplex } from 'node:stream';
import type { Clock, Timer } from '../../host/host';
import { SEGMENT, type Segment } from './frames';

const WINDOW = 0xffff;
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
      this.#hostEnded = true;
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

  override _read(): void {
    // The window has been told as small as it was.
    if (this.#open && this.readableLength > WINDOW - SEGMENT) this.#acknowledge();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.#unacked = Buffer.concat([this.#unacked, chunk]);
    this.#flush();
    if (this.#unacked.length < MOST_UNSENT) done();
    else this.#written = done;
  }

  override _final(done: () => void): void {
    this.#ending = true;
    this.#flush();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#timer?.cancel();
    const whole = this.#hostEnded && this.#ended;
    if (!whole) this.#wiring.send({ seq: this.#next, ack: this.#expected, rst: true, acks: true, ...NOTHING });
    this.#wiring.gone();
    done(error);
  }

  #greet(): void {
    this.#wiring.send({ seq: 0, ack: this.#expected, syn: true, acks: true, ...NOTHING, window: WINDOW });
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
      if (this.#unacked.length < MOST_UNSENT) this.#release();
    }
    this.#flush();
    this.#closeIfDone();
  }

  #release(): void {
    const written = this.#written;
    this.#written = undefined;
    written?.();
  }

  #received({ seq, body, fin }: Segment): void {
    if (body.length === 0 && !fin) return;
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
    this.#acknowledge();
    this.#closeIfDone();
  }

  get #room(): number {
    return Math.max(0, WINDOW - this.readableLength);
  }

  #acknowledge(): void {
    this.#wiring.send({ seq: this.#next, ack: this.#expected, acks: true, ...NOTHING, window: this.#room });
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
      this.#wiring.send({ seq: this.#next, ack: this.#expected, acks: true, fin, window: this.#room, body });
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

  #closeIfDone(): void {
    if (this.#ended && this.#hostEnded) this.destroy();
  }
}

const NOTHING = { window: 0, body: Buffer.alloc(0) };
