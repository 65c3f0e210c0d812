/** What a node tells the editor of itself, held against what its runtime reads. */

import type { Common } from '../nodes/shared/versions';

/** Keys of a locale, by their full path: `label.stick`. */
export type Key<W> = W extends string
  ? never
  : { [K in keyof W & string]: W[K] extends string ? K : `${K}.${Key<W[K]>}` }[keyof W & string];

/** Something that speaks its own words. `W`: keys, or a locale. */
export interface Speaker<K extends string> {
  readonly _: (key: K, values?: Readonly<Record<string, string | number>>) => string;
}

/** A node in the editor. One of an earlier release lacks what was added since. */
export type Instance<T, W> = Partial<T & Common> & Speaker<Key<W>> & { readonly id: string; readonly type: string };

/** True, or not: then with the reason, where it is asked for. */
export type Verdict = boolean | string;

interface Property<V, Self> {
  value: V;
  /** Type of the config node whose id it holds. */
  type?: string;
  required?: boolean;
  validate?: (this: Self, value: unknown, options?: object) => Verdict;
}

/** One entry for each property that the runtime reads, and none else: another one would not be saved. */
type Defaults<T, Self> = { [K in keyof T]-?: Property<T[K], Self> };

/** `T`: what the dialog saves. `W`: the node's words. */
export interface Definition<T, W, Self = Instance<T, W>> {
  category: string;
  color: string;
  icon: string;
  align?: 'right';
  defaults: Defaults<T & Common, Self>;
  credentials?: Readonly<Record<string, { type: 'text' | 'password' }>>;
  inputs?: 0 | 1;
  outputs?: number;
  inputLabels?: (this: Self, index: number) => string;
  outputLabels?: (this: Self, index: number) => string;
  paletteLabel?: (this: Self) => string;
  onpaletteadd?: (this: Self) => void;
  label(this: Self): string;
  labelStyle?: (this: Self) => string;
  /** It has come to the workspace, from the palette or another flow. */
  onadd?: (this: Self) => void;
  /** The dialog stands, its inputs hold the settings. */
  oneditprepare(this: Self): void;
  /** Before the inputs are saved. */
  oneditsave(this: Self): void;
}
