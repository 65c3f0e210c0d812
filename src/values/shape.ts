/**
 * The words in which a value describes itself: what it is called, in which unit, how far it goes, what it may be, where
 * that is known from. Types, documents and what other systems want to know of a value are made from this.
 */

export type Unit = 'dBm' | 'dB' | '°C' | 's' | 'min' | 'h' | 'B' | 'B/s' | 'bit/s';

export type Range = readonly [least: number, most: number];

/** A value, or a member of one. */
export interface Member<T = unknown> {
  /** `counter`: a number, or text with decimal digits where a number would be rounded (beyond 9 PB). */
  readonly kind: 'number' | 'counter' | 'flag' | 'text' | 'choice' | 'list' | 'map' | 'group';
  /** What it is called. */
  readonly label: string;
  /** More about it, for people. */
  readonly note?: string;
  readonly unit?: Unit;
  readonly range?: Range;
  /** What a `choice` may be. */
  readonly options?: readonly string[];
  /** What a `list` holds. */
  readonly items?: Member;
  /** What a `group` holds. */
  readonly members?: Members;
  /** Where the shape and the figures are known from. */
  readonly source?: string;
  /** Never left out of its group. */
  readonly always?: true;
  /** Never set: it only carries the type. */
  readonly type?: T;
}

export type Members = Readonly<Record<string, Member>>;

/** The type of what `M` describes. */
export type TypeOf<M extends Member> = M extends Member<infer T> ? T : never;

type Always<S extends Members> = { [K in keyof S]: S[K] extends { always: true } ? K : never }[keyof S];
type GroupOf<S extends Members> = Flat<
  { [K in Always<S>]: TypeOf<S[K]> } & { [K in Exclude<keyof S, Always<S>>]?: TypeOf<S[K]> }
>;
type Flat<T> = { [K in keyof T]: T[K] };

export type NumberMember = Member<number> & { readonly range: Range };
export type ChoiceMember<O extends string> = Member<O> & { readonly options: readonly O[] };
export type Group<S extends Members> = Member<GroupOf<S>> & { readonly members: S };

const noted = (note: string | undefined) => (note === undefined ? {} : { note });

export const number = (label: string, range: Range, unit?: Unit, note?: string): NumberMember => ({
  kind: 'number',
  label,
  range,
  ...(unit && { unit }),
  ...noted(note),
});

export const counter = (label: string, unit: Unit, note?: string): Member<number | string> => ({
  kind: 'counter',
  label,
  unit,
  ...noted(note),
});

export const flag = (label: string, note?: string): Member<boolean> => ({ kind: 'flag', label, ...noted(note) });

export const text = (label: string, note?: string): Member<string> => ({ kind: 'text', label, ...noted(note) });

export const choice = <const O extends string>(
  label: string,
  options: readonly O[],
  note?: string,
): ChoiceMember<O> => ({ kind: 'choice', label, options, ...noted(note) });

export const list = <M extends Member>(label: string, items: M, note?: string): Member<TypeOf<M>[]> => ({
  kind: 'list',
  label,
  items,
  ...noted(note),
});

/** Texts by names that nobody knows beforehand. */
export const map = (label: string, note?: string): Member<Record<string, string>> => ({
  kind: 'map',
  label,
  ...noted(note),
});

/** Members that are not known are not there, apart from those that are {@link always}. */
export const group = <const S extends Members>(label: string, members: S, note?: string): Group<S> => ({
  kind: 'group',
  label,
  members,
  ...noted(note),
});

export const always = <const M extends Member>(member: M): M & { readonly always: true } => ({
  ...member,
  always: true,
});

export const sourced = <const M extends Member>(source: string, member: M): M => ({ ...member, source });

/** What may be undefined in `T` may be missing instead. */
export type Known<T> = Flat<
  { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
    [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
  }
>;

/** `values` without the properties that are not known. */
export function known<T extends object>(values: T): Known<T> {
  const found: Partial<T> = {};
  for (const key of Object.keys(values) as (keyof T)[]) if (values[key] !== undefined) found[key] = values[key];
  return found as Known<T>;
}

/** The same; undefined where nothing at all is known. */
export function knownOrNothing<T extends object>(values: T): Known<T> | undefined {
  const found = known(values);
  return Object.keys(found).length > 0 ? found : undefined;
}

/** A counter of 64 bits as plain data. */
export const countOf = (count: bigint): number | string =>
  count <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(count) : String(count);
