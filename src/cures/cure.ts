/**
 * What to do about an error, worded for a place where a person meets it: the nodes, the command line. The driver itself
 * gives no advice. What holds in both places stands once in this folder; a place has the rest.
 */

import type { ADDITIONS, Addition, Catalogue, CodeOf, DriverError, ErrorCode, Params, ParamsOf } from '../errors';

/** What every error may carry, beside its params. */
export interface Told {
  stick?: string;
  number?: number;
}

/** Whole sentences, made of the params where they say more; null where there is nothing to be done. */
export type Cure<P> = string | null | ((p: P & Told) => string);

/** Cures of a catalogue: by code and reason, or by code for all reasons that have none of their own. */
export type Cures<M extends Catalogue> = { readonly [K in keyof M]?: Cure<ParamsOf<M[K]>> } & {
  readonly [C in ErrorCode]?: Cure<unknown>;
};

/** Those behind an error to which a later step has added something. */
export type AddedCures = { readonly [A in Addition]: Cure<ParamsOf<(typeof ADDITIONS)[A]>> };

/** The errors of `M` that have no cure in `T`, neither their own nor one of their code. */
export type Uncured<M, T> = {
  [K in keyof M & string]: K extends keyof T ? never : CodeOf<K> extends keyof T ? never : K;
}[keyof M & string];

/** A place where errors are met, for {@link hintOf}. */
export interface Place {
  readonly cures: Readonly<Record<string, unknown>>;
  readonly added: Readonly<Record<string, unknown>>;
}

/** `placeOf<Messages>()(cures, added)` does not compile where an error of the catalogue has no cure. */
export const placeOf =
  <M extends Catalogue>() =>
  <const T extends Cures<M>>(cures: T & { readonly [K in Uncured<M, T>]: Cure<never> }, added: AddedCures): Place => ({
    cures,
    added,
  });

/** What a person can do about `error` in `place`: sentences; undefined where there is nothing. */
export function hintOf(place: Place, error: Pick<DriverError, 'code' | 'reason' | 'params' | 'besides'> & Told) {
  const { code, reason, params, besides = [], stick, number } = error;
  const told = { ...(stick !== undefined && { stick }), ...(number !== undefined && { number }) };
  const own = say(cureOf(place, `${code}/${reason}`), { ...told, ...params });
  const more = besides.map(({ what, params }) => say(place.added[what] ?? cureOf(place, what), { ...told, ...params }));
  return [own, ...more].filter(Boolean).join(' ') || undefined;
}

/** By code and reason, else by code. */
const cureOf = ({ cures }: Place, key: string): unknown =>
  cures[Object.hasOwn(cures, key) ? key : (key.split('/')[0] as string)];

function say(cure: unknown, params: Params): string {
  if (typeof cure === 'function') return String(cure(params));
  return typeof cure === 'string' ? cure : '';
}
