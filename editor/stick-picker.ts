/** The field that names the stick: what is plugged in now is offered. */

import type { Listed } from '../nodes/shared/listed';
import { offerChoices, showInColumns } from './choices';
import type { Speaker } from './definition';
import type { Choice } from './red';

type Said =
  | 'auto'
  | 'virtual'
  | 'imei'
  | 'sim'
  | 'unplugged'
  | 'looking'
  | 'none'
  | 'one'
  | 'many'
  | 'denied'
  | 'failed';
type Words = `picker.${Said}` | `mode.${Listed['mode']}`;

const choice = (value: string, label: string): Choice => ({ value, label });

/** `state` is where is told what was found. */
export function offerSticks(node: Speaker<Words>, input: JQuery, button: JQuery, state: JQuery): void {
  /** By port path: what the sticks call themselves. Asked for by the button only, for it opens their ports. */
  const names: Record<string, Choice[]> = {};

  function choices(sticks: readonly Listed[]): Choice[] {
    const found = sticks.flatMap((stick) => [describe(node, stick), ...(names[stick.stick] ?? [])]);
    const known = sticks.some(({ stick }) => stick === 'virtual-1');
    return [
      // Both always, so that a flow can be made before the stick is there.
      choice('auto', node._('picker.auto')),
      ...found,
      ...(known ? [] : [choice('virtual-1', node._('picker.virtual'))]),
    ];
  }

  function tell(sticks: readonly Listed[]): void {
    const count = sticks.filter(({ virtual }) => !virtual).length;
    state.text(node._(count === 0 ? 'picker.none' : count === 1 ? 'picker.one' : 'picker.many', { count }));
  }

  const open = offerChoices(input, button, (found) => {
    state.text(node._('picker.looking'));
    ask()
      .done((sticks: Listed[]) => {
        tell(sticks);
        found(choices(sticks));
      })
      .fail(({ status }) => {
        state.text(node._(status === 401 || status === 403 ? 'picker.denied' : 'picker.failed'));
        found(choices([]));
      });
  });
  showInColumns(input);
  button.on('click', () => {
    ask().done((sticks: Listed[]) => {
      for (const { stick } of sticks.filter(({ virtual, mode }) => !virtual && mode === 'tty')) {
        $.getJSON(`e3272/sticks/${encodeURIComponent(stick)}/names`).done((own: string[]) => {
          names[stick] = own.map((name) =>
            choice(name, node._(name.startsWith('imei:') ? 'picker.imei' : 'picker.sim', { stick })),
          );
          if (own.length > 0 && input.is(':focus')) open();
        });
      }
    });
  });
  ask().done(tell);
}

const ask = () => $.getJSON('e3272/sticks');

function describe(node: Speaker<Words>, { stick, mode, product, vendorId, productId }: Listed): Choice {
  if (!productId) return choice(stick, node._('picker.unplugged'));
  const id = [vendorId, productId].map((n) => n.toString(16).padStart(4, '0')).join(':');
  return choice(stick, [node._(`mode.${mode}`), product, id].filter(Boolean).join(' \u00b7 '));
}
