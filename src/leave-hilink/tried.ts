/** What was tried on the way out of HiLink mode, and what the stick has made of it. */

import type { Try } from '../hilink/ways';

/** By a request to its web server, or by the message to its CD-ROM. */
export interface Tried {
  way: Try['way'] | 'cd-rom';
  to: Try['to'];
  /** `left`: it came back with serial ports. `refused`: it said no. `nothing`: it said yes, or nothing, and stayed. */
  outcome: 'left' | 'refused' | 'nothing';
  /** Of a refusal, where the stick gave one: 100002, 125002. */
  number?: number;
}

const OUTCOMES = { left: 'left HiLink', refused: 'refused', nothing: 'nothing happened' } as const;

/** `cgi project: refused (100002)`. */
export const triedText = ({ way, to, outcome, number }: Tried): string =>
  `${way} ${to}: ${OUTCOMES[outcome]}${number === undefined ? '' : ` (${number})`}`;

/** In their order; `nothing` where nothing was tried. */
export const triedTexts = (all: readonly Tried[]): string => all.map(triedText).join('; ') || 'nothing';
