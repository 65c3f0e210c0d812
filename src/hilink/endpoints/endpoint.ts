import type { WebValues } from '../../values/web';
import type { Fields } from '../fields';

/** One path of the web API and what is to be known of it. */
export interface Endpoint {
  /** Below `/api/`, as the stick spells it. */
  readonly path: string;
  readonly about: string;
  /** What its answer tells; what it does not tell is not there. `damaged`: bytes of it were no text. */
  readonly read: (answer: Fields) => WebValues;
}

export const endpoint = (path: string, about: string, read: Endpoint['read']): Endpoint => ({ path, about, read });
