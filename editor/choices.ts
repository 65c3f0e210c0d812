/** An input with a list of values to choose from, which opens by a button beside it; anything else may be typed in. */

import type { Choice } from './red';

/** `find` is asked each time the list opens, with what is typed then. Returns how to open it. */
export function offerChoices(
  input: JQuery,
  button: JQuery,
  find: (found: (choices: Choice[]) => void, typed: string) => void,
): () => void {
  input.autocomplete({
    minLength: 0,
    delay: 0,
    source: ({ term }, answer) => find(answer, term),
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

/** Shows the choices as value and what it is, side by side. */
export function showInColumns(input: JQuery): void {
  input.autocomplete('instance')._renderItem = (list, { value, label }) => {
    const row = $('<div>').css({ display: 'flex', gap: '10px' });
    $('<code>').text(value).css({ flex: '0 0 auto', minWidth: '80px', fontWeight: 'bold' }).appendTo(row);
    $('<span>').text(label).css({ color: 'var(--red-ui-primary-text-color)' }).appendTo(row);
    return $('<li>').append(row).appendTo(list);
  };
}
