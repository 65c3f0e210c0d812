/**
 * What is behind the stick's bulk and interrupt endpoints. An IN transfer waits, for hours if need be, until there is
 * something to send or the host takes it back.
 */

import type { VirtualStick } from '../stick';
import type { StorageFace } from '../storage';
import { STATUS, type Submit } from './protocol';

/** Ends a transfer; called once for each that was submitted, unless it was taken back. */
export type Complete = (submit: Submit, status: number, data?: Uint8Array) => void;

export interface Pipe {
  in(submit: Submit): void;
  out(submit: Submit): void;
  /** Takes a waiting IN transfer back; false if it is not here. */
  unlink(seqnum: number): boolean;
  close(): void;
}

/** IN transfers that wait on one endpoint; a kernel driver submits a handful. */
const MOST_WAITING = 256;

/** IN transfers that wait, in the order in which they came. One too many stalls. */
abstract class Waiting implements Pipe {
  protected readonly complete: Complete;
  protected waiting: Submit[] = [];

  constructor(complete: Complete) {
    this.complete = complete;
  }

  in(submit: Submit): void {
    if (this.waiting.length === MOST_WAITING) this.complete(submit, STATUS.stall);
    else {
      this.waiting.push(submit);
      this.serve();
    }
  }

  abstract out(submit: Submit): void;

  unlink(seqnum: number): boolean {
    const at = this.waiting.findIndex((submit) => submit.seqnum === seqnum);
    if (at >= 0) this.waiting.splice(at, 1);
    return at >= 0;
  }

  close(): void {
    this.waiting = [];
  }

  /** Ends waiting transfers as far as there is something for them. */
  protected abstract serve(): void;
}

/** Network data that nobody takes, interrupt endpoints, and what no face is behind: takes everything, says nothing but notices. */
export class SilentPipe extends Waiting {
  #notice: Uint8Array | undefined;

  out(submit: Submit): void {
    this.complete(submit, STATUS.ok);
  }

  /** Said to the next that asks, if nobody waits; a newer one takes its place. */
  notify(notice: Uint8Array): void {
    this.#notice = notice;
    this.serve();
  }

  protected serve(): void {
    const notice = this.#notice;
    const next = notice && this.waiting.shift();
    if (!next) return;
    this.#notice = undefined;
    this.complete(next, STATUS.ok, notice.subarray(0, next.length));
  }
}

/** Frames that wait for a host that does not fetch them; what comes then is lost, as on any network. */
const MOST_FRAMES = 256;

/** Both bulk endpoints of a network function of which each transfer is one frame (ECM). */
export class FramePipe extends Waiting {
  readonly #take: (frame: Buffer) => void;
  readonly #frames: Buffer[] = [];

  constructor(take: (frame: Buffer) => void, complete: Complete) {
    super(complete);
    this.#take = take;
  }

  out(submit: Submit): void {
    this.complete(submit, STATUS.ok);
    this.#take(submit.data);
  }

  /** One frame for the host. */
  deliver(frame: Buffer): void {
    if (this.#frames.length === MOST_FRAMES) return;
    this.#frames.push(frame);
    this.serve();
  }

  protected serve(): void {
    while (this.waiting.length > 0) {
      const frame = this.#frames.shift();
      const next = frame && this.waiting.shift();
      if (!next) return;
      this.complete(next, STATUS.ok, frame.subarray(0, next.length));
    }
  }
}

/** Both bulk endpoints of a mass-storage interface. */
export class StoragePipe extends Waiting {
  readonly #face: StorageFace;

  constructor(face: StorageFace, complete: Complete) {
    super(complete);
    this.#face = face;
    face.onReady = () => this.serve();
  }

  out(submit: Submit): void {
    const taken = this.#face.bulkOut(submit.data) === 'ok';
    this.complete(submit, taken ? STATUS.ok : STATUS.stall);
  }

  protected serve(): void {
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      const got = this.#face.bulkIn(next.length);
      if (got === 'pending') return;
      this.waiting.shift();
      if (got === 'stall') this.complete(next, STATUS.stall);
      else this.complete(next, STATUS.ok, got);
    }
  }

  override close(): void {
    super.close();
    this.#face.onReady = undefined;
    this.#face.reset();
  }
}

/** More than this is not kept for a host that does not read. */
const MAX_UNREAD = 64 * 1024;

/**
 * Both bulk endpoints of a serial interface. A program has the port open as long as IN transfers are waiting: the
 * kernel's serial drivers submit some when a tty is opened, and take all of them back when it is closed.
 */
export class SerialPipe extends Waiting {
  readonly #stick: VirtualStick;
  readonly #number: number;
  #unread: Uint8Array[] = [];
  #unreadSize = 0;
  #open = false;

  constructor(stick: VirtualStick, interfaceNumber: number, complete: Complete) {
    super(complete);
    this.#stick = stick;
    this.#number = interfaceNumber;
  }

  override in(submit: Submit): void {
    super.in(submit);
    this.#setOpen(true);
  }

  out(submit: Submit): void {
    this.complete(submit, STATUS.ok);
    this.#stick.serialOut(this.#number, submit.data);
  }

  override unlink(seqnum: number): boolean {
    const found = super.unlink(seqnum);
    if (found && this.waiting.length === 0) this.#setOpen(false);
    return found;
  }

  override close(): void {
    super.close();
    this.#setOpen(false);
  }

  /** Bytes for the host; while nobody has the port open they are lost. */
  deliver(bytes: Uint8Array): void {
    if (!this.#open || bytes.length === 0 || this.#unreadSize + bytes.length > MAX_UNREAD) return;
    this.#unread.push(bytes);
    this.#unreadSize += bytes.length;
    this.serve();
  }

  protected serve(): void {
    while (this.waiting.length > 0) {
      const chunk = this.#unread.shift();
      const next = chunk && this.waiting.shift();
      if (!next) return;
      const sent = chunk.subarray(0, next.length);
      if (sent.length < chunk.length) this.#unread.unshift(chunk.subarray(sent.length));
      this.#unreadSize -= sent.length;
      this.complete(next, STATUS.ok, sent);
    }
  }

  #setOpen(open: boolean): void {
    if (open === this.#open) return;
    this.#open = open;
    if (!open) {
      this.#unread = [];
      this.#unreadSize = 0;
    }
    this.#stick.serialOpened(this.#number, open);
  }
}
