/**
 * From bytes to lines. Knows nothing of commands: only line ends, the SMS prompt and a bound on the memory used.
 *
 * CR and LF both end a line and empty lines vanish, so `\r\n`, `\r\r\n`, doubled line ends, a CR in one chunk with its
 * LF in the next and the bare CR of an echo all give the same lines, whatever the chunking. NUL bytes are dropped: the
 * stick sends some in front of its first reply.
 */

import { isUtf8 } from 'node:buffer';

/** Longest line that is kept, in bytes. The longest known ones, band lists and network searches, have 1 to 2 kB. */
export const MAX_LINE = 16_384;

const NUL = 0x00;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const GREATER = 0x3e;

export interface LineSink {
  /** A line without its end, never empty. `breaks`: line feeds since the line before, 2 = one blank line between. */
  line(text: string, breaks: number): void;
  /** `> ` at the start of a line: the stick waits for a text. */
  prompt(): void;
  /** A line grew past {@link MAX_LINE} bytes; it is dropped up to its end. */
  overflow(): void;
}

export class LineSplitter {
  /** False while `> ` at the start of a line may be somebody's text: then it is a line like any other. */
  prompts = true;
  readonly #sink: LineSink;
  readonly #buffer = Buffer.allocUnsafe(MAX_LINE);
  #length = 0;
  #breaks = 0;
  #bits = 0;
  #dropping = false;

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  /** Forgets a line in progress. */
  reset(): void {
    this.#length = 0;
    this.#breaks = 0;
    this.#bits = 0;
    this.#dropping = false;
  }

  push(chunk: Uint8Array): void {
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      if (byte === LF || byte === CR) this.#end(byte);
      else if (byte !== NUL && !this.#dropping) this.#add(byte);
    }
  }

  #add(byte: number): void {
    if (this.#length === MAX_LINE) {
      this.#length = 0;
      this.#dropping = true;
      this.#sink.overflow();
      return;
    }
    this.#buffer[this.#length++] = byte;
    this.#bits |= byte;
    if (byte === SPACE && this.#length === 2 && this.#buffer[0] === GREATER && this.prompts) {
      this.reset();
      this.#sink.prompt();
    }
  }

  #end(byte: number): void {
    const length = this.#length;
    if (length > 0) {
      const text = decode(this.#buffer, length, this.#bits);
      const breaks = this.#breaks;
      this.reset();
      this.#sink.line(text, breaks);
    }
    this.#dropping = false;
    this.#bits = 0;
    if (byte === LF) this.#breaks++;
  }
}

/** ASCII as it is, UTF-8 where it is valid, else one character per byte: no byte is ever lost. */
function decode(buffer: Buffer, length: number, bits: number): string {
  if (bits > 0x7f && isUtf8(buffer.subarray(0, length))) return buffer.toString('utf8', 0, length);
  return buffer.toString('latin1', 0, length);
}
