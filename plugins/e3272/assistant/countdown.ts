/** How long a person still has, counted down between two looks. */

import { h, setText, show } from '../sidebar/dom';
import { t } from '../sidebar/words';

export interface Countdown {
  readonly element: HTMLElement;
  /** Seconds that are left; undefined: there is no hurry. */
  show(left: number | undefined): void;
}

export function makeCountdown(): Countdown {
  // Not read out each second: a timer says how it stands when it is asked.
  const element = h('p', { class: 'e3272-quiet', attr: { role: 'timer' } });
  let until: number | undefined;
  let ticking: ReturnType<typeof setInterval> | undefined;

  function tick(): void {
    const gone = ticking !== undefined && !element.isConnected;
    if (until === undefined || gone) {
      clearInterval(ticking);
      ticking = undefined;
    } else
      setText(
        element,
        t('run.countdown', { left: clock(Math.max(0, Math.round((until - performance.now()) / 1_000))) }),
      );
  }

  return {
    element,
    show(left) {
      until = left === undefined ? undefined : performance.now() + left * 1_000;
      show(element, until !== undefined);
      tick();
      if (until !== undefined) ticking ??= setInterval(tick, 1_000);
    },
  };
}

/** `9:05`. */
const clock = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
