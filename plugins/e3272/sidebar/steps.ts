/** Steps in a row, of which one is the present one. */

import { h } from './dom';

export interface Steps {
  readonly element: HTMLElement;
  /** The present one, from 0; -1: none of them. */
  at(here: number): void;
}

/** `label`: what they are, for those who do not see them. */
export function makeSteps(words: readonly string[], label?: string): Steps {
  const steps = words.map((text) => h('li', { text }));
  const element = h('ol', { class: 'e3272-way', attr: { 'aria-label': label } }, ...steps);
  return {
    element,
    at(here) {
      for (const [index, step] of steps.entries()) {
        step.classList.toggle('e3272-here', index === here);
        step.classList.toggle('e3272-behind', index < here);
        if (index === here) step.setAttribute('aria-current', 'step');
        else step.removeAttribute('aria-current');
      }
    },
  };
}
