/** Numbers of a virtual stick and its SIM: made up, from test ranges, with right check digits. */

export interface Identity {
  imei: string;
  imsi: string;
  iccid: string;
  /** Serial number. */
  serial: string;
}

function luhn(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const d = Number(digits[digits.length - 1 - i]);
    const v = i % 2 === 0 ? d * 2 : d;
    sum += v > 9 ? v - 9 : v;
  }
  return digits + String((10 - (sum % 10)) % 10);
}

/** The same `seed` gives the same numbers. Test TAC 00101300, test network 001 01. */
export function makeIdentity(seed: number): Identity {
  const tail = (length: number, factor: number) =>
    String((Math.abs(Math.trunc(seed)) * factor + 4711) % 10 ** length).padStart(length, '0');
  return {
    imei: luhn(`00101300${tail(6, 7919)}`),
    imsi: `00101${tail(10, 104_729)}`,
    iccid: luhn(`890010100${tail(9, 15_485_863)}`),
    serial: `VRT${tail(13, 32_452_843)}`,
  };
}
