import type { WebValues } from '../../values/web';
import type { Fields } from '../fields';

/** One path of the web API and what is to be known of it. */
export interface Endpoint {
  /** Below `/api/`, as the stick spells it. */
  readonly path: string;
  readonly about: string;
  /** What its answer tells; what it does not tell is not there. `damaged`: bytes of it were no text. */
  readonly read: (answer: Fields) => WebValues;
  /** Its root, in lower case, where that is not `response`: settings of the pages, whose rest is handed on as it came. */
  readonly root?: string;
}

export const endpoint = (path: string, about: string, read: Endpoint['read'], root?: string): Endpoint =>
  root === undefined ? { path, about, read } : { path, about, read, root };
