/**
 * What to do about an error, worded for a place where a person meets it: the nodes, the command line. The driver itself
 * gives no advice. What holds in both places stands once in this folder; a place has the rest.
 */

import type { Addition, AdditionParams, Catalogue, CodeOf, DriverError, ErrorCode, ParamsOf } from '../errors';
import { isAddon } from '../host/addon';

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
export type AddedCures = { readonly [A in Addition]: Cure<AdditionParams<A>> };

/** The errors of `M` that have no cure in `T`, neither their own nor one of their code. */
export type Uncured<M, T> = {
  [K in keyof M & string]: K extends keyof T ? never : CodeOf<K> extends keyof T ? never : K;
}[keyof M & string];

/** A place where errors are met, for {@link hintOf}. */
export interface Place {
  readonly cures: Readonly<Record<string, unknown>>;
  readonly added: Readonly<Record<string, unknown>>;
  /** Those that go before in an add-on of Home Assistant. */
  readonly addon?: Readonly<Record<string, unknown>>;
}

/** `placeOf<Messages>()(cures, added)` does not compile where an error of the catalogue has no cure, or a cure no error. */
export const placeOf =
  <M extends Catalogue>() =>
  <const T extends Cures<M>>(
    cures: T & { readonly [K in Uncured<M, T>]: Cure<never> } & {
      readonly [K in Exclude<keyof T, keyof M | ErrorCode>]: never;
    },
    added: AddedCures,
    addon?: Cures<M>,
  ): Place => ({
    cures,
    added,
    ...(addon && { addon }),
  });

/** What a person can do about `error` in `place`: sentences; undefined where there is nothing. */
export function hintOf(place: Place, error: Pick<DriverError, 'code' | 'reason' | 'params' | 'besides'> & Told) {
  const { code, reason, params, besides = [], stick, number } = error;
  const told = { ...(stick !== undefined && { stick }), ...(number !== undefined && { number }) };
  const keys = [`${code}/${reason}`, ...besides.map(({ what }) => what)];
  const hints = keys.map((key, i) => cureFor(place, key, { ...told, ...(besides[i - 1]?.params ?? params) }));
  return hints.filter(Boolean).join(' ') || undefined;
}

/** The cure for `key`, by code and reason, else by code, or for what was added. Empty where there is none. */
export function cureFor({ cures, added, addon = {} }: Place, key: string, params: object): string {
  const [code = ''] = key.split('/');
  const tables = [...(isAddon(process.env) ? [addon] : []), cures, added];
  const found = tables.find((table) => Object.hasOwn(table, key))?.[key];
  const cure = found === undefined && Object.hasOwn(cures, code) ? cures[code] : found;
  if (typeof cure !== 'function') return typeof cure === 'string' ? cure : '';
  try {
    return String(cure(params));
  } catch {
    // Its params are those of another version, from a file or another process.
    return '';
  }
}
