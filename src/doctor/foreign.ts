/** Devices that people take for one of these sticks and that are none: named, never opened. */

import type { Machine, OtherDevice } from '../host/facts';
import { HUAWEI } from '../host/host';
import { idText, type Stick } from '../stick/stick';
import type { Account } from './account';

/** By vendor, behind "It is" (facts/family.md 1). */
const VENDORS: Readonly<Record<number, string>> = {
  13670: 'a newer stick with another chip (Marvell), as the E3372-325',
  6610: 'a stick of ZTE, as the MegaFon M100-3',
};

/** What the family says of a stick of another maker, where the host lists it. */
interface Named {
  foreign?: { name: string; what: string };
}

export const isForeign = (stick: Stick): boolean => stick.device.vendorId !== HUAWEI;

export function judgeForeign(sticks: readonly Stick[], machine: Machine | undefined, account: Account): void {
  const listed = sticks.filter(isForeign);
  for (const stick of listed) {
    const what = (stick as Named).foreign?.what ?? VENDORS[stick.vendorId] ?? 'no stick of this family';
    account.add('foreign-stick', 'ok', { stick: stick.path, id: idText(stick), what });
  }
  const isListed = ({ portPath }: OtherDevice) => listed.some(({ path }) => path === portPath);
  for (const other of machine?.others ?? []) {
    const what = VENDORS[other.vendorId];
    if (what === undefined || isListed(other)) continue;
    account.add('foreign-stick', 'ok', { stick: other.portPath, id: idText(other), what });
  }
}
