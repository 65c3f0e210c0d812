/** A SIM's message store behind the AT commands that the inbox sends, and DELIVER PDUs as a network makes them. */

import { expectOk } from '../../../src/at/reply';
import type { Ask } from '../../../src/at/sms/store';

const hex = (...octets: number[]) => Buffer.from(octets).toString('hex').toUpperCase();
const swap = (digits: string) => (digits.length % 2 ? `${digits}F` : digits).replace(/(.)(.)/g, '$2$1');

export interface Sent {
  from?: string;
  text: string;
  /** Seconds after 2025-05-23 00:00. */
  at?: number;
  part?: { reference: number; total: number; sequence: number };
  flash?: boolean;
  /** More messages wait: differs when the network repeats a message. */
  more?: boolean;
}

/** The PDU of a received message, in UCS-2. */
export function deliver({ from = '+491701234567', text, at = 0, part, flash, more }: Sent): string {
  const day = String(23 + Math.floor(at / 86_400)).padStart(2, '0');
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  const clock = `${two((at % 86_400) / 3600)}${two((at % 3600) / 60)}${two(at % 60)}`;
  const digits = from.replace('+', '');
  const header = part ? hex(5, 0, 3, part.reference, part.total, part.sequence) : '';
  const data = Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase();
  return [
    '00',
    hex((more ? 0 : 4) | (part ? 0x40 : 0)),
    hex(digits.length, from.startsWith('+') ? 0x91 : 0x81),
    swap(digits),
    hex(0, flash ? 0x18 : 0x08),
    swap(`2505${day}${clock}`),
    '80',
    hex((header.length + data.length) / 2),
    header,
    data,
  ].join('');
}

/** The parts of a long text. */
export const parts = (texts: string[], reference: number, more: Partial<Sent> = {}): string[] =>
  texts.map((text, i) => deliver({ ...more, text, part: { reference, total: texts.length, sequence: i + 1 } }));

export class Sim {
  readonly slots: (string | undefined)[];
  readonly commands: string[] = [];
  /** Answers to come before the SIM's own: final result codes or whole replies, by the beginning of the command. */
  readonly once = new Map<string, (() => string[])[]>();
  readonly imsi: string;
  /** For so many readings the store says that it is empty (T25). */
  hides = 0;

  constructor(size = 20, imsi = '262011234567890') {
    this.slots = Array.from({ length: size });
    this.imsi = imsi;
  }

  get used(): number {
    return this.slots.filter((slot) => slot !== undefined).length;
  }

  /** The index of its slot; undefined when the SIM is full: the network keeps it then. */
  store(pdu: string): number | undefined {
    const index = this.slots.indexOf(undefined);
    if (index < 0) return undefined;
    this.slots[index] = pdu;
    return index;
  }

  readonly ask: Ask = async (command, options) => {
    for (const before of options?.before ?? []) await this.ask(before);
    this.commands.push(command);
    const lines = this.#next(command) ?? this.#answer(command);
    const final = lines.pop() ?? 'OK';
    return expectOk({ command, ok: final === 'OK', final, lines, ms: 1 });
  };

  #next(command: string): string[] | undefined {
    for (const [beginning, answers] of this.once) {
      if (command.startsWith(beginning) && answers.length > 0) return answers.shift()?.();
    }
    return undefined;
  }

  #answer(command: string): string[] {
    if (command.startsWith('AT+CPMS=')) {
      const used = this.hides > 0 ? 0 : this.used;
      if (this.hides > 0) this.hides--;
      return [`+CPMS: ${[1, 2, 3].map(() => `${used},${this.slots.length}`).join(',')}`, 'OK'];
    }
    if (command === 'AT+CMGL=4') {
      const stored = this.slots.flatMap((pdu, i) => (pdu === undefined ? [] : [[i, pdu] as const]));
      return [...stored.flatMap(([i, pdu]) => [`+CMGL: ${i},1,,${pdu.length / 2 - 1}`, pdu]), 'OK'];
    }
    const read = /^AT\+CMGR=(\d+)$/.exec(command)?.[1];
    const pdu = read === undefined ? undefined : this.slots[Number(read)];
    if (pdu !== undefined) return [`+CMGR: 1,,${pdu.length / 2 - 1}`, pdu, 'OK'];
    const deleted = /^AT\+CMGD=(\d+)$/.exec(command)?.[1];
    if (deleted !== undefined) this.slots[Number(deleted)] = undefined;
    return ['OK'];
  }
}
