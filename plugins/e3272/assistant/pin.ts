/** The boot pin as a drawing: three moves, of which one is lit. */

import { h, svg } from '../sidebar/dom';
import { t } from '../sidebar/words';

/** `element` shows the moves; `lit` 0 to 2: which one is to be made now. */
export function makePin(): { readonly element: HTMLElement; light(lit: number): void } {
  const moves = [drawUnplug(), drawHold(), drawPlug()];
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

const line = (d: string, name = 'e3272-ink') => svg('path', { class: name, attr: { d, fill: 'none' } });
const frame = (...parts: SVGElement[]) =>
  svg('svg', { attr: { viewBox: '0 0 120 70', 'aria-hidden': 'true' } }, ...parts);

const socket = () => line('M8 14h26v42H8zM34 26h6v18h-6');
/** Without its case: the board with plug, the holder of the memory card, and the pin beside it. */
const board = (x: number) => line(`M${x} 28h12v14h-12zM${x + 12} 18h46v34h-46zM${x + 26} 24h20v14h-20z`);
const pin = (x: number) => svg('circle', { class: 'e3272-pinhead', attr: { cx: x + 20, cy: 45, r: 2.5 } });
const arrow = (from: number, to: number) => {
  const back = to > from ? -6 : 6;
  return line(`M${from} 62H${to}M${to + back} 58L${to} 62L${to + back} 66`, 'e3272-arrow');
};
/** A wire from the pin to the metal of the plug. */
const wire = (x: number) => line(`M${x + 20} 45C${x + 14} 64 ${x + 2} 62 ${x + 4} 42`, 'e3272-arrow');

const drawUnplug = () => frame(socket(), board(52), pin(52), arrow(46, 78));
const drawHold = () => frame(board(30), pin(30), wire(30));
const drawPlug = () => frame(socket(), board(42), pin(42), wire(42), arrow(84, 52));
