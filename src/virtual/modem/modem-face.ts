/**
 * The running firmware's AT ports. Modem port and PCUI share one command processor: while it works for one port, that port's
 * input is thrown away and a line of the other port is held (one per port, a newer one takes its place).
 */

import type { PlayedAnswer, Script } from '../script';
import { SerialFace, type SerialStick } from '../serial-face';
import { Timers } from '../timers';
import { type Cure, Hang } from './hang';
import { HdlcMode } from './hdlc-mode';
import { add, type LineResult, refused, runLine } from './line';
import { type AtRole, atPorts, type Port } from './port';
import { PROMPT, rendered, written } from './render';
import { cmeFinal, cmsFinal } from './reply';
import type { ModemContext, ModemParts } from './state';
import { allowed, announced } from './urcs';
import { Voice } from './voice';

export interface ModemOptions {
  /** What the stick gives to its firmware. */
  parts: ModemParts;
  /** How long a command takes, milliseconds. */
  commandMs: number;
  /** Milliseconds between URCs on the port that listens to them; 0 = none. */
  urcEveryMs: number;
  /** The first command line after the enumeration is lost, as on the real ones. */
  losesFirst: boolean;
  /** It hangs from the start. */
  hang?: Hang | undefined;
  /** What is answered as it was recorded. */
  script?: Script;
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
/** Hex digits of a PDU that some firmware does not get over. */
const LONG_BODY = 300;
/** Some firmware restarts at a command that follows the PIN so soon, milliseconds. */
const AFTER_PIN = 3_000;

export class ModemFace extends SerialFace {
  readonly context: ModemContext;
  readonly #options: ModemOptions;
  readonly #ports: Map<number, Port>;
  readonly #timers: Timers;
  readonly #voice: Voice;
  #losing: boolean;
  /** The port that the command processor works for. */
  #active: Port | undefined;
  #hang: Hang | undefined;
  #last = '';

