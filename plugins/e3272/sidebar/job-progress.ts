/** How far a job is, and whether it still says anything: the same on a card and in the assistant. */

import type { JobShown } from '../shapes';
import { h, setText, show } from './dom';
import { t } from './words';

/** Seconds without a word of the job that are worth a word. */
const STALLED = 20;

export interface JobProgress {
  /** Bar and figures. */
  readonly element: HTMLElement;
  readonly stalled: HTMLElement;
  /** Undefined: there is none, or nobody wants to see it. */
  show(job: JobShown | undefined): void;
}

export function makeJobProgress(): JobProgress {
  const bar = h('progress', { attr: { max: 100 } });
  const figures = h('p', { class: 'e3272-quiet' });
  // Whoever listens hears of each quarter, not of each percent.
  const quarters = h('p', { class: 'e3272-unseen', attr: { role: 'status' } });
  const stalled = h('p', { class: 'e3272-error', attr: { role: 'status' } });
  return {
    element: h('div', {}, bar, figures, quarters),
    stalled,
    show(job) {
      const { progress, ended, ago = 0, wait } = job ?? {};
      show(bar, progress !== undefined);
      show(figures, progress !== undefined);
      const percent = progress && progress.total > 0 ? Math.floor((progress.done / progress.total) * 100) : 0;
      bar.value = percent;
      bar.setAttribute('aria-label', `${percent} %`);
      setText(figures, progress ? figuresOf(progress, percent) : '');
      const quarter = Math.floor(percent / 25) * 25;
      setText(quarters, quarter > 0 && !ended ? `${quarter} %` : '');
      // Whoever has to do something has the time for it.
      show(stalled, job !== undefined && !ended && wait === undefined && ago >= STALLED);
      setText(stalled, stalled.hidden ? '' : t('job.stalled', { ago: Math.floor(ago / 10) * 10 }));
    },
  };
}

function figuresOf({ done, total, rate, left, image }: NonNullable<JobShown['progress']>, percent: number): string {
  return [
    `${percent} %`,
    image && t('job.image', { index: image.index + 1, count: image.count }),
    t('job.bytes', { done: (done / 1e6).toFixed(1), total: (total / 1e6).toFixed(1) }),
    rate > 0 && t('job.rate', { rate: (rate / 1e6).toFixed(1) }),
    // The end is never where the arithmetic says.
    left !== undefined && percent < 95 && t('job.left', { left: Math.ceil(left) }),
  ]
    .filter((part): part is string => typeof part === 'string')
    .join(' \u00b7 ');
}
