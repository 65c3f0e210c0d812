/** The boot pin as a drawing: three moves, of which one is lit. */

import { PIN_BOX, PIN_MOVES, type Stroke } from '../../../editor/pin-drawing';
import { h, svg } from '../sidebar/dom';
import { t } from '../sidebar/words';

/** `element` shows the moves; `lit` 0 to 2: which one is to be made now. */
export function makePin(): { readonly element: HTMLElement; light(lit: number): void } {
  const moves = PIN_MOVES.map(draw);
  const items = moves.map((picture, index) =>
    h('li', {}, picture, h('span', { text: t(`pin.${(index + 1) as 1 | 2 | 3}`) })),
  );
  const element = h('ol', { class: 'e3272-pin' }, ...items);
  return {
    element,
    light(lit) {
      for (const [index, item] of items.entries()) {
        item.classList.toggle('e3272-here', index === lit);
        if (index === lit) item.setAttribute('aria-current', 'step');
        else item.removeAttribute('aria-current');
      }
    },
  };
}

const CLASSES: Readonly<Record<Stroke['kind'], string>> = {
  ink: 'e3272-ink',
  act: 'e3272-arrow',
  pin: 'e3272-pinhead',
};

function draw(strokes: readonly Stroke[]): SVGElement {
  const { width, height } = PIN_BOX;
  const parts = strokes.map(({ kind, d }) =>
    typeof d === 'string'
      ? svg('path', { class: CLASSES[kind], attr: { d, fill: 'none' } })
      : svg('circle', { class: CLASSES[kind], attr: { cx: d[0], cy: d[1], r: 2.5 } }),
  );
  return svg('svg', { attr: { viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' } }, ...parts);
}
