/** Errors as they go to the browser. */

import type { Params } from '../../src/errors/catalogue';

export type { Params } from '../../src/errors/catalogue';

/** An error as dialogs and sidebar show it: in the editor's language, where that has words for it. */
export interface Failure {
  code: string;
  reason?: string;
  /** What its sentence is made with. */
  params?: Params;
  /** What a later step added to it. */
  besides?: readonly { what: string; params: Params }[];
  /** Those of it whose cure is that of an add-on of Home Assistant, by code and reason: the usual one is wrong there. */
  addon?: readonly string[];
  /** In English. */
  message: string;
  hint?: string;
}
