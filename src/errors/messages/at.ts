/** Sentences about the AT link, commands and their answers. */

import type { Catalogue } from '../catalogue';

export const AT = {
  'TIMEOUT/no-reply': (p: { path: string; command: string; seconds: number }) =>
    `${p.path} did not answer ${p.command} within ${p.seconds} s.`,
} satisfies Catalogue;
