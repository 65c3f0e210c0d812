/**
 * A port that talks HDLC, after ^DATAMODE: it frames what it gets, and answers text with NAK 06, as one did that somebody
 * had left so.
 */

import { encodeFrame, HdlcDecoder } from '../../codec/hdlc';

const CR = 0x0d;
const LEAVE = 0x01;
const RESTART = 0x0a;
const VERSION = 0x0c;
const ACK = encodeFrame(Uint8Array.of(0x02));
const UNKNOWN = encodeFrame(Uint8Array.of(0x03, 0x00, 0x06));
const VERSION_ANSWER = encodeFrame(Buffer.from('\x0d\x0f7200B--SKCBADZM', 'latin1'));

export interface HdlcWiring {
  send(bytes: Uint8Array): void;
  leave(): void;
  restart(): void;
}

export class HdlcMode {
  readonly #wiring: HdlcWiring;
  readonly #decoder: HdlcDecoder;
  #framed = false;

  constructor(wiring: HdlcWiring) {
    this.#wiring = wiring;
    this.#decoder = new HdlcDecoder({ onFrame: (body) => this.#frame(body) });
  }

  receive(data: Uint8Array): void {
    const flag = data.indexOf(0x7e);
    if (flag < 0 && !this.#framed) {
      if (data.includes(CR)) this.#wiring.send(UNKNOWN);
      return;
    }
    this.#framed = true;
    this.#decoder.push(data);
  }

  #frame(body: Uint8Array): void {
    this.#framed = false;
    switch (body[0]) {
      case VERSION:
        this.#wiring.send(VERSION_ANSWER);
        break;
      case LEAVE:
        this.#wiring.send(ACK);
        this.#wiring.leave();
        break;
      case RESTART:
        this.#wiring.send(ACK);
        this.#wiring.restart();
        break;
      default:
        this.#wiring.send(UNKNOWN);
    }
  }
}
