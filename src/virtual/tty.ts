/** One tty of a virtual stick, as the operating system shows it. */

/** The program that has the tty open. Neither function may throw. */
export interface TtySink {
  /** Bytes from the stick; `chunk` is valid during the call only. */
  data(chunk: Uint8Array): void;
  /** The tty has vanished. */
  gone(): void;
}

export interface TtyWiring {
  /** One transfer to the stick. */
  write(interfaceNumber: number, data: Uint8Array): void;
  opened(interfaceNumber: number, open: boolean): void;
}

export class VirtualTty {
  /** As in ttyUSB<number>: the lowest that was free. */
  readonly number: number;
  readonly path: string;
  readonly interfaceNumber: number;
  readonly #wiring: TtyWiring;
  #sink: TtySink | undefined;
  #present = true;

  constructor(number: number, path: string, interfaceNumber: number, wiring: TtyWiring) {
    this.number = number;
    this.path = path;
    this.interfaceNumber = interfaceNumber;
    this.#wiring = wiring;
  }

  /** False once the stick has left; its number stays taken as long as somebody has it open. */
  get present(): boolean {
    return this.#present;
  }

  get isOpen(): boolean {
    return this.#sink !== undefined;
  }

  /** The caller has seen that it is present and not open. */
  open(sink: TtySink): void {
    this.#sink = sink;
    this.#wiring.opened(this.interfaceNumber, true);
  }

  /** One USB transfer to the stick, which keeps `data`. */
  write(data: Uint8Array): void {
    if (this.#present && this.#sink) this.#wiring.write(this.interfaceNumber, data);
  }

  close(): void {
    if (!this.#sink) return;
    this.#sink = undefined;
    if (this.#present) this.#wiring.opened(this.interfaceNumber, false);
  }

  /** From the stick. What nobody reads is lost. */
  deliver(bytes: Uint8Array): void {
    this.#sink?.data(bytes);
  }

  vanish(): void {
    this.#present = false;
    this.#sink?.gone();
  }
}
