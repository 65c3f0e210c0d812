/** What ^SYSCFGEX keeps: systems and their order, bands, roaming, domain. */

export interface Syscfgex {
  /** `00` = by itself, else codes two by two: 01 GSM, 02 WCDMA, 03 LTE. */
  order: string;
  band: bigint;
  roam: number;
  domain: number;
  lteBand: bigint;
}

export const ANY_BAND = 0x3fffffffn;
export const ANY_LTE = 0x7fffffffffffffffn;

export const freshSyscfgex = (): Syscfgex => ({ order: '00', band: ANY_BAND, roam: 1, domain: 2, lteBand: ANY_LTE });
