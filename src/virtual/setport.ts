/**
 * SETPORT: `<before>;<after>`, the compositions before and after the switch. Codes and names are a real E3272's own list
 * (firmware 21.436), rules those of Huawei's AT sources, except that an after-part without PCUI is accepted here: nobody
 * knows whether an E3272 refuses it, and the driver must not rely on it.
 */

/** Code to name, in the order of the stick's own list. */
export const PORT_CODES: ReadonlyMap<string, string> = new Map([
  ['1', '3G MODEM'],
  ['2', '3G PCUI'],
  ['3', '3G DIAG'],
  ['5', '3G GPS'],
  ['A', 'BLUE TOOTH'],
  ['16', 'NCM'],
  ['A1', 'CDROM'],
  ['A2', 'SD'],
  ['10', '4G MODEM'],
  ['12', '4G PCUI'],
  ['13', '4G DIAG'],
  ['14', '4G GPS'],
]);

/** What an E3272 with stick firmware says out of the box. */
export const DEFAULT_SETPORT = 'A1,A2;10,12,16,A1,A2';

export interface PortSetting {
  /** Codes before the switch; empty = the stick comes up in `after` at once. */
  before: string[];
  after: string[];
}

/** Undefined where a stick with these `codes` answers ERROR. */
export function parseSetport(text: string, codes: ReadonlyMap<string, string> = PORT_CODES): PortSetting | undefined {
  const parts = text.toUpperCase().split(';');
  if (text.length > 50 || parts.length !== 2) return undefined;
  const [first = '', second = ''] = parts.map((part) => part.replaceAll(' ', ''));
  const before = first === '' || first === 'FF' ? [] : first.split(',');
  const after = second.split(',');
  const known = (list: string[]) => list.every((c) => codes.has(c)) && new Set(list).size === list.length;
  if (!known(before) || !known(after)) return undefined;
  if (before.length > 0 && (before[0] !== 'A1' || before.length > 2 || (before.length === 2 && before[1] !== 'A2'))) {
    return undefined;
  }
  return { before, after };
}
