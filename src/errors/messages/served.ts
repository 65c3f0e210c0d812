/** Sentences about the names of virtual sticks in another process. */

import type { Catalogue } from '../catalogue';

export const SERVED = {
  'BAD_ARGUMENT/served-name': (p: { name: string; address: string }) =>
    `${p.name} is no name of a virtual stick in another process.`,
  'BAD_ARGUMENT/not-loopback': (p: { loopback: string; address: string }) =>
    `Virtual sticks are served to programs on the same machine only, on ${p.loopback}, not on ${p.address}.`,
} satisfies Catalogue;
