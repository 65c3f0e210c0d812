/** The way of a stick from the box to an AT port, with the place where it is now. */

import type { Station } from '../shapes';
import { h } from './dom';
import { t } from './words';

const WAY = ['storage', 'hilink', 'boot', 'loader', 'at'] as const;

const NAMES = {
  storage: 'way.storage',
  hilink: 'way.hilink',
  boot: 'way.boot',
  loader: 'way.loader',
  at: 'way.at',
} as const;

export interface Way {
  readonly element: HTMLElement;
  at(station: Station): void;
}

export function makeWay(): Way {
  const steps = WAY.map((station) => h('li', { text: t(NAMES[station]) }));
  const element = h('ol', { class: 'e3272-way', attr: { 'aria-label': t('way.label') } }, ...steps);
  return {
    element,
    at(station) {
      const here = (WAY as readonly Station[]).indexOf(station);
      for (const [index, step] of steps.entries()) {
        step.classList.toggle('e3272-here', index === here);
        step.classList.toggle('e3272-behind', index < here);
        if (index === here) step.setAttribute('aria-current', 'step');
        else step.removeAttribute('aria-current');
      }
    },
  };
}
