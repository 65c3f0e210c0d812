/** Names that go with a stick or its SIM card, whatever socket it is in: `imei:<15 digits>`, `sim:<ICCID>`. */

import { createHash } from 'node:crypto';
import { failure } from '../errors';

export interface OwnName {
  what: 'imei' | 'sim';
  /** {@link hashOf} the digits. */
  hash: string;
}

/** What is kept of an IMEI or an ICCID. */
export const hashOf = (digits: string): string => createHash('sha256').update(digits).digest('hex').slice(0, 16);

const SHAPES = { imei: /^\d{15}$/, sim: /^89\d{14,18}$/ } as const;

/** Undefined for what is no such name: `auto`, a port path. Error: BAD_ARGUMENT, without the digits. */
export function parseOwnName(which: string): OwnName | undefined {
  const [, what, rest = ''] = /^(imei|sim):(.*)$/i.exec(which.trim()) ?? [];
  if (what === undefined) return undefined;
  const kind = what.toLowerCase() === 'imei' ? 'imei' : 'sim';
  // Some print blanks between the digits, and some firmware fills an ICCID up with F.
  const digits = rest.replaceAll(/[\s-]/g, '').replace(/F$/i, '');
  if (SHAPES[kind].test(digits)) return { what: kind, hash: hashOf(digits) };
  throw failure('BAD_ARGUMENT/own-name', { what: kind });
}

/**
 * For what needs the socket: a stick that is being written answers no question about itself. Error: BAD_ARGUMENT for an
 * own name.
 */
export function requirePlace(which: string, purpose: string): void {
  if (!parseOwnName(which)) return;
  throw failure('BAD_ARGUMENT/place-needed', { purpose });
}
