import { type ConvertOptions, convert } from '../../src/flash/convert';
import type { Act, JobEvent, JobReport, Stage } from '../../src/flash/events';
import { makeFirmware, makeLoader } from '../../src/virtual/make-files';
import { act } from '../../src/virtual/person';
import { type Bench, type BenchStick, virtualBench } from '../support/bench';

/** A conversion on a virtual stick with a person beside it, on a virtual clock. */
export interface Journey extends Bench {
  events: JobEvent[];
  /** Does what a job asks a person to do; can be replaced. */
  person: (act: Act) => void;
  convert(options?: Partial<ConvertOptions>): Promise<JobReport>;
  /** Stage in which the last run ended, and how long it had been in it, milliseconds. */
  ending(): { stage: Stage | undefined; ms: number };
}

export interface Files {
  loader: Uint8Array;
  firmware: Uint8Array;
}

export function journey(files: Files, options: BenchStick = {}, others: readonly BenchStick[] = []): Journey {
  const bench = virtualBench(options, others);
  const events: JobEvent[] = [];
  let stage: Stage | undefined;
  let since = 0;
  let ended = 0;
  const self: Journey = {
    ...bench,
    events,
    person: (what) => void act(bench.stick, what),
    async convert(more = {}) {
      stage = undefined;
      since = bench.clock.now();
      const report = await bench.run(
        convert(bench.host, {
          which: '1-1',
          ...files,
          confirm: () => true,
          ...more,
          onEvent(event) {
            events.push(event);
            if (event.type === 'stage') {
              stage = event.stage;
              since = bench.clock.now();
            }
            if (event.type === 'wait') self.person(event.act);
            more.onEvent?.(event);
          },
        }),
      );
      ended = bench.clock.now();
      return report;
    },
    ending: () => ({ stage, ms: ended - since }),
  };
  return self;
}

export { makeFirmware, makeLoader };
