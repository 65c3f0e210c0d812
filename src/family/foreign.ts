/** USB devices that people take for one of these sticks and that are none: named, never opened (facts/family.md 1). */

const VENDORS: Readonly<Record<number, string>> = {
  13670: 'it is a newer Huawei stick with another chip (Marvell), like the E3372-325',
  6610: 'it is a stick of ZTE, like the MegaFon M100-3',
};

/** Undefined for a device that nobody takes for such a stick. */
export const foreignText = (vendorId: number, _productId: number): string | undefined => VENDORS[vendorId];
