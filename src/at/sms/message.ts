/** The PDUs of one message put together. */

import { type Content, dataOf, textOf } from './content';
import { type Decoded, type Delivered, orUndecodable, readPdu, type Submitted } from './decode';

/** 255 parts, each as often as a network may repeat it. */
const MOST_PDUS = 4 * 255;

/** A part, read. */
interface Part {
  decoded: Delivered | Submitted;
  content: Content;
}

/**
 * The message whose PDUs are `hexes`, each as {@link decodePdu} takes it. Parts that are numbered may stand in any order, be
 * there twice or be missing; others are taken as they stand. `parts` and `missing` tell of how many it consists and which
 * are not there. Never throws: what can't be read, or is not one message, is {@link Undecodable}.
 */
export const decodeMessage = (hexes: readonly string[]): Decoded => orUndecodable(() => message(hexes));

function message(hexes: readonly string[]): Decoded {
  const pieces = listed(hexes).map(readPdu);
  const [first] = pieces;
  if (!first) throw new Error('there is no PDU');
  if (!('content' in first) && pieces.length === 1) return first.decoded;
  const parts = pieces.map((piece) => {
    if (!('content' in piece && 'content' in first) || familyOf(piece) !== familyOf(first)) {
      throw new Error('the PDUs are of several messages');
    }
    return piece;
  });
  return joined(inOrder(parts));
}

/** The list, read no further than a message can go. */
function listed(hexes: Iterable<string>): string[] {
  const list: string[] = [];
  for (const hex of hexes) {
    if (list.length === MOST_PDUS) throw new Error('the PDUs are more than one message has');
    list.push(hex);
  }
  return list;
}

/** What the parts of one message have in common. */
function familyOf({ decoded }: Part): string {
  const { kind, part } = decoded;
  return JSON.stringify([kind, kind === 'deliver' ? decoded.from : decoded.to, part?.reference, part?.total]);
}

/** By number, with a gap for each that is missing. */
function inOrder(parts: readonly Part[]): (Part | undefined)[] {
  const total = parts[0]?.decoded.part?.total;
  if (total === undefined) return [...parts];
  return Array.from({ length: total }, (_, n) => parts.find(({ decoded }) => decoded.part?.sequence === n + 1));
}

function joined(parts: readonly (Part | undefined)[]): Decoded {
  const present = parts.filter((part) => part !== undefined);
  const [first] = present;
  if (!first) throw new Error('there is no PDU');
  const { part, ...common } = first.decoded;
  const missing = parts.flatMap((one, n) => (one ? [] : [n + 1]));
  const data = present.map(({ content }) => dataOf(content)).join('');
  const [time] = present.flatMap(({ decoded }) => ('time' in decoded ? [decoded.time] : []));
  return {
    ...common,
    ...(time !== undefined && { time }),
    text: textOf(parts.map((one) => one?.content)),
    ...(data !== '' && { data }),
    parts: parts.length,
    ...(missing.length > 0 && { missing }),
  };
}

/**
 * The text of the parts of one message, given as hex in their order; undefined for one that has not come. A part that can't
 * be read has none.
 */
export const joinedText = (hexes: readonly (string | undefined)[]): string => textOf(hexes.map(contentOf));

function contentOf(hex: string | undefined): Content | undefined {
  try {
    const piece = readPdu(hex);
    return 'content' in piece ? piece.content : undefined;
  } catch {
    return undefined;
  }
}
