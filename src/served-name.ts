/**
 * The name of a virtual stick that another process of this machine serves: `virtual-1@127.0.0.1:3300`. It is what users type
 * into the stick field, and the place of the stick for notes, locks and messages: so there is one spelling only.
 */

import { failure } from './errors';

/** Whoever reaches a served stick may do anything to it: nobody else but this machine does. */
export const LOOPBACK = '127.0.0.1';

export interface ServedName {
  /** As the program that serves it calls it: `virtual-1`. */
  stickName: string;
  /** TCP port on {@link LOOPBACK}. */
  port: number;
}

export const servedText = ({ stickName, port }: ServedName): string => `${stickName}@${LOOPBACK}:${port}`;

/** Undefined where `text` names no served stick at all (no `@` in it). Error: BAD_ARGUMENT for one that cannot be. */
export function parseServedName(text: string): ServedName | undefined {
  if (!text.includes('@')) return undefined;
  const [, stickName, address, digits] = /^(virtual-[1-9]\d{0,3})@(.*):([1-9]\d{0,4})$/.exec(text) ?? [];
  const port = Number(digits);
  if (stickName === undefined || address === undefined || port > 65_535) {
    throw failure('BAD_ARGUMENT/served-name', { name: JSON.stringify(text), address: LOOPBACK });
  }
  requireLoopback(address);
  return { stickName, port };
}

/** Error: BAD_ARGUMENT for any address but the one, also for other spellings of it: a stick must not have two names. */
export function requireLoopback(address: string): void {
  if (address === LOOPBACK) return;
  throw failure('BAD_ARGUMENT/not-loopback', { loopback: LOOPBACK, address: address || 'no address' });
}
