/**
 * Messages as the web interface shows them: whole ones, whose parts are PDUs in the same stores that the AT commands know. The
 * stores are the truth; an index is made of what they count.
 */

import type { ModemContext } from '../modem/state';
import { decodePdu, type Pdu } from '../sms/pdu';
import type { SmsStore, Stored, StoreName } from '../sms/store';

export type Box = 'inbox' | 'sent' | 'draft';

export interface Message {
  index: number;
  store: StoreName;
  box: Box;
  unread: boolean;
  /** Who sent it, or who it is for. */
  phone: string;
  text: string;
  /** What an 8-bit message carries. */
  raw?: Uint8Array;
  /** `YYYY-MM-DD hh:mm:ss` where the centre is, or the stick. */
  date: string;
  /** 1 = one part, 2 = several, 7 = delivered, 8 = not delivered. */
  type: 1 | 2 | 7 | 8;
  /** Its parts, by place in the store. */
  parts: ReadonlyMap<number, Stored>;
}

/** Of the first message, by store. */
const FIRST_INDEX: Readonly<Record<StoreName, number>> = { ME: 40_000, SM: 60_000 };

const BOXES: readonly Box[] = ['inbox', 'inbox', 'draft', 'sent'];

interface Entry {
  place: number;
  stored: Stored;
  pdu: Pdu | undefined;
}

function entriesOf(store: SmsStore): Entry[] {
  const entries = [...store.entries()].map(([place, stored]): Entry => {
    try {
      return { place, stored, pdu: decodePdu(stored.pdu, stored.status >= 2 ? 'to network' : 'to host') };
    } catch {
      // Made by hand, and not well: shown without number and text.
      return { place, stored, pdu: undefined };
    }
  });
  return entries.sort((a, b) => a.stored.serial - b.stored.serial);
}

const partOf = ({ pdu }: Entry) => (pdu && pdu.kind !== 'report' ? pdu.part : undefined);
const phoneOf = ({ pdu }: Entry): string => (pdu ? (pdu.kind === 'deliver' ? pdu.from : pdu.to) : '');

/** Entries that belong together, in order of arrival: a message begins anew where a part comes a second time. */
function grouped(entries: readonly Entry[]): Entry[][] {
  const groups: Entry[][] = [];
  const open = new Map<string, Entry[]>();
  for (const entry of entries) {
    const part = partOf(entry);
    const key = part && `${BOXES[entry.stored.status]} ${phoneOf(entry)} ${part.reference} ${part.total}`;
    const group = key === undefined ? undefined : open.get(key);
    if (group && !group.some((other) => partOf(other)?.sequence === part?.sequence)) group.push(entry);
    else {
      const fresh = [entry];
      groups.push(fresh);
      if (key !== undefined) open.set(key, fresh);
    }
  }
  return groups;
}

const pad = (n: number): string => String(n).padStart(2, '0');

/** Local time of `zone` quarters of an hour. */
function dateText(time: number, zone: number): string {
  const d = new Date(time + zone * 900_000);
  const date = [d.getUTCFullYear(), pad(d.getUTCMonth() + 1), pad(d.getUTCDate())].join('-');
  return `${date} ${[d.getUTCHours(), d.getUTCMinutes(), d.getUTCSeconds()].map(pad).join(':')}`;
}

function dateOf({ pdu, stored }: Entry, m: ModemContext): string {
  if (!pdu || pdu.kind === 'submit') return dateText(stored.written ?? m.now().time, m.now().zone);
  const [date = '', time = ''] = pdu.time.slice(0, -3).split(',');
  return `20${date.replaceAll('/', '-')} ${time}`;
}

function typeOf({ pdu }: Entry): Message['type'] {
  if (pdu?.kind === 'report') return pdu.status === 0 ? 7 : 8;
  return pdu?.part ? 2 : 1;
}

function messageOf(m: ModemContext, store: SmsStore, group: readonly Entry[], reused: boolean): Message | undefined {
  const [first] = group;
  if (!first) return undefined;
  const parts = [...group].sort((a, b) => (partOf(a)?.sequence ?? 0) - (partOf(b)?.sequence ?? 0));
  const texts = parts.map(({ pdu }) => (pdu && pdu.kind !== 'report' ? pdu : undefined));
  const data = texts.some((pdu) => pdu?.alphabet === 'data');
  const joined = texts.map((pdu) => pdu?.text ?? '').join('');
  return {
    index: FIRST_INDEX[store.name] + (reused ? first.place : first.stored.serial),
    store: store.name,
    box: BOXES[first.stored.status] ?? 'inbox',
    unread: group.some(({ stored }) => stored.status === 0),
    phone: phoneOf(first),
    text: data ? '' : joined,
    ...(data && { raw: Buffer.from(joined, 'hex') }),
    date: dateOf(first, m),
    type: typeOf(first),
    parts: new Map(group.map(({ place, stored }) => [place, stored])),
  };
}

export const storeOf = (m: ModemContext, name: StoreName): SmsStore => (name === 'SM' ? m.sim.messages : m.nv.messages);

/** All of a store, the oldest first. `reused`: an index is a place, which another message can have later. */
export function messagesIn(m: ModemContext, name: StoreName, reused: boolean): Message[] {
  const store = storeOf(m, name);
  return grouped(entriesOf(store)).flatMap((group) => messageOf(m, store, group, reused) ?? []);
}

export function remove(m: ModemContext, { store, parts }: Message): void {
  for (const place of parts.keys()) storeOf(m, store).delete(place);
}

export function markRead({ parts }: Message): void {
  for (const stored of parts.values()) stored.status = 1;
}
