/** Time stamps of a PDU (3GPP TS 23.040, 9.2.3.11). */

/** Octets of one. */
export const TIME = 7;

/** Two digits each of year, month, day, hour, minute, second; then those of the zone, whose first has the sign as its bit 3. */
const STAMP = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(.)(\d)$/;

/**
 * Seven octets of swapped digits as `2018-11-07T20:21:22+08:00`: local time of the service centre with its zone, which
 * comes in quarters of an hour. Two digits of a year from 90 on are the last century's. Undefined where they are no time.
 */
export function timeOf(octets: Buffer): string | undefined {
  const match = STAMP.exec(octets.toString('hex').replaceAll(/(.)(.)/g, '$2$1'));
  if (!match) return undefined;
  const [, year = '', month, day, hour, minute, second, tens = '', ones] = match;
  const signed = Number(`0x${tens}`);
  const quarters = (signed & 7) * 10 + Number(ones);
  const local = `${Number(year) < 90 ? '20' : '19'}${year}-${month}-${day}T${hour}:${minute}:${second}`;
  // A day that does not exist comes back as another one.
  const parsed = new Date(`${local}Z`);
  if (Number.isNaN(parsed.getTime()) || !parsed.toISOString().startsWith(local) || quarters > 56) return undefined;
  const two = (value: number) => String(value).padStart(2, '0');
  return `${local}${signed & 8 && quarters > 0 ? '-' : '+'}${two(quarters >> 2)}:${two((quarters & 3) * 15)}`;
}
