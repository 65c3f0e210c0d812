/**
 * The uploaded loader (12d1:1c05), waiting for firmware. It compares whole transfers with eleven AT strings; everything else
 * goes to an HDLC decoder. What it does not know it does not answer. After Huawei's own loader for this chip.
 */

import { encodeFrame, FLAG, HdlcDecoder } from '../codec/hdlc';
import { sha256 } from './events';
import type { Stage } from './faults';
import { findPartitions, type Partition, type PartitionTable, targetOf } from './nand';
import { type Answer, SerialFace, type SerialStick } from './serial-face';

export interface LoaderOptions {
  product: string;
  /** What frame 45 says. */
  identity: string;
  swver: string;
  isover: string;
  partitions: readonly Partition[];
  /** The bytes of the partition table it started with. */
  table: string;
  /** False after a mid-way restart: then `dload type:0`. */
  fresh: boolean;
  /** How long an erase and write of up to 2 MiB takes, milliseconds. */
  slowAckMs: number;
  /** The NAND now holds `bytes` of an image of `size` bytes, from byte `start` on where it is a partition's. */
  written(code: number, bytes: Uint8Array, size: number, start: number | undefined): void;
  /** The reset command; `table` = back into the loader, because an image has brought this new partition table. */
  reset(table: PartitionTable | undefined): void;
}

const BUFFER = 2 << 20;
const ACK = encodeFrame(Uint8Array.of(0x02));
const nak = (code: number): Uint8Array => encodeFrame(Uint8Array.of(0x03, 0x00, code & 0xff));
const INVALID_LENGTH = nak(3);
const UNEXPECTED_END = nak(4);
const UNKNOWN_COMMAND = nak(6);
const FAILED = nak(7);
const OK = '\r\nOK\r\n';
const ERROR = '\r\nERROR\r\n';
const NO_BYTES = new Uint8Array(0);

/** Text after a command byte, cut and padded with NUL to `length` bytes in all. */
function text(head: number[], value: string, length: number): Uint8Array {
  const out = Buffer.alloc(length);
  out.set(head);
  out.write(value, head.length, 'latin1');
  return out;
}

interface Image {
  code: number;
  size: number;
  limit: number;
  start: number | undefined;
  whole: boolean;
  bytes: Uint8Array;
  /** Bytes received, and of these written to the NAND. */
  received: number;
  written: number;
}

export class LoaderFace extends SerialFace {
  readonly #interface: number;
  readonly #options: LoaderOptions;
  readonly #strings: Map<string, { stage?: Stage; answer: string }>;
  readonly #decoder: HdlcDecoder;
  #synchronised = false;
  #image: Image | undefined;
  #block = 0;
  /** A partition table that only a restart makes valid. */
  #newTable: PartitionTable | undefined;

  /** `interfaceNumber`: the download port; the loader's other ttys are silent. */
  constructor(stick: SerialStick, interfaceNumber: number, options: LoaderOptions) {
    super(stick);
    this.#interface = interfaceNumber;
    this.#options = options;
    this.#strings = strings(options);
    this.#decoder = new HdlcDecoder({ onFrame: (body) => this.#frame(body) });
  }

  receive(interfaceNumber: number, data: Uint8Array): void {
    if (interfaceNumber !== this.#interface) return;
    if (this.busy) this.whenFree(() => this.#transfer(data));
    else this.#transfer(data);
  }

  #transfer(data: Uint8Array): void {
    const known = data[0] === 0x41 ? this.#strings.get(Buffer.from(data).toString('latin1')) : undefined;
    if (known) {
      const bytes = Buffer.from(known.answer, 'latin1');
      if (known.stage) this.#run(known.stage, () => ({ bytes }), Buffer.from(ERROR));
      else this.stick.send(this.#interface, bytes);
      return;
    }
    let from = 0;
    if (!this.#synchronised) {
      from = data.indexOf(FLAG);
      if (from < 0) return;
      this.#synchronised = true;
    }
    this.#decoder.push(data.subarray(from));
  }

  #run(stage: Stage, act: () => Answer, refusal?: Uint8Array): void {
    this.exchange(stage, this.#interface, {
      act,
      nak: (code) => refusal ?? nak(code ?? 7),
      damageAnswer: breakCrc,
    });
  }

  #frame(body: Uint8Array): void {
    // Frames that share a transfer with one that is being worked on wait like the rest.
    if (this.busy) {
      const copy = Uint8Array.from(body);
      this.whenFree(() => this.#command(copy));
    } else this.#command(body);
  }

  #command(body: Uint8Array): void {
    const { swver, identity } = this.#options;
    switch (body[0]) {
      case 0x0c:
        this.#fixed('version', body, 1, () => ({ bytes: VERSION_ANSWER }));
        break;
      case 0x45:
        this.#fixed('identify', body, 1, () => frame(text([0x45], identity, 21)));
        break;
      case 0x46:
        this.#plain(body, text([0x46, 0x18], swver.slice(0, 24), 26));
        break;
      case 0x4b:
        this.#plain(body, Buffer.concat([Uint8Array.of(0x4b, 0xc9, 0x03, 0xff), Buffer.from(swver, 'latin1')]));
        break;
      case 0x3a:
        this.#fixed('ping', body, 1, () => frame(Uint8Array.of(0x3a)));
        break;
      case 0xfb:
        this.#plain(body, Uint8Array.of(0xfb, 0));
        break;
      case 0x41:
        this.#fixed('start', body, 12, () => ({ bytes: this.#start(body) }));
        break;
      case 0x42:
        this.#run('block', () => this.#data(body));
        break;
      case 0x43:
        this.#fixed('close', body, 23, () => this.#end());
        break;
      case 0x0a:
        this.#fixed('reset', body, 1, () => ({ bytes: ACK, after: () => this.#options.reset(this.#newTable) }));
        break;
      default:
        this.stick.send(this.#interface, UNKNOWN_COMMAND);
    }
  }

