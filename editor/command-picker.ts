/** Finds an AT command by its name or by what it is about: out of the driver's own catalogue. */

import { offerChoices, showInColumns } from './choices';
import type { Speaker } from './definition';

type Words = 'find.none' | 'find.denied' | 'find.failed';

/** An entry of `GET e3272/panel/commands`. */
interface Offered {
  command: string;
  about: string;
}

/** `state` is where is told why nothing is offered; `take` gets the command that is chosen. */
export function offerCommands(
  node: Speaker<Words>,
  { input, button, state }: { input: JQuery; button: JQuery; state: JQuery },
  take: (command: string) => void,
): void {
  const offered = new Set<string>();
  offerChoices(input, button, (found, words) => {
    $.getJSON('e3272/panel/commands', { words })
      .done((all: Offered[]) => {
        for (const { command } of all) offered.add(command);
        state.text(all.length === 0 ? node._('find.none') : '');
        found(all.map(({ command, about }) => ({ value: command, label: about })));
      })
      .fail(({ status }) => {
        state.text(node._(status === 401 || status === 403 ? 'find.denied' : 'find.failed'));
        found([]);
      });
  });
  showInColumns(input);
  input.on('change', () => {
    const command = String(input.val());
    // Anything else is a search.
    if (!offered.has(command)) return;
    input.val('');
    take(command);
  });
}
