/** The words of the sidebar, in the language of the editor. */

import type { Key } from '../../../editor/definition';
import type { StatusKey } from '../../../nodes/shared/statuses';
import type catalogue from '../locales/en-US/e3272.json';

type Words = typeof catalogue;
/** Words that depend on a count go by their key without `_one` and `_other`. */
type Counted<K> = K extends `${infer Base}_one` ? Base : K extends `${string}_other` ? never : K;
export type PanelKey = Counted<Key<Words['panel']>>;

type Values = Readonly<Record<string, string | number>>;

const NAMESPACE = '@e3272/node-red/e3272';
const word = (key: string, values: Values = {}) => RED._(`${NAMESPACE}:${key}`, values);

export const t = (key: PanelKey, values?: Values): string => word(`panel.${key}`, values);
export const statusWord = (key: StatusKey): string => word(`status.${key}`);

/** The language that the words are in: it may be another one than the editor's, where there are none in that. */
export const language = (): string => word('lang');
