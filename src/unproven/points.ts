/**
 * What is taken for true and that nobody here has seen on a real E3272. Each point says what is assumed and what would settle
 * it; where a trace can, `look` reads it off. Ids stay what they are: a point that is settled is taken out, its number is not
 * given to another one.
 */

import type { Point } from './point';
import { AT_POINTS } from './points-at';
import { BUS_POINTS } from './points-bus';
import { FLASH_POINTS } from './points-flash';
import { HILINK_POINTS } from './points-hilink';

export const POINTS: readonly Point[] = [...FLASH_POINTS, ...AT_POINTS, ...BUS_POINTS, ...HILINK_POINTS];
