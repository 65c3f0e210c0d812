/** The message store of SIM or stick, in PDU mode (3GPP TS 27.005). */

import { DriverError, isDriverError } from '../../errors';
import type { RunOptions } from '../channel';
import { lineValue, splitFields } from '../fields';
import type { AtReply } from '../reply';

/** Sends a command and insists on OK: `ask` of a channel or of a session. */
export type Ask = (command: string, options?: RunOptions) => Promise<AtReply>;

/** How full a store is, in PDUs. */
export interface Storage {
  /** `SM` = the SIM, `ME` = the stick. */
  store: string;
  used: number;
  total: number;
}

export interface Stored {
  /** From 0 on. */
  index: number;
  /** 0 = received and not read yet, 1 = received and read, 2 = written, 3 = sent. Listing marks as read. */
  status: number;
  /** PDU as hex; empty where the stick left it out. */
  hex: string;
}

/** +CMTI for each message and +CDSI for each status report; then what sticks take that refuse it. */
const NEWS = ['2,1,0,2,0', '2,1,0,1,0', '2,1,0,0,0', '1,1,0,0,0'];

/** PDU mode, which listing and sending need; another user may turn it off between two commands. */
export const PDU_MODE = 'AT+CMGF=0';
export const usePdus = (ask: Ask): Promise<unknown> => ask(PDU_MODE);

/** Has new messages announced; stays until the stick restarts. Errors of `ask`, with the last refusal. */
export async function announce(ask: Ask): Promise<void> {
  for (const [i, value] of NEWS.entries()) {
    try {
      await ask(`AT+CNMI=${value}`);
      return;
    } catch (error) {
      if (i === NEWS.length - 1 || !isRefusal(error)) throw error;
    }
  }
}

const isRefusal = (error: unknown): boolean => isDriverError(error, 'AT_ERROR', 'CME_ERROR', 'CMS_ERROR');

/**
 * Makes `store` the one for listing and deleting, with `receives` also the one into which new messages go, and tells how
 * full it is.
 */
export async function selectStore(ask: Ask, store: string, receives = true): Promise<Storage> {
  const { lines } = await ask(selecting(store, receives));
  const [used = 0, total = 0] = levelsIn(lines);
  return { store, used, total };
}

