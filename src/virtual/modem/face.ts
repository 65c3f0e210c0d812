/**
 * The running firmware's AT ports. Modem port and PCUI share one command processor: while it works for one port, that port's
 * input is thrown away and a line of the other port is held (one per port, a newer one takes its place).
 */

import type { InterfaceRole } from '../personality';
import { SerialFace, type SerialStick } from '../serial-face';
import { Timers } from '../timers';
import { hcsqLine, rssiLine } from './commands';
import { add, type LineResult, refused, runLine } from './line';
import { cmeFinal, cmsFinal, type Prompt } from './reply';
import type { ModemContext } from './state';

export interface ModemOptions {
  /** What the commands work on; `urc` and `after` are the face's own. */
  context: Omit<ModemContext, 'urc' | 'after'>;
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
  /** A line that waits for the command processor, and until when. */
  held: { line: string; until: number } | undefined;
  /** Where it stands in a prompt: the command that led to it, and what has come so far. */
  prompt: { command: string; spec: Prompt; body: string } | undefined;
}

const CR = 0x0d;
const LF = 0x0a;
const CTRL_Z = 0x1a;
const ESC = 0x1b;
const BACKSPACE = 0x08;
/** A line of another port is held so long, milliseconds. */
const HELD = 360_000;
/** Shorter lines, CR included, are no commands. */
const SHORTEST = 3;
/** A line grows no further than this; beyond it the parser refuses it anyway. */
const LONGEST = 1024;

export class ModemFace extends SerialFace {
  readonly context: ModemContext;
  readonly #options: ModemOptions;
  readonly #ports = new Map<number, Port>();
  readonly #urcTimers: Timers;
  readonly #timers: Timers;
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
    this.#timers = new Timers(stick.clock);
    this.context = Object.assign(options.context, {
      urc: (line: string) => this.urc(line),
      after: (ms: number, fn: () => void) => this.#timers.after(ms, fn),
    });
    options.context.roles.forEach((role, number) => {
      if (role === 'modem' || role === 'pcui') {
        this.#ports.set(number, { number, role, open: false, line: '', held: undefined, prompt: undefined });
      }
    });
  }

  override dispose(): void {
    super.dispose();
    this.#urcTimers.clear();
    this.#timers.clear();
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
      if (port.prompt) {
        if (this.context.settings.echo) echo.push(b);
        flush();
        this.#prompted(port, b);
        continue;
      }
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
      port.held = { line, until: this.stick.clock.now() + HELD };
      return;
    }
    this.#last = line;
    this.#perform(port, line, 'at', () => runLine(line, this.context));
  }

  /** Runs a command line, or the body that one has asked for, and answers it. */
  #perform(port: Port, command: string, stage: 'at' | 'sms', run: () => LineResult): void {
    let result = refused('ERROR');
    const { settings } = this.context;
    const render = (noise = '') => Buffer.from(rendered(result, settings.verbose, noise), 'latin1');
    this.exchange(stage, port.number, {
      act: () => {
        this.#active = port;
        result = run();
        const ms = this.#options.commandMs + result.ms;
        return { bytes: render(), ms, after: () => this.#finished(port, command, result) };
      },
      nak: (code) => {
        if (stage === 'sms') result = refused(cmsFinal(code ?? 500, settings.cmee));
        else result = refused(code === undefined ? 'ERROR' : cmeFinal(code, settings.cmee));
        return render();
      },
      disturb: (_answer, noise) => render(noise),
    });
  }

  #finished(port: Port, command: string, result: LineResult): void {
    this.stick.event({ what: 'at', command, final: result.prompt ? '>' : result.final });
    // The processor stays with this port until the text is there.
    if (result.prompt) port.prompt = { command, spec: result.prompt, body: '' };
    else this.#active = undefined;
    for (const next of result.after) next();
    this.#takeUpHeld();
  }

  /** The processor is free: a line that had to wait. */
  #takeUpHeld(): void {
    for (const port of this.#ports.values()) {
      if (this.#active) return;
      const { held } = port;
      port.held = undefined;
      if (held && held.until > this.stick.clock.now()) this.#line(port, held.line);
    }
  }

  /** One byte for a port in a prompt. */
  #prompted(port: Port, b: number): void {
    const { prompt } = port;
    if (!prompt) return;
    const { command, spec } = prompt;
    if (b === CTRL_Z || b === ESC) {
      port.prompt = undefined;
      this.#active = undefined;
      const run = () => {
        if (b === ESC) return refused(cmsFinal(500, this.context.settings.cmee));
        const result: LineResult = { ...refused('OK') };
        add(result, spec.done(prompt.body), this.context);
        return result;
      };
      this.#perform(port, command, 'sms', run);
      this.#takeUpHeld();
    } else if (spec.prompt === 'text') {
      if (b === CR) {
        prompt.body += '\n';
        this.stick.send(port.number, PROMPT);
      } else if (b === BACKSPACE) prompt.body = prompt.body.slice(0, -1);
      else if (b !== LF && prompt.body.length < LONGEST) prompt.body += String.fromCharCode(b);
    } else if (!(prompt.body === '' && (b === CR || b === LF)) && prompt.body.length < LONGEST) {
      prompt.body += String.fromCharCode(b);
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

const PROMPT = Buffer.from('\r\n> ', 'latin1');

/** Numeric result codes of V0. */
const NUMERIC: Readonly<Record<string, string>> = {
  OK: '0',
  CONNECT: '1',
  RING: '2',
  'NO CARRIER': '3',
  ERROR: '4',
  'NO DIALTONE': '6',
  BUSY: '7',
  'NO ANSWER': '8',
};

/** The reply's bytes; `noise` goes before each of its lines. */
function rendered({ blocks, final, prompt }: LineResult, verbose: boolean, noise: string): string {
  let out = '';
  for (const block of blocks) {
    out += noise;
    out += verbose ? `\r\n${block.join(`\r\n${noise}`)}\r\n` : `${block.join(`\r\n${noise}`)}\r\n`;
  }
  if (prompt) return `${out}${noise}${PROMPT}`;
  const code = verbose ? undefined : NUMERIC[final];
  return out + noise + (code === undefined ? `\r\n${final}\r\n` : `${code}\r`);
}
