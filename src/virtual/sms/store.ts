/** One place for messages: the SIM's (`SM`) or the stick's own (`ME`). */

/** As +CMGL says it: 0 unread, 1 read, 2 to be sent, 3 sent. */
export type StoredStatus = 0 | 1 | 2 | 3;

/** The SIM, the stick. */
export const STORE_NAMES = ['SM', 'ME'] as const;
export type StoreName = (typeof STORE_NAMES)[number];

export interface Stored {
  status: StoredStatus;
  /** As hex, the service centre in front. */
  pdu: string;
  /** Counted up in its store: which of them came first. */
  readonly serial: number;
  /** When the stick wrote it, milliseconds since 1970: a message that is sent does not say so itself. */
  written?: number;
}

export class SmsStore {
  readonly name: StoreName;
  readonly size: number;
  readonly #slots: (Stored | undefined)[];
  #serial = 0;

  constructor(name: StoreName, size: number) {
    this.name = name;
    this.size = size;
    this.#slots = new Array<Stored | undefined>(size).fill(undefined);
  }

  get used(): number {
    return this.#slots.filter((slot) => slot !== undefined).length;
  }

  /** The index it got: the lowest free one; undefined = full. */
  add(status: StoredStatus, pdu: string, written?: number): number | undefined {
    const index = this.#slots.indexOf(undefined);
    if (index < 0) return undefined;
    this.#slots[index] = { status, pdu, serial: this.#serial++, ...(written !== undefined && { written }) };
    return index;
  }

  /** Indices begin at 0, as Huawei counts. */
  get(index: number): Stored | undefined {
    return this.#slots[index];
  }

  has(index: number): boolean {
    return Number.isInteger(index) && index >= 0 && index < this.size;
  }

  delete(index: number): void {
    if (this.has(index)) this.#slots[index] = undefined;
  }

  *entries(): Generator<[index: number, stored: Stored]> {
    for (const [index, slot] of this.#slots.entries()) if (slot) yield [index, slot];
  }
}
