/**
 * Where the fields of a PDU from the stick stand (3GPP TS 23.040, 9.2.2): all bounds are checked here, once. What stands
 * in the fields is read elsewhere.
 */

export type PduKind = 'deliver' | 'submit' | 'report';

export interface Layout {
  kind: PduKind;
  /** Offset of the data coding scheme; none in a report. */
  coding?: number;
  /** Offsets of the time stamps: the service centre's, then of a report the one of its delivery. */
  times: number[];
}

/** What the data coding scheme says (3GPP TS 23.038, 4). */
export interface Coding {
  alphabet: 'gsm7' | 'ucs2' | '8bit';
  /** 0 = flash, 1 = the modem, 2 = the SIM, 3 = the computer. */
  class?: number;
}

const KINDS: readonly (PduKind | undefined)[] = ['deliver', 'submit', 'report', undefined];
const TIME = 7;
/** Octets of a validity period by its format bits: none, enhanced, relative, absolute. */
const VALIDITY = [0, 7, 1, 7];

/** Error: an Error with the reason; never a read beyond the end. */
export function layoutOf(pdu: Uint8Array): Layout {
  let at = 0;
  const octet = (): number => {
    const value = pdu[at++];
    if (value === undefined) throw new Error('the PDU ends too early');
    return value;
  };
  const skip = (count: number): number => {
    const from = at;
    at += count;
    if (at > pdu.length) throw new Error('the PDU ends too early');
    return from;
  };
  skip(octet());
  const first = octet();
  const kind = KINDS[first & 3];
  if (!kind) throw new Error('the PDU is of no known type');
  if (kind !== 'deliver') skip(1);
  skip(Math.ceil(octet() / 2) + 1);
  if (kind === 'report') {
    const times = [skip(TIME), skip(TIME)];
    skip(1);
    return { kind, times };
  }
  skip(1);
  const coding = skip(1);
  const times = kind === 'deliver' ? [skip(TIME)] : [];
  if (kind === 'submit') skip(VALIDITY[(first >> 3) & 3] ?? 0);
  const length = octet();
  const { alphabet } = codingOf(pdu[coding] ?? 0);
  const from = skip(alphabet === 'gsm7' ? Math.ceil((length * 7) / 8) : length);
  if (first & 0x40) checkHeader(pdu.subarray(from, at));
  return { kind, coding, times };
}

/** The user data header: its length, then elements of type, length and value. */
function checkHeader(data: Uint8Array): void {
  const end = 1 + (data[0] ?? data.length);
  if (end > data.length) throw new Error('the user data header is longer than the user data');
  let at = 1;
  while (at < end) at += 2 + (data[at + 1] ?? end);
  if (at !== end) throw new Error('an element of the user data header is longer than the header');
}

const BY_BITS = ['gsm7', '8bit', 'ucs2', 'gsm7'] as const;

/** Reserved values mean the default alphabet, as the standard wants. Error: compressed text. */
export function codingOf(dcs: number): Coding {
  const group = dcs >> 4;
  if (group === 0xe) return { alphabet: 'ucs2' };
  if (group === 0xf) return { alphabet: dcs & 4 ? '8bit' : 'gsm7', class: dcs & 3 };
  if (group >= 0x8) return { alphabet: 'gsm7' };
  if (dcs & 0x20) throw new Error('the text is compressed');
  return { alphabet: BY_BITS[(dcs >> 2) & 3] ?? 'gsm7', ...(dcs & 0x10 && { class: dcs & 3 }) };
}

/**
 * A time stamp of seven octets of swapped digits as `2018-11-07T20:21:22+08:00`: local time of the service centre with
 * its zone, which comes in quarters of an hour. Two digits of a year from 90 on are the last century's. Undefined where
 * it is no time.
 */
export function timeAt(pdu: Uint8Array, at: number): string | undefined {
  const swapped = [...pdu.subarray(at, at + TIME)].map((octet) => ((octet & 0xf) << 4) | (octet >> 4));
  const [zone = 0] = swapped.splice(6, 1);
  // Bit 3 of the zone's first digit is its sign.
  const digits = [...swapped, zone & 0x7f].map((value) => value.toString(16).padStart(2, '0'));
  if (digits.length < TIME || digits.some((two) => /\D/.test(two))) return undefined;
  const [year = '', month, day, hour, minute, second] = digits;
  const quarters = Number(digits[6]);
  const local = `${Number(year) < 90 ? '20' : '19'}${year}-${month}-${day}T${hour}:${minute}:${second}`;
  // A day that does not exist comes back as another one.
  const parsed = new Date(`${local}Z`);
  if (Number.isNaN(parsed.getTime()) || !parsed.toISOString().startsWith(local) || quarters > 56) return undefined;
  const two = (value: number) => String(value).padStart(2, '0');
  return `${local}${zone & 0x80 ? '-' : '+'}${two(quarters >> 2)}:${two((quarters & 3) * 15)}`;
}
