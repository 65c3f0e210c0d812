/** Sentences about the way out of the CD-ROM mode. */

import type { Catalogue } from '../catalogue';

export const MODESWITCH = {
  'PROTOCOL/switch-message': (p: { which: string; text: string }) =>
    `The switch message could not be sent to ${p.which}: ${p.text}`,
} satisfies Catalogue;
