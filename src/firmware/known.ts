/** Loader files that are known, recognised by the bytes that the stick gets, not by their names. */

import { createHash, webcrypto } from 'node:crypto';
import type { KnownLoader, KnownWord } from '../family/profile';
import type { EraseState } from './erase';

/** A component as it lies in a file. */
export interface LoaderComponent {
  /** 1 run directly (sets up the RAM), 2 start through a restart of the application core (the loader proper). */
  mode: 1 | 2;
  /** Load address. */
  address: number;
  /** Offset in the file, and bytes. */
  offset: number;
  size: number;
}

export type Components = readonly [LoaderComponent, LoaderComponent];

const BLOCK = 4096;

/** In a thread of Node's own, so that the loop stays free. */
export const sha256 = async (data: Uint8Array<ArrayBuffer>): Promise<string> =>
  Buffer.from(await webcrypto.subtle.digest('SHA-256', data)).toString('hex');

/**
 * The one of `loaders` whose two components these are, with the words that are replaced as they are sent. Where else the
 * components lie in the file, and what else is in it, does not reach the stick.
 */
export async function knownLoader(
  file: Buffer<ArrayBuffer>,
  components: Components,
  loaders: readonly KnownLoader[],
): Promise<KnownLoader | undefined> {
  for (const known of loaders) {
    const agree = components.map(async ({ address, offset, size }, i) => {
      const wanted = known.components[i as 0 | 1];
      if (address !== wanted.address || size !== wanted.size) return false;
      const bytes = Buffer.from(file.subarray(offset, offset + size));
      if (i === 1) for (const word of known.words) bytes.write(word.sent, word.offset, 'hex');
      return (await sha256(bytes)) === wanted.sha256;
    });
    if ((await Promise.all(agree)).every(Boolean)) return known;
  }
  return undefined;
}

/** What of a known loader's words stands in the file, and what is replaced. */
export function knownState(known: KnownLoader, proper: Buffer): EraseState {
  const state: EraseState = { callSite: 'unknown', callee: 'unknown', patches: [], found: [] };
  for (const { place, offset, unpatched, sent } of known.words) {
    const now = Buffer.from(proper.subarray(offset, offset + 4));
    const [original, to] = [unpatched, sent].map((hex) => Buffer.from(hex, 'hex')) as [Buffer, Buffer];
    if (now.equals(to)) state.found.push({ place, offset, now, original });
    else state.patches.push({ place, offset, from: now, to });
    if (place === 'call') state.callSite = now.equals(to) ? 'patched' : now.equals(original) ? 'live' : 'unknown';
    else state.callee = now.equals(to) ? 'stopped' : now.equals(original) ? 'live' : 'unknown';
  }
  return state;
}

/**
 * In words, what a file is that is as long as a known loader and divided like it, but not known: a copy of it, with the
 * first block that differs. Undefined if it is no such file.
 */
export function copyText(file: Buffer, components: Components, loaders: readonly KnownLoader[]): string | undefined {
  for (const known of loaders) {
    const alike = components.every(({ address, offset, size }, i) => {
      const wanted = known.components[i as 0 | 1];
      return address === wanted.address && offset === wanted.offset && size === wanted.size;
    });
    if (!alike || file.length !== known.size) continue;
    const copy = asPublished(file, components[1].offset, known.words);
    for (const [i, wanted] of known.blocks.entries()) {
      const from = i * BLOCK;
      const block = copy.subarray(from, from + BLOCK);
      const hash = createHash('sha256').update(block).digest('hex');
      if (hash.startsWith(wanted)) continue;
      const to = from + block.length - 1;
      const bytes = `bytes ${from} to ${to}, 0x${from.toString(16)} to 0x${to.toString(16)}`;
      const which = `block ${i + 1} of ${known.blocks.length}`;
      return `it is a damaged or altered copy of ${known.name}: the first of its blocks of ${BLOCK} bytes that differs is ${which} (${bytes})`;
    }
  }
  return undefined;
}

/** A word that some tool has replaced, or put back, is no difference. */
function asPublished(file: Buffer, offset: number, words: readonly KnownWord[]): Buffer {
  const copy = Buffer.from(file);
  for (const word of words) {
    const at = offset + word.offset;
    const now = copy.toString('hex', at, at + 4);
    if (now === word.unpatched || now === word.sent) copy.write(word[word.published], at, 'hex');
  }
  return copy;
}
