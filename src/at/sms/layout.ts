/**
 * The fields of a PDU from the stick (3GPP TS 23.040, 9.2.2): all bounds are checked here, once. What the fields mean is
 * read elsewhere.
 */

import { codingOf } from './coding';
import { addressOf } from './number';
import { TIME, timeOf } from './time';

/** The length octet of user data and what follows it. */
export interface UserData {
  /** Of the data coding scheme. */
  dcs: number;
  /** In septets for a GSM 7-bit alphabet, else in octets; the header included. */
  length: number;
  /** As many as the length says. */
  octets: Buffer;
  /** They begin with a header. */
  headed: boolean;
}

export type Fields =
  | { kind: 'deliver'; from: string; time: string | undefined; data: UserData }
  | { kind: 'submit'; to: string; data: UserData }
  | {
      kind: 'report';
      reference: number;
      to: string;
      sent: string | undefined;
      time: string | undefined;
      status: number;
    };

/** The type of a message, by two bits of its first octet. The reserved one is to be read as the first. */
const KINDS = ['deliver', 'submit', 'report'] as const;
const HEADED = 0x40;
/** The form of a validity period: none, relative (one octet), enhanced or absolute (seven). */
const VALIDITY = 0x18;
const RELATIVE = 0x10;

/** Longest PDU: service centre 12 octets, 164 octets of TPDU; doubled, for nobody keeps to it exactly. */
const MAX_HEX = 704;
/** With the blanks of whoever pasted it. */
const MAX_TEXT = 10 * MAX_HEX;

/** The octets of a PDU in hex; blanks and line ends, as people paste them, are passed over. Error: an Error with the reason. */
export function octetsOf(hex: unknown): Buffer {
  const digits = typeof hex === 'string' && hex.length <= MAX_TEXT ? hex.replaceAll(/\s/g, '') : '';
  if (digits.length % 2 !== 0 || digits.length > MAX_HEX || !/^[0-9A-Fa-f]+$/.test(digits)) {
    throw new Error('no hex of a PDU');
  }
  return Buffer.from(digits, 'hex');
}

/** Reads from front to back. Error: an Error with the reason, never a read beyond the end. */
class Reader {
  readonly #octets: Buffer;
  #at = 0;

  constructor(octets: Buffer) {
    this.#octets = octets;
  }

  octet(): number {
    return this.take(1).readUInt8(0);
  }

  take(count: number): Buffer {
    const taken = this.#octets.subarray(this.#at, this.#at + count);
    if (taken.length < count) throw new Error('the PDU ends too early');
    this.#at += count;
    return taken;
  }

  /** Length in semi-octets, type, then the digits; without digits the type stands all the same. */
  address(): string {
    const length = this.octet();
    const type = this.octet();
    return addressOf(type, length, this.take(Math.ceil(length / 2)));
  }

  /** The data coding scheme, behind the protocol identifier. */
  coding(): number {
    this.octet();
    return this.octet();
  }

  time(): string | undefined {
    return timeOf(this.take(TIME));
  }

  userData(dcs: number, headed: boolean): UserData {
    const length = this.octet();
    const count = codingOf(dcs).alphabet === 'gsm7' ? Math.ceil((length * 7) / 8) : length;
    return { dcs, length, octets: this.take(count), headed };
  }
}

/**
 * The fields of `pdu`, which begins with the address of the service centre; a length of 0 is none. What stands behind the
 * last of these fields, as the optional ones of a report, is passed over. Error: an Error with the reason.
 */
export function fieldsOf(pdu: Buffer): Fields {
  const reader = new Reader(pdu);
  reader.take(reader.octet());
  const first = reader.octet();
  const headed = (first & HEADED) !== 0;
  switch (KINDS[first & 3]) {
    case 'submit': {
      // The reference, which the stick gives when it sends it.
      reader.octet();
      const to = reader.address();
      const dcs = reader.coding();
      if ((first & VALIDITY) !== 0) reader.take((first & VALIDITY) === RELATIVE ? 1 : TIME);
      return { kind: 'submit', to, data: reader.userData(dcs, headed) };
    }
    case 'report': {
      const reference = reader.octet();
      const to = reader.address();
      return { kind: 'report', reference, to, sent: reader.time(), time: reader.time(), status: reader.octet() };
    }
    default: {
      const from = reader.address();
      const dcs = reader.coding();
      return { kind: 'deliver', from, time: reader.time(), data: reader.userData(dcs, headed) };
    }
  }
}
