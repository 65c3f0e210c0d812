/**
 * What a catalogue of sentences is. Its keys are `CODE/reason`; each has one English sentence that says what happened and to
 * which stick. A sentence holds no advice and names no option, node or field: what is to be done is worded where a person
 * meets the error.
 */

import type { ErrorCode } from './codes';

export type Key = `${ErrorCode}/${string}`;

/**
 * Values that survive JSON and can be said: never undefined, so that no sentence says it. Nothing private: params go to flows,
 * logs and other processes as the message does.
 */
export type Param = string | number | boolean | null | readonly (string | number)[];
export type Params = Readonly<Record<string, Param>>;

/** `never`: any params fit; {@link ParamsOf} gives those of one. */
export type Sentence = (params: never) => string;
export type Catalogue = Readonly<Record<Key, Sentence>>;
/** What becomes of the message of an error, which is one of the params. */
export type Additions = Readonly<Record<string, Sentence>>;

// biome-ignore lint/complexity/noBannedTypes: the params of a sentence without any.
export type ParamsOf<S> = S extends (...params: infer P) => string ? (P extends [infer Only] ? Only : {}) : never;

export type CodeOf<K extends string> = K extends `${infer C extends ErrorCode}/${string}` ? C : never;
export type ReasonOf<K extends string, C extends ErrorCode = ErrorCode> = K extends `${C}/${infer R}` ? R : never;

/** The sentence with these params. Whoever calls it has them typed already. */
export const say = (sentences: Readonly<Record<string, Sentence>>, key: string, params: unknown): string =>
  (sentences[key] as (params: unknown) => string)(params);
