/** What a trace shows, as far as points of docs/unproven.md ask for it. Read record by record: a trace may be long. */

import type { UsbDevice } from '../host/host';
import type { AtRecord, BinaryRecord, TraceRecord, WebRecord } from '../record/format';
import { isAt, isBus, isWeb } from '../record/format';

export interface Exchange {
  command: string;
  /** Undefined while none has come. */
  final: string | undefined;
  lines: string[];
  /** Milliseconds from the start of the trace, of the command and of the last line. */
  from: number;
  to: number;
}

/** Of each command so many: the first ones. */
const MOST = 8;
const FINAL = /^(?:OK|ERROR|COMMAND NOT SUPPORT|TOO MANY PARAMETERS|\+CM[ES] ERROR:.*)$/;

export class Facts {
  /** As the stick calls itself, by AT or in HiLink mode. */
  model: string | undefined;
  revision: string | undefined;
  readonly exchanges: Exchange[] = [];
  /** Lines that came while no command ran. */
  readonly urcs: { line: string; t: number }[] = [];
  /** One of each product id and set of interfaces. */
  readonly devices = new Map<string, UsbDevice>();
  /** When the bus showed which product ids. */
  readonly bus: { t: number; ids: number[] }[] = [];
  readonly web: { path: string; status: number; t: number; body: string }[] = [];
  /** Milliseconds that a loader took to acknowledge a frame of so many octets. */
  readonly acks: { bytes: number; ms: number }[] = [];
  readonly #running = new Map<string, Exchange>();
  readonly #counts = new Map<string, number>();

  see(record: TraceRecord): void {
    if (isAt(record)) this.#seeAt(record);
    else if (isBus(record)) this.#seeBus(record.t, record.devices);
    else if (isWeb(record)) this.#seeWeb(record);
    else if (record.kind === 'binary') this.#seeBinary(record);
  }

  /** The answers to `command`, compared without blanks and in capitals. */
  answers(command: string): Exchange[] {
    return this.exchanges.filter((exchange) => exchange.command === command && exchange.final !== undefined);
  }

  #seeAt({ raw, port = '' }: AtRecord): void {
    for (const [who, text, { t = 0 } = {}] of raw) {
      if (who === 'host') this.#asked(port, text, t);
      else for (const line of text.split(/[\r\n]+/)) if (line.trim() !== '') this.#told(port, line.trim(), t);
    }
  }

  #asked(port: string, text: string, t: number): void {
    const command = text.replaceAll(/[\s\p{Cc}]/gu, '').toUpperCase();
    if (!command.startsWith('AT')) return;
    const exchange = { command, final: undefined, lines: [], from: t, to: t };
    this.#running.set(port, exchange);
    const count = (this.#counts.get(command) ?? 0) + 1;
    this.#counts.set(command, count);
    if (count <= MOST) this.exchanges.push(exchange);
  }

  #told(port: string, line: string, t: number): void {
    const running = this.#running.get(port);
    if (!running) {
      if (this.urcs.length < MOST * MOST) this.urcs.push({ line, t });
      return;
    }
    if (line.toUpperCase() === running.command) return;
    running.to = t;
    if (FINAL.test(line)) {
      running.final = line;
      this.#running.delete(port);
      this.#nameIt(running);
    } else if (running.lines.length < 200) running.lines.push(line);
  }

  #nameIt({ command, lines, final }: Exchange): void {
    if (final !== 'OK') return;
    if (command === 'AT+CGMM') this.model = lines[0];
    if (command === 'AT+CGMR') this.revision = lines[0];
    if (command !== 'ATI') return;
    this.model = /^Model:\s*(.+)$/im.exec(lines.join('\n'))?.[1] ?? this.model;
    this.revision = /^Revision:\s*(.+)$/im.exec(lines.join('\n'))?.[1] ?? this.revision;
  }

  #seeBus(t: number, devices: readonly UsbDevice[]): void {
    if (this.bus.length < 1000) this.bus.push({ t, ids: devices.map(({ productId }) => productId) });
    for (const device of devices) {
      const key = `${device.productId} ${device.interfaces.length}`;
      if (!this.devices.has(key)) this.devices.set(key, device);
    }
  }

  #seeWeb({ request, response, t = 0 }: WebRecord): void {
    if (!response || this.web.length >= 1000) return;
    const { status, body = '' } = response;
    const path = request.path.replace(/^\//, '');
    this.web.push({ path, status, t, body });
    if (!path.endsWith('device/information') && !path.endsWith('device/basic_information')) return;
    this.model = /<devicename>([^<]+)</i.exec(body)?.[1] ?? this.model;
    this.revision = /<softwareversion>([^<]+)</i.exec(body)?.[1] ?? this.revision;
  }

  #seeBinary({ raw }: BinaryRecord): void {
    for (const [at, [who, , { t = 0, left } = {}]] of raw.entries()) {
      const next = raw[at + 1];
      if (who !== 'host' || next?.[0] !== 'stick' || left?.bytes === undefined) continue;
      if (this.acks.length < 100_000) this.acks.push({ bytes: left.bytes, ms: (next[2]?.t ?? t) - t });
    }
  }
}
