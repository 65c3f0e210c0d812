/** The way of a stick from the box to an AT port, with the place where it is now. */

import type { Station } from '../shapes';
import { makeSteps } from './steps';
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
  const steps = makeSteps(
    WAY.map((station) => t(NAMES[station])),
    t('way.label'),
  );
  return {
    element: steps.element,
    at: (station) => steps.at((WAY as readonly Station[]).indexOf(station)),
  };
}
