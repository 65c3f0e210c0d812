/** Which points a trace settles, and which ones it contradicts. */

import type { TraceRecord } from '../record/format';
import { Facts } from './facts';
import type { Point, Verdict } from './point';
import { POINTS } from './points';

const E3272 = /E3272/i;

export class Settled {
  readonly #facts = new Facts();

  see(record: TraceRecord): void {
    this.#facts.see(record);
  }

  /** Ids in the order of the document. */
  points(): { settles: string[]; contradicts: string[] } {
    const of = (wanted: Verdict) => POINTS.filter((point) => this.#verdict(point) === wanted).map(({ id }) => id);
    return { settles: of('settles'), contradicts: of('contradicts') };
  }

  #verdict({ look, models = E3272 }: Point): Verdict | undefined {
    return models.test(this.#facts.model ?? '') ? look?.(this.#facts) : undefined;
  }
}
