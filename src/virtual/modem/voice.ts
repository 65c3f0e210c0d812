/** What the firmware says unasked: to which port, and by itself from time to time. */

import type { Clock } from '../../host/host';
import { Timers } from '../timers';
import { hcsqLine, rssiLine } from './network-lines';
import type { Port } from './port';
import type { ModemContext } from './state';

/** URCs that nobody reads, in bytes, that some firmware does not get over. */
const UNREAD = 4096;

export interface VoiceWiring {
  clock: Clock;
  ports: ReadonlyMap<number, Port>;
  /** Milliseconds between periodic URCs; 0 = none. */
  everyMs: number;
  say(interfaceNumber: number, bytes: Uint8Array): void;
  /** Nobody has read for too long. */
  choked(): void;
}

export class Voice {
  readonly #wiring: VoiceWiring;
  readonly #timers: Timers;
  readonly #context: ModemContext;
  #running = false;
  #turn = 0;
  #unread = 0;

  constructor(context: ModemContext, wiring: VoiceWiring) {
    this.#context = context;
    this.#wiring = wiring;
    this.#timers = new Timers(wiring.clock);
    this.settle();
  }

  dispose(): void {
    this.#timers.clear();
  }

  /** A port was opened or closed. Periodic URCs flow only while somebody can read them, or where it matters if not. */
  settle(): void {
    const { everyMs } = this.#wiring;
    const wanted = everyMs > 0 && (this.#listener()?.open === true || this.#context.quirks.has('unread-hangs'));
    if (!wanted) this.#timers.clear();
    else if (!this.#running) this.#next();
    this.#running = wanted;
  }

  /** Says `line` to the port that listens to URCs, at once: between echo and reply, if a command is running. */
  urc(line: string): void {
    const port = this.#listener();
    if (!port) return;
    const bytes = Buffer.from(`\r\n${line}\r\n`, 'latin1');
    if (port.open) this.#unread = 0;
    else if (this.#context.quirks.has('unread-hangs')) {
      this.#unread += bytes.length;
      if (this.#unread > UNREAD) this.#wiring.choked();
    }
    this.#wiring.say(port.number, bytes);
  }

  #listener(): Port | undefined {
    const wanted = this.#context.settings.portsel === 1 ? 'modem' : 'pcui';
    const ports = [...this.#wiring.ports.values()];
    return ports.find((p) => p.role === wanted) ?? ports[0];
  }

  #next(): void {
    this.#timers.after(this.#wiring.everyMs, () => {
      const m = this.#context;
      const lines = [rssiLine(m), hcsqLine(m), `^BOOT:${m.identity.imei.slice(-8)},0,0,0,75`];
      m.urc(lines[this.#turn++ % lines.length] as string);
      this.#next();
    });
  }
}
