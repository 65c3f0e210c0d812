/** An input with a list of values to choose from, which opens by a button beside it; anything else may be typed in. */

import type { Choice } from './red';

/** `find` is asked each time the list opens. Returns how to open it. */
export function offerChoices(
  input: JQuery,
  button: JQuery,
  find: (found: (choices: Choice[]) => void) => void,
): () => void {
  input.autocomplete({
    minLength: 0,
    delay: 0,
    source: (_request, answer) => find(answer),
    select: (_event, { item }) => {
      input.val(item.value).trigger('change');
      return false;
    },
  });
  const open = () => {
    input.trigger('focus').autocomplete('search', '');
  };
  button.on('click', (event) => {
    event.preventDefault();
    open();
  });
  return open;
}
