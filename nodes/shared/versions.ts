/**
 * What the dialogs save, through the releases. A flow keeps what it was saved with: its settings are brought up to date when the
 * node starts, and when its dialog opens. Node-RED and the browser share this, so it imports nothing.
 */

/** A number as its field holds it; empty for none. */
export type Amount = number | string;

/** What every node of ours saves beside its own settings. */
export interface Common {
  name: string;
  /** Of the settings. Version 1 are those of release 0.1, whose flows have none. */
  version: number;
}

/** Settings of one kind of node: what a new one begins with, and the way there from each earlier version. */
export interface Versions<T> {
  readonly fresh: Readonly<T & Common>;
  /** The first one takes version 1 to 2, and so on. They are pure, and keep what they do not know. */
  readonly steps: readonly ((old: never) => object)[];
}

export function versions<T extends object>(fresh: T): Versions<T>;
export function versions<T extends object, V1>(fresh: T, to2: (old: V1) => T): Versions<T>;
export function versions<T extends object, V1, V2>(fresh: T, to2: (old: V1) => V2, to3: (old: V2) => T): Versions<T>;
export function versions<T extends object>(fresh: T, ...steps: ((old: never) => object)[]): Versions<T> {
  return { fresh: { name: '', ...fresh, version: steps.length + 1 }, steps };
}

/** The version of settings as they stand in a flow. */
export function versionOf(saved: object): number {
  const version = 'version' in saved ? Number(saved.version) : 1;
  return Number.isInteger(version) && version >= 1 ? version : 1;
}

/** `saved` as today's node would have saved it. What a later release has saved stays as it is. */
export function upToDate<T, S extends object>({ fresh, steps }: Versions<T>, saved: S): S & T {
  const version = versionOf(saved);
  const now = steps.slice(version - 1).reduce<object>((old, step) => step(old as never), saved);
  // Each step is typed; that `saved` is of the version it names nobody can know.
  return { ...now, version: Math.max(version, fresh.version) } as unknown as S & T;
}
