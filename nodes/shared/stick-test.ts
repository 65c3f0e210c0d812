/** What the test of an e3272-stick has found: the answer of `POST e3272/sticks/test`. Nothing that is private. */

import type { Failure } from './failure-shape';
import type { Listed } from './listed';

/** What is looked at, in this order. What is behind a fault is not looked at any more. */
export const TEST_PARTS = ['stick', 'ports', 'rights', 'holder', 'answer', 'sim', 'network'] as const;
export type TestPart = (typeof TEST_PARTS)[number];

export interface StickTest {
  /** The stick that is meant: `id` as `12d1:1506`. */
  found?: { stick: string; mode: Listed['mode']; product: string; id: string; virtual: boolean };
  /** Its ttys, with the kernel's driver where there is one. */
  ports?: readonly { path: string; role: string; driver?: string }[];
  /** Device nodes that Node-RED's user may use; absent where there are none to ask for. */
  rights?: readonly string[];
  /** `free`, `nodes` of this Node-RED use it, or in words who has it: then it is not asked. */
  holder?: { by: 'free' | 'nodes' } | { by: 'job' | 'program'; who: string };
  /** Who answers; `ms`: how long that took. By its web page in HiLink mode. */
  answer?: { by: 'at' | 'web'; model?: string; revision?: string; ms: number };
  sim?: { state: string; pinTries?: number };
  network?: { operator?: string; registration?: string; system?: string };
  faults: Partial<Record<TestPart, Failure>>;
  /** What may disturb later, in sentences: ModemManager. */
  warnings: readonly string[];
}
