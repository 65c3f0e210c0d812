/** From stored PDUs to messages: the parts of a long one are put together, repeated ones are dropped. */

import type { Delivered, PartOf } from '../../at/sms/decode';
import { joinedText } from '../../at/sms/message';
import { TIMEOUTS } from '../../timeouts';

/** A received message, of one part or of several. */
export interface SmsMessage {
  /** Number (`+491713920000`, `22922`) or name of the sender; empty where the message can't be read. */
  from: string;
  text: string;
  /** When the service centre took it: local time with its zone, `2025-05-23T12:00:34+02:00`. */
  time?: string;
  /** Of how many SMS it consists. */
  parts: number;
  /** Class 0: meant to be shown at once and not kept. */
  flash?: true;
  /** Octets of a message that is no text, as hex. */
  data?: string;
  /** Handed over although these parts have not come (from 1). */
  missing?: number[];
  /** The PDU, as hex, where it can't be read. */
  raw?: string;
  /** It was stored before its SIM was read for the first time. */
  existing?: true;
}

/** One PDU that has not been handed over. */
export interface Piece {
  /** What it is known by, see keys.ts. */
  key: string;
  hex: string;
  decoded: Delivered | { kind: 'undecodable'; reason: string };
  /** When it was seen first, on the host's clock. */
  since: number;
}

/** The pieces of one message, repeated ones included. */
export interface Assembly<P extends Piece = Piece> {
  pieces: P[];
  message: SmsMessage;
  complete: boolean;
  /** When its last piece came, on the host's clock. */
  since: number;
}

interface Group<P extends Piece> {
  total: number;
  parts: Map<number, P>;
  repeated: P[];
}

/** The messages in `pieces`, oldest first. */
export function assemble<P extends Piece>(pieces: readonly P[]): Assembly<P>[] {
  const made: Assembly<P>[] = [];
  const families = new Map<string, P[]>();
  const singles = new Map<string, Assembly<P>>();
  for (const piece of pieces) {
    const { decoded } = piece;
    if (decoded.kind === 'deliver' && decoded.part) {
      const family = `${decoded.part.reference} ${decoded.part.total} ${decoded.from}`;
      families.set(family, [...(families.get(family) ?? []), piece]);
      continue;
    }
    const same = singles.get(piece.key);
    if (same) same.pieces.push(piece);
    else {
      const single = { pieces: [piece], message: singleMessage(piece), complete: true, since: piece.since };
      singles.set(piece.key, single);
      made.push(single);
    }
  }
  for (const family of families.values()) made.push(...group(family).map(assembly));
  return made.sort((a, b) => stamp(a.message.time) - stamp(b.message.time));
}

function singleMessage({ decoded, hex }: Piece): SmsMessage {
  if (decoded.kind === 'undecodable') return { from: '', text: '', parts: 1, raw: hex };
  const { from, text, time, data } = decoded;
  return {
    from,
    text,
    ...(time !== undefined && { time }),
    parts: 1,
    ...(decoded.class === 0 && { flash: true as const }),
    ...(data !== undefined && { data }),
  };
}

const stamp = (time: string | undefined): number => (time === undefined ? 0 : Date.parse(time));

const partOf = (piece: Piece): (Delivered & { part: PartOf }) | undefined =>
  piece.decoded.kind === 'deliver' && piece.decoded.part ? (piece.decoded as Delivered & { part: PartOf }) : undefined;

/**
 * Parts of one sender with the same reference and number of parts. A reference comes again after 256 messages, or sooner:
 * what is nearest in time belongs together. The stamps are from when the sender sent it, however late a part is delivered.
 */
function group<P extends Piece>(family: readonly P[]): Group<P>[] {
  const groups: Group<P>[] = [];
  for (const piece of family) {
    const part = partOf(piece)?.part;
    if (!part) continue;
    // What the network repeats has the stamp of the first time; a like text with another one is another message.
    const same = groups.find((g) => g.parts.get(part.sequence)?.key === piece.key);
    if (same) same.repeated.push(piece);
    else groups.push({ total: part.total, parts: new Map([[part.sequence, piece]]), repeated: [] });
  }
  for (let pair = nearest(groups); pair; pair = nearest(groups)) {
    const [one, other] = pair;
    for (const [sequence, piece] of other.parts) one.parts.set(sequence, piece);
    one.repeated.push(...other.repeated);
    groups.splice(groups.indexOf(other), 1);
  }
  return groups;
}

/** The two groups without a common part that are nearest in time, if any are near enough. */
function nearest<P extends Piece>(groups: readonly Group<P>[]): [Group<P>, Group<P>] | undefined {
  let best: [Group<P>, Group<P>] | undefined;
  let gap: number = TIMEOUTS.sms.together;
  groups.forEach((one, i) => {
    for (const other of groups.slice(i + 1)) {
      if ([...other.parts.keys()].some((sequence) => one.parts.has(sequence))) continue;
      const distance = gapBetween(one, other);
      if (best ? distance >= gap : distance > gap) continue;
      best = [one, other];
      gap = distance;
    }
  });
  return best;
}

const timesOf = ({ parts }: Group<Piece>): number[] =>
  [...parts.values()].flatMap((piece) => partOf(piece)?.time ?? []).map(stamp);

/** What has no valid time is as far off as can be: it belongs to the other parts that are there, if nothing nearer does. */
function gapBetween(one: Group<Piece>, other: Group<Piece>): number {
  const gaps = timesOf(one).flatMap((t) => timesOf(other).map((u) => Math.abs(t - u)));
  return gaps.length > 0 ? Math.min(...gaps) : TIMEOUTS.sms.together;
}

function assembly<P extends Piece>({ total, parts, repeated }: Group<P>): Assembly<P> {
  const numbers = Array.from({ length: total }, (_, i) => i + 1);
  const missing = numbers.filter((sequence) => !parts.has(sequence));
  const present = numbers.flatMap((sequence) => parts.get(sequence) ?? []);
  const decoded = present.flatMap((piece) => partOf(piece) ?? []);
  const [first] = decoded;
  const data = decoded.map((part) => part.data ?? '').join('');
  const time = decoded.find((part) => part.time !== undefined)?.time;
  const message: SmsMessage = {
    from: first?.from ?? '',
    text: joinedText(numbers.map((sequence) => parts.get(sequence)?.hex)),
    ...(time !== undefined && { time }),
    parts: total,
    ...(first?.class === 0 && { flash: true as const }),
    ...(data !== '' && { data }),
    ...(missing.length > 0 && { missing }),
  };
  const since = Math.max(...present.map((piece) => piece.since));
  return { pieces: [...present, ...repeated], message, complete: missing.length === 0, since };
}