  constructor(stick: SerialStick, options: ModemOptions) {
    const send: SerialStick['send'] = (number, bytes) => {
      // A processor that hangs says nothing any more, whatever it was about to say.
      if (!this.#hangs(this.#ports.get(number))) stick.send(number, bytes);
    };
    super({ ...stick, send });
    this.#options = options;
    this.#losing = options.losesFirst;
    this.#hang = options.hang;
    this.#ports = atPorts(options.parts.roles);
    this.#timers = new Timers(stick.clock);
    this.context = {
      ...options.parts,
      urc: (line) => {
        if (allowed(line, this.context.settings)) this.urc(written(line, this.context.quirks));
      },
      change: (fn) => announced(this.context, fn),
      after: (ms, fn) => this.#timers.after(ms, fn),
      hang: (cure) =>
        this.hang(
          cure === 'reset' ? new Hang(cure, this.#active?.role === 'modem' ? 'modem' : 'pcui') : new Hang(cure),
        ),
      toHdlc: () => {
        if (this.#active) this.#talkHdlc(this.#active);
      },
    };
    this.#voice = new Voice(this.context, {
      clock: stick.clock,
      ports: this.#ports,
      everyMs: options.urcEveryMs,
      say: (number, bytes) => stick.send(number, bytes),
      choked: () => this.hang(new Hang('reauthorize')),
    });
  }

  override dispose(): void {
    super.dispose();
    this.#voice.dispose();
    this.#timers.clear();
  }

  /** What keeps the command processor from working. */
  get hanging(): Hang | undefined {
    return this.#hang;
  }

  /** The command processor stops for some ports; URCs go on. */
  hang(hang: Hang): void {
    this.#hang = hang;
    for (const port of this.#ports.values()) {
      if (!this.#hangs(port)) continue;
      Object.assign(port, { line: '', held: undefined, prompt: undefined });
      if (this.#active === port) this.#active = undefined;
    }
  }

  /** Somebody has left the port `role` in HDLC mode. */
  leaveInHdlc(role: AtRole): void {
    for (const port of this.#ports.values()) if (port.role === role) this.#talkHdlc(port);
  }

  /** A program opened or closed a port. */
  opened(interfaceNumber: number, open: boolean): void {
    const port = this.#ports.get(interfaceNumber);
    if (!port) return;
    port.open = open;
    if (open && this.#hangs(port)) this.#remedy('reopen');
    this.#voice.settle();
  }

  /** A quirk was switched on or off. */
  quirksChanged(): void {
    this.#voice.settle();
  }

  /** Says `line` to the port that listens to URCs, whatever ^CURC says. */
  urc(line: string): void {
    this.#voice.urc(line);
  }

  receive(interfaceNumber: number, data: Uint8Array): void {
    const port = this.#ports.get(interfaceNumber);
    if (!port) return; // diag and GPS ports are silent
    if (this.#hangs(port)) {
      if (data.includes(ESC)) this.#remedy('esc');
      return;
    }
    if (port.hdlc) {
      port.hdlc.receive(data);
      return;
    }
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

  #hangs(port: Port | undefined): boolean {
    return port !== undefined && this.#hang?.holds(port.role) === true;
  }

  #remedy(remedy: Cure): void {
    if (this.#hang?.yieldsTo(remedy)) this.#hang = undefined;
  }

  #talkHdlc(port: Port): void {
    port.hdlc = new HdlcMode({
      send: (bytes) => this.stick.send(port.number, bytes),
      leave: () => {
        port.hdlc = undefined;
      },
      restart: () => this.context.restart('firmware'),
    });
  }

  #line(port: Port, line: string): void {
    if (line.length + 1 < SHORTEST || !/^at/i.test(line)) return;
    if (this.#active) {
      port.held = { line, until: this.stick.clock.now() + HELD };
      return;
    }
    const { settings, quirks, now, restart } = this.context;
    if (quirks.has('pin-restarts') && settings.pinAt !== undefined && now().time - settings.pinAt < AFTER_PIN) {
      restart('firmware');
      return;
    }
    this.#last = line;
    this.#perform(port, line, 'at', () => runLine(line, this.context), this.#options.script?.at(line));
  }

  /** Runs a command line, or the body that one has asked for, and answers it. */
  #perform(port: Port, command: string, stage: 'at' | 'sms', run: () => LineResult, recorded?: PlayedAnswer): void {
    let result = refused('ERROR');
    const { settings, quirks } = this.context;
    const render = (noise = '') => rendered(result, settings, quirks, noise);
    this.exchange(stage, port.number, {
      act: () => {
        this.#active = port;
        if (recorded) {
          const { text, final, ms } = recorded;
          result = refused(final);
          return { bytes: Buffer.from(text), ms, after: () => this.#finished(port, command, result) };
        }
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
    if (/\+CFUN=/i.test(command)) this.#remedy('cfun');
    // The processor stays with this port until the text is there.
    if (result.prompt && !this.#hangs(port)) port.prompt = { command, spec: result.prompt, body: '' };
    for (const next of result.after) next();
    if (!port.prompt && this.#active === port) this.#active = undefined;
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
    const { spec } = prompt;
    if (b === ESC || b === CTRL_Z) {
      const stuck = this.context.quirks.has('long-body-stuck') && prompt.body.length > LONG_BODY;
      if (b === ESC || !stuck) this.#bodyEnded(port, b === ESC);
    } else if (spec.prompt === 'text') {
      if (b === CR) {
        prompt.body += '\n';
        this.stick.send(port.number, Buffer.from(PROMPT, 'latin1'));
      } else if (b === BACKSPACE) prompt.body = prompt.body.slice(0, -1);
      else if (b !== LF && prompt.body.length < LONGEST) prompt.body += String.fromCharCode(b);
    } else if (!(prompt.body === '' && (b === CR || b === LF)) && prompt.body.length < LONGEST) {
      prompt.body += String.fromCharCode(b);
    }
  }

  #bodyEnded(port: Port, cancelled: boolean): void {
    const { prompt } = port;
    if (!prompt) return;
    const { command, spec, body } = prompt;
    port.prompt = undefined;
    this.#active = undefined;
    this.#perform(port, command, 'sms', () => {
      if (cancelled) return refused(cmsFinal(500, this.context.settings.cmee));
      const result = refused('OK');
      add(result, spec.done(body), this.context);
      return result;
    });
    this.#takeUpHeld();
  }
}
