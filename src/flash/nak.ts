/** NAK reasons of the Qualcomm DMSS download protocol, whose numbering the loader follows. */
const NAK_NAMES: Readonly<Record<number, string>> = {
  1: 'bad frame checksum',
  2: 'bad destination address',
  3: 'invalid length',
  4: 'unexpected end of packet',
  5: 'data too large',
  6: 'unknown command',
  7: 'operation failed',
  8: 'wrong flash id',
  9: 'bad voltage',
  10: 'write verify failed',
  11: 'unlock required',
  12: 'bad security code',
  13: 'cannot power down',
  14: 'operation not permitted',
  15: 'bad read address',
};

/** `NAK 07, operation failed`. */
export const nakText = (number: number): string =>
  `NAK ${number.toString(16).toUpperCase().padStart(2, '0')}, ${NAK_NAMES[number] ?? 'unknown reason'}`;
