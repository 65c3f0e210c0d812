/**
 * The running firmware's AT ports. Modem port and PCUI share one command processor: while it works for one port, that port's
 * input is thrown away and a line of the other port is held (one per port, a newer one takes its place).
 */

import { cmeFinal, hcsqLine, rssiLine } from './modem-commands';
import { type LineResult, runLine } from './modem-line';
import type { ModemContext } from './modem-state';
import type { InterfaceRole } from './personality';
import { SerialFace, type SerialStick } from './serial-face';
import { Timers } from './timers';

export interface ModemOptions {
  context: ModemContext;
  /** How long a command takes, milliseconds. */
  commandMs: number;
  /** Milliseconds between URCs on the port that listens to them; 0 = none. */
  urcEveryMs: number;
  /** The first command line after the enumeration is lost, as on the real ones. */
  losesFirst: boolean;
}

interface Port {
  number: number;
  role: InterfaceRole;
  open: boolean;
  line: string;
  held: string | undefined;
}

const CR = 0x0d;
const LF = 0x0a;
/** Shorter lines, CR included, are no commands. */
const SHORTEST = 3;
/** A line grows no further than this; beyond it the parser refuses it anyway. */
const LONGEST = 1024;

export class ModemFace extends SerialFace {
  readonly context: ModemContext;
  readonly #options: ModemOptions;
  readonly #ports = new Map<number, Port>();
  readonly #urcTimers: Timers;
  #urcRunning = false;
  #urcTurn = 0;
  #losing: boolean;
  #active: Port | undefined;
  #last = '';

  constructor(stick: SerialStick, options: ModemOptions) {
    super(stick);
    this.#options = options;
    this.#losing = options.losesFirst;
    this.#urcTimers = new Timers(stick.clock);
    this.context = options.context;
    options.context.roles.forEach((role, number) => {
      if (role === 'modem' || role === 'pcui') {
        this.#ports.set(number, { number, role, open: false, line: '', held: undefined });
      }
    });
  }

  override dispose(): void {
    super.dispose();
    this.#urcTimers.clear();
  }

  /** A program opened or closed a port. URCs flow only while somebody can read them. */
  opened(interfaceNumber: number, open: boolean): void {
    const port = this.#ports.get(interfaceNumber);
    if (!port) return;
    port.open = open;
    const wanted = this.#options.urcEveryMs > 0 && this.#listener()?.open === true;
    if (!wanted) this.#urcTimers.clear();
    else if (!this.#urcRunning) this.#nextUrc();
    this.#urcRunning = wanted;
  }

  /** Says `line` to the port that listens to URCs, at once: between echo and reply, if a command is running. */
  urc(line: string): void {
    const port = this.#listener();
    if (port) this.stick.send(port.number, Buffer.from(`\r\n${line}\r\n`, 'latin1'));
  }

  receive(interfaceNumber: number, data: Uint8Array): void {
    const port = this.#ports.get(interfaceNumber);
    if (!port) return; // diag and GPS ports are silent
    let echo: number[] = [];
    const flush = () => {
      if (echo.length > 0) this.stick.send(port.number, Uint8Array.from(echo));
      echo = [];
    };
    for (const b of data) {
      if (this.#active === port) break;
      if (this.#losing) {
        if (b === CR) this.#losing = false;
        continue;
      }
      if (b === LF) continue;
      if (this.context.settings.echo) echo.push(b);
      if (b === CR) {
        flush();
        const line = port.line;
        port.line = '';
        this.#line(port, line);
      } else if (port.line === 'A' && b === 0x2f) {
        flush();
        port.line = '';
        this.#line(port, this.#last);
      } else if (port.line.length < LONGEST) port.line += String.fromCharCode(b);
    }
    flush();
  }

  #listener(): Port | undefined {
    const wanted = this.context.settings.portsel === 1 ? 'modem' : 'pcui';
    const ports = [...this.#ports.values()];
    return ports.find((p) => p.role === wanted) ?? ports[0];
  }

  #line(port: Port, line: string): void {
    if (line.length + 1 < SHORTEST || !/^at/i.test(line)) return;
    if (this.#active) {
      port.held = line;
      return;
    }
    this.#last = line;
    let result: LineResult = { blocks: [], final: 'ERROR' };
    const render = (noise = '') => Buffer.from(rendered(result, this.context.settings.verbose, noise), 'latin1');
    this.exchange('at', port.number, {
      act: () => {
        this.#active = port;
        result = runLine(line, this.context);
        return { bytes: render(), ms: this.#options.commandMs, after: () => this.#finished(line, result) };
      },
      nak: (code) => {
        result = { blocks: [], final: code === undefined ? 'ERROR' : cmeFinal(code, this.context.settings.cmee) };
        return render();
      },
      disturb: (_answer, noise) => render(noise),
    });
  }

  #finished(line: string, result: LineResult): void {
    this.#active = undefined;
    this.stick.event({ what: 'at', command: line, final: result.final });
    for (const port of this.#ports.values()) {
      const held = port.held;
      if (held === undefined) continue;
      port.held = undefined;
      this.#line(port, held);
      return;
    }
  }

  #nextUrc(): void {
    this.#urcTimers.after(this.#options.urcEveryMs, () => {
      const m = this.context;
      const lines = [rssiLine(m), hcsqLine(m), `^BOOT:${m.identity.imei.slice(-8)},0,0,0,75`];
      if (m.settings.curc) this.urc(lines[this.#urcTurn++ % lines.length] as string);
      this.#nextUrc();
    });
  }
}

/** Numeric result codes of V0. */
const NUMERIC: Readonly<Record<string, string>> = { OK: '0', ERROR: '4' };

/** The reply's bytes; `noise` goes before each of its lines. */
function rendered({ blocks, final }: LineResult, verbose: boolean, noise: string): string {
  let out = '';
  for (const block of blocks) {
    out += noise;
    out += verbose ? `\r\n${block.join(`\r\n${noise}`)}\r\n` : `${block.join(`\r\n${noise}`)}\r\n`;
  }
  const code = verbose ? undefined : NUMERIC[final];
  return out + noise + (code === undefined ? `\r\n${final}\r\n` : `${code}\r`);
}
