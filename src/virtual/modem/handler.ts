import type { Reply } from './reply';
import type { ModemContext } from './state';

/** Carries out one command; `args` is what stands behind the `=`: blanks and small letters only inside quotes. */
export type Handler = (m: ModemContext, args: string) => Reply;
