/**
 * What all serial faces of the stick share: requests are answered strictly one after another, and the faults of faults.ts
 * strike in between. A late or slow answer keeps the face busy: what arrives meanwhile waits, as in a USB pipe.
 */

import type { Clock } from '../host/host';
import type { StickEvent } from './events';
import type { FaultOrder, Stage } from './faults';
import { Timers } from './timers';

/** What a serial face needs of its stick. */
export interface SerialStick {
  clock: Clock;
  /** `path`: of a request to the web server. */
  fault(stage: Stage, path?: string): FaultOrder | undefined;
  pull(order: FaultOrder): void;
  /** Bytes to the host on interface `number`. */
  send(interfaceNumber: number, bytes: Uint8Array): void;
  event(event: StickEvent): void;
}

/** What the face does for one request. */
export interface Exchange {
  /** Carries the request out and gives the answer. */
  act(): Answer;
  /** The refusal; `code` from the order. */
  nak(code: number | undefined): Uint8Array;
  /** `answer` with its CRC broken; absent where answers carry none: then the request counts as damaged. */
  damageAnswer?(answer: Uint8Array): Uint8Array;
  /** What a request with a wrong CRC gets; nothing by default. */
  onDamaged?(): Uint8Array;
  /** The answer with `noise` in it; by default right before it. */
  disturb?(answer: Uint8Array, noise: string): Uint8Array;
}

export interface Answer {
  bytes: Uint8Array;
  /** How long the stick works before it answers. */
  ms?: number;
  /** What follows once the answer is out, or would be. */
  after?: () => void;
}

const LATE = 2_000;
/** Between two answers of a flood. */
const FLOOD = 10;
const URC = '\r\n^BOOT:27710117,0,0,0,75\r\n';
const GARBAGE = Uint8Array.of(0xa5, 0x3c, 0x00, 0xff, 0x91, 0x42);

export abstract class SerialFace {
  protected readonly stick: SerialStick;
  readonly #timers: Timers;
  #busy = false;
  #waiting: (() => void)[] = [];

  constructor(stick: SerialStick) {
    this.stick = stick;
    this.#timers = new Timers(stick.clock);
  }

  /** One USB transfer from the host. `data` is the face's own. */
  abstract receive(interfaceNumber: number, data: Uint8Array): void;

  /** The stick leaves the bus: nothing more happens here. */
  dispose(): void {
    this.#timers.clear();
    this.#waiting = [];
    this.#busy = true;
  }

  protected get busy(): boolean {
    return this.#busy;
  }

  /** Runs `job` once the face is free. */
  protected whenFree(job: () => void): void {
    if (this.#busy) this.#waiting.push(job);
    else job();
  }

  /** One request and its answer on `interfaceNumber`, with the fault that strikes this occurrence of `stage`. */
  protected exchange(stage: Stage, interfaceNumber: number, exchange: Exchange): void {
    const order = this.stick.fault(stage);
    if (!order) {
      this.#answer(interfaceNumber, exchange.act());
      return;
    }
    const damaged = () => {
      const bytes = exchange.onDamaged?.();
      if (bytes) this.stick.send(interfaceNumber, bytes);
    };
    switch (order.fault) {
      case 'silence':
        break;
      case 'damaged':
        damaged();
        break;
      case 'unplug':
        this.stick.pull(order);
        break;
      case 'nak':
        this.stick.send(interfaceNumber, exchange.nak(order.code));
        break;
      case 'badcrc': {
        const damage = exchange.damageAnswer;
        if (damage) {
          const answer = exchange.act();
          this.#answer(interfaceNumber, { ...answer, bytes: damage(answer.bytes) });
        } else damaged();
        break;
      }
      case 'flood': {
        const answer = exchange.act();
        this.#answer(interfaceNumber, answer);
        this.#flood(interfaceNumber, order.text === undefined ? answer.bytes : Buffer.from(order.text, 'latin1'));
        break;
      }
      default:
        this.#answer(interfaceNumber, disturbed(exchange, order));
    }
  }

  #flood(interfaceNumber: number, bytes: Uint8Array): void {
    this.#timers.after(FLOOD, () => {
      this.stick.send(interfaceNumber, bytes);
      this.#flood(interfaceNumber, bytes);
    });
  }

  /** Busy for `ms`, then `fn`, then what has been waiting. */
  protected work(ms: number, fn: () => void): void {
    this.#busy = true;
    this.#timers.after(ms, () => {
      this.#busy = false;
      fn();
      while (!this.#busy) {
        const next = this.#waiting.shift();
        if (!next) break;
        next();
      }
    });
  }

  #answer(interfaceNumber: number, answer: Answer): void {
    const finish = () => {
      if (answer.bytes.length > 0) this.stick.send(interfaceNumber, answer.bytes);
      answer.after?.();
    };
    if (answer.ms) this.work(answer.ms, finish);
    else finish();
  }
}

/** An answer that was lost, junk, cut, doubled, late or preceded by noise. */
function disturbed(exchange: Exchange, order: FaultOrder): Answer {
  const answer = exchange.act();
  const text = order.text ?? URC;
  switch (order.fault) {
    case 'lost':
      return { ...answer, bytes: new Uint8Array(0) };
    case 'garbage':
      return { ...answer, bytes: GARBAGE };
    case 'half':
      return { ...answer, bytes: answer.bytes.subarray(0, Math.floor(answer.bytes.length / 2)) };
    case 'twice':
      return { ...answer, bytes: Buffer.concat([answer.bytes, answer.bytes]) };
    case 'late':
      return { ...answer, ms: (answer.ms ?? 0) + (order.ms ?? LATE) };
    case 'noise':
      return {
        ...answer,
        bytes: exchange.disturb?.(answer.bytes, text) ?? Buffer.concat([Buffer.from(text, 'latin1'), answer.bytes]),
      };
    default:
      return answer;
  }
}