  #fixed(stage: Stage, body: Uint8Array, length: number, act: () => Answer): void {
    this.#run(stage, () => (body.length === length ? act() : { bytes: INVALID_LENGTH }));
  }

  #plain(body: Uint8Array, answer: Uint8Array): void {
    this.stick.send(this.#interface, body.length === 1 ? encodeFrame(answer) : INVALID_LENGTH);
  }

  /** 41 code(4) size(4) 00 00 00 */
  #start(body: Uint8Array): Uint8Array {
    const view = new DataView(body.buffer, body.byteOffset, body.length);
    const code = view.getUint32(1);
    const size = view.getUint32(5);
    this.#decoder.reset();
    this.#synchronised = false;
    this.#image = undefined;
    this.#block = 0;
    if (this.#newTable) return FAILED;
    const target = targetOf(code, this.#options.partitions);
    if (!target || (target.checkedAtStart && size > target.limit)) return FAILED;
    // No more memory than could be stored; size 0 is acknowledged, a slip of the loader.
    const bytes = new Uint8Array(Math.max(0, Math.min(size, target.limit)));
    const { limit, start, whole } = target;
    this.#image = { code, size, limit, start, whole, bytes, received: 0, written: 0 };
    this.stick.event({ what: 'begun', code, size });
    return ACK;
  }

  /** 42 block(4) length(2) data. The same block again is acknowledged and not stored. */
  #data(body: Uint8Array): Answer {
    if (body.length < 7) return { bytes: INVALID_LENGTH };
    const view = new DataView(body.buffer, body.byteOffset, body.length);
    if (view.getUint16(5) + 7 !== body.length) return { bytes: UNEXPECTED_END };
    const image = this.#image;
    const block = view.getUint32(1);
    if (!image) return { bytes: FAILED };
    if (block === this.#block && block > 0) return { bytes: ACK };
    if (block !== this.#block + 1) return { bytes: FAILED };
    const end = image.received + body.length - 7;
    const complete = end === image.size;
    const flush = complete || (!image.whole && Math.floor(end / BUFFER) > Math.floor(image.received / BUFFER));
    if (end > image.size || end > image.limit) return { bytes: FAILED };
    image.bytes.set(body.subarray(7), image.received);
    image.received = end;
    this.#block = block;
    if (!flush) return { bytes: ACK };
    this.#write(image);
    return { bytes: ACK, ms: this.#options.slowAckMs };
  }

  #write(image: Image): void {
    image.written = image.received;
    this.#options.written(image.code, image.bytes.subarray(0, image.written), image.size, image.start);
    if (image.code !== 0x102 || image.written !== image.size) return;
    const table = findPartitions(image.bytes);
    if (table && table.raw !== this.#options.table) this.#newTable = table;
  }

  /** Acknowledged although bytes are missing: what was not written by now never will be. */
  #end(): Answer {
    const image = this.#image;
    if (image) {
      const stored = image.bytes.subarray(0, image.written);
      this.stick.event({
        what: 'image',
        code: image.code,
        size: image.size,
        stored: image.written,
        sha256: sha256(stored),
      });
      this.#image = undefined;
    }
    return { bytes: ACK };
  }
}

const frame = (body: Uint8Array): Answer => ({ bytes: encodeFrame(body) });

/** The version answer goes out without its leading flag. */
const VERSION_ANSWER = encodeFrame(Buffer.from('\x0d\x0f7200B--SKCBADZM', 'latin1')).subarray(1);

/** The same frame with its CRC wrong: one bit of the byte before the last flag, kept clear of the escape codes. */
function breakCrc(answer: Uint8Array): Uint8Array {
  if (answer.length < 4) return NO_BYTES;
  const out = Uint8Array.from(answer);
  const at = out.length - 2;
  out[at] = (out[at] as number) ^ ([0x7f, 0x7c].includes(out[at] as number) ? 0x10 : 0x01);
  return out;
}

function strings(options: LoaderOptions): Map<string, { stage?: Stage; answer: string }> {
  const line = (value: string) => `\r\n${value}\r\n`;
  const info = [`swver:${options.swver}`, `isover:${options.isover}`, `product name:${options.product}`].map(line);
  const table: [string, string, Stage?][] = [
    ['ATE0', OK],
    ['ATE1', OK],
    ['AT+CMEE=0', OK],
    ['AT^DATAMODE', OK, 'datamode'],
    ['AT^GODLOAD', OK],
    ['AT^DLOADVER?', line('2.0') + OK, 'dloadver'],
    ['AT^DLOADINFO?', `${info.join('')}${line(`dload type:${options.fresh ? 1 : 0}`)}${OK}`, 'dloadinfo'],
    ['AT^AUTHORITYVER?', line('1000') + OK],
    ['AT^AUTHORITYID?', ERROR],
    ['AT^HWNATQRY?', line('^HWNATQRY:0') + OK],
    ['AT^FLASHINFO?', line('2048') + line('2048') + line('64') + OK],
  ];
  return new Map(table.map(([command, answer, stage]) => [`${command}\r`, stage ? { stage, answer } : { answer }]));
}
