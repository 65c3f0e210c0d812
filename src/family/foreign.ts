/**
 * Sticks that carry the names of this family, or are taken for it, and are none: no Balong chip inside. They are named where
 * sticks are listed, and nothing more: no port of theirs is opened, no message is sent to them, `auto` never means one.
 */

export interface Foreign {
  vendorId: number;
  /** Left out: all of this vendor. */
  productId?: number;
  /** What people call it. */
  name: string;
  /** What it is, behind "It is". */
  what: string;
}

const MARVELL = 0x3566;
const ZTE = 0x19d2;

const MF823 = {
  vendorId: ZTE,
  name: 'ZTE MF823',
  what: "a stick of ZTE's (sold as MegaFon M100-3), with another chip and another language",
};

/** The ids of the ZTE MF823 from owners' notes (ArchWiki), those of the E3372-325 from a recorded dump. */
export const FOREIGN: readonly Foreign[] = [
  {
    vendorId: MARVELL,
    productId: 0x2001,
    name: 'E3372-325',
    what: 'a newer stick with a Marvell chip, which has the name of the E3372 and nothing else of it',
  },
  { vendorId: MARVELL, name: 'stick of vendor 3566', what: 'a stick with a Marvell chip, as the newer E3372-325' },
  { ...MF823, productId: 0x1225 },
  { ...MF823, productId: 0x1403 },
  { ...MF823, productId: 0x1405 },
  { ...MF823, productId: 0x0016 },
  { ...MF823, productId: 0x0076 },
];

/** What a device of another vendor is, if it is one that is named here. */
export const foreignOf = (vendorId: number, productId: number): Foreign | undefined =>
  FOREIGN.find((one) => one.vendorId === vendorId && (one.productId ?? productId) === productId);

/** Whether any device of this vendor is named here. */
export const isForeignVendor = (vendorId: number): boolean => FOREIGN.some((one) => one.vendorId === vendorId);

/** `ZTE MF823: a stick of ZTE's ...`, for whoever has plugged it in. */
export const foreignText = ({ name, what }: Pick<Foreign, 'name' | 'what'>): string => `${name}: ${what}`;