/** How full the stores are, in an answer of `+CPMS`: used and room of each; undefined where that is no count. */
export function levelsIn(lines: readonly string[]): (number | undefined)[] {
  const values = lines.map((line) => lineValue(line, '+CPMS')).find((value) => value !== undefined);
  // The answer to the set form has no names; firmware exists that gives them all the same.
  const fields = splitFields(values ?? '').filter((field) => !/^"?[A-Z]{2}/.test(field));
  return fields.map(count);
}

const count = (field: string | undefined): number | undefined =>
  field !== undefined && /^\d{1,5}$/.test(field) ? Number(field) : undefined;

/** The same names also for what receives, or that store alone. */
const selecting = (store: string, receives: boolean): string =>
  receives ? `AT+CPMS="${store}","${store}","${store}"` : `AT+CPMS="${store}"`;

/** The stores that hold received messages, `SM` first: SIM, stick. */
export async function openStore(ask: Ask): Promise<Storage> {
  try {
    return await selectStore(ask, 'SM');
  } catch (error) {
    // Without a SIM there is nothing to receive anyway; a busy SIM is asked again later.
    if (!isRefusal(error) || (error instanceof DriverError && NO_SIM.has(error.number ?? -1))) throw error;
    return selectStore(ask, 'ME');
  }
}

/** `BM` holds broadcasts, `MT` is `SM` and `ME` in one. */
const NOT_OF_THEIR_OWN: ReadonlySet<string> = new Set(['BM', 'MT']);

/**
 * The stores into which something may come and which can be read, as `AT+CPMS=?` tells: `SM` first; empty where the stick
 * does not tell. Lists for reading, writing, receiving; status reports may have a store that is not in the last one.
 */
export async function receivingStores(ask: Ask): Promise<string[]> {
  try {
    const { lines } = await ask('AT+CPMS=?');
    const value = lines.map((line) => lineValue(line, '+CPMS')).find((found) => found !== undefined) ?? '';
    const lists = (value.match(/\([^()]*\)/g) ?? [value]).map((list): string[] => list.match(/[A-Z]{2}/g) ?? []);
    const [read = [], , receive = read] = lists;
    const names = read.filter((name) => receive.includes(name) || name === 'SR');
    const own = names.filter((name) => !NOT_OF_THEIR_OWN.has(name));
    return [...new Set(own.length > 0 ? own : names)].sort((a, b) => Number(b === 'SM') - Number(a === 'SM'));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return [];
  }
}

const NO_SIM: ReadonlySet<number> = new Set([10, 11, 12, 13, 14, 15, 310, 311, 312, 313, 314, 315, 316]);

/** All messages of `store`, which stays selected, in order. An empty store may be told as an invalid index. */
export async function listMessages(ask: Ask, store: string, receives: boolean): Promise<Stored[]> {
  try {
    return parseList((await ask('AT+CMGL=4', { before: [PDU_MODE, selecting(store, receives)] })).lines);
  } catch (error) {
    if (isDriverError(error, 'CMS_ERROR') && error.number === 321) return [];
    throw error;
  }
}

/** The same of those that are marked as read; marks no other one. */
export async function listRead(ask: Ask, store: string, receives: boolean): Promise<Stored[]> {
  try {
    return parseList((await ask('AT+CMGL=1', { before: [PDU_MODE, selecting(store, receives)] })).lines);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return (await listMessages(ask, store, receives)).filter(({ status }) => status === 1);
  }
}

/** The PDU at `index` of `store`, which stays selected, as hex; undefined where there is none. */
export async function readMessage(
  ask: Ask,
  store: string,
  receives: boolean,
  index: number,
): Promise<string | undefined> {
  try {
    const { lines } = await ask(`AT+CMGR=${index}`, { before: [PDU_MODE, selecting(store, receives)] });
    return lines
      .find((line) => /^[0-9A-Fa-f]+$/.test(line.trim()))
      ?.trim()
      .toUpperCase();
  } catch (error) {
    if (!isDriverError(error, 'CMS_ERROR') || error.number !== 321) throw error;
    return undefined;
  }
}

/** `+CMGL: 11,0,,159` with the hex on the next line. A header without hex is a message that can't be read. */
export function parseList(lines: readonly string[]): Stored[] {
  const list: Stored[] = [];
  let last: Stored | undefined;
  for (const line of lines) {
    const value = lineValue(line, '+CMGL');
    if (value !== undefined) {
      const [index = '', status] = splitFields(value);
      last = /^\d{1,5}$/.test(index) ? { index: Number(index), status: count(status) ?? 0, hex: '' } : undefined;
      if (last) list.push(last);
    } else if (last?.hex === '' && /^[0-9A-Fa-f]+$/.test(line.trim())) last.hex = line.trim().toUpperCase();
  }
  return list;
}

/**
 * Deletes one message of `store`, which stays selected; one that is not there any more is no error. The selection is made
 * in one go with it: the same index in another store is another message.
 */
export async function deleteMessage(ask: Ask, store: string, receives: boolean, index: number): Promise<void> {
  try {
    await ask(`AT+CMGD=${index}`, { before: [selecting(store, receives)] });
  } catch (error) {
    if (!isDriverError(error, 'CMS_ERROR') || error.number !== 321) throw error;
  }
}

/** The service centre's number as the SIM has it; undefined for none. */
export async function readServiceCentre(ask: Ask): Promise<string | undefined> {
  const { lines } = await ask('AT+CSCA?');
  const [number = ''] = splitFields(lineValue(lines[0] ?? '', '+CSCA') ?? '');
  return /\d/.test(number) ? number : undefined;
}
