/** What a command line sends as USSD, for the guard. */

import type { CommandPart } from './command';
import { fromSeptets, unpack } from './sms/alphabet';

/** The texts that a command line sends as USSD, read in every way in which a stick may read them. */
export function ussdTexts(parts: readonly CommandPart[]): string[] {
  return parts
    .filter(({ name, form }) => name === '+CUSD' && form === 'set')
    .map(({ args }) => args.slice(args.indexOf(',') + 1))
    .flatMap((rest) => [/^"([^"]*)"/.exec(rest)?.[1] ?? rest.split(',')[0] ?? '', rest])
    .flatMap((text) => [text, ...unhex(text)]);
}

/**
 * What hex may stand for in a USSD command: octets or packed septets; UCS-2 is octets with zeros between, which whoever looks
 * for digits passes over. The coding scheme behind it does not decide: `^USSDMODE`, `+CSCS` and the firmware do as well.
 */
function unhex(text: string): string[] {
  const hex = text.replaceAll(/[\s"]/g, '');
  if (hex === '' || hex.length % 2 !== 0 || !/^[0-9A-F]+$/i.test(hex)) return [];
  const octets = Buffer.from(hex, 'hex');
  return [octets.toString('latin1'), fromSeptets(unpack(octets, Math.floor((octets.length * 8) / 7)))];
}
