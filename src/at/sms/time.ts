/** Time stamps of a PDU (3GPP TS 23.040, 9.2.3.11). */

/** Octets of one. */
export const TIME = 7;

/**
 * Seven octets of swapped digits as `2018-11-07T20:21:22+08:00`: local time of the service centre with its zone, which
 * comes in quarters of an hour. Two digits of a year from 90 on are the last century's. Undefined where they are no time.
 */
export function timeOf(octets: Uint8Array): string | undefined {
  const swapped = [...octets].map((octet) => ((octet & 0xf) << 4) | (octet >> 4));
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
  return `${local}${zone & 0x80 && quarters > 0 ? '-' : '+'}${two(quarters >> 2)}:${two((quarters & 3) * 15)}`;
}
