/** The inputs of the dialog that is open. Their ids are Node-RED's: it fills and saves them by the names of the properties. */

import { type Common, upToDate, type Versions, versionOf } from '../nodes/shared/versions';

/** The input of a property of `T`. */
export type Inputs<T> = (key: keyof (T & Common) & string) => JQuery;

export const inputsOf =
  <T>(): Inputs<T> =>
  (key) =>
    $(`#node-input-${key}`);

export const configInputsOf =
  <T>(): Inputs<T> =>
  (key) =>
    $(`#node-config-input-${key}`);

export const isChecked = (box: JQuery): boolean => box.is(':checked');

/** The row that holds an input. */
export const rowOf = (input: JQuery): JQuery => input.closest('.form-row');

/** Shows `element` only while `condition` holds, which depends on what `inputs` hold. */
export function showWhile(element: JQuery, condition: () => boolean, ...inputs: JQuery[]): void {
  const show = () => element.toggle(condition());
  for (const input of inputs) input.on('change input', show);
  show();
}

/**
 * Shows a node of an earlier release as today's: the inputs get what its settings mean now; the node changes only when they are
 * saved. Returns those settings.
 */
export function showUpToDate<T extends object, S extends object>(
  node: S,
  versions: Versions<T>,
  input: Inputs<T>,
): S & T {
  const now = upToDate(versions, node);
  for (const key of Object.keys(versions.fresh) as (keyof T & string)[]) {
    if (Object.is(now[key], (node as Partial<T>)[key])) continue;
    const field = input(key);
    if (field.is(':checkbox')) field.prop('checked', (now[key] as unknown) === true);
    else field.val(String(now[key] ?? ''));
  }
  return now;
}

/** Before its inputs are saved: from now on the settings are today's. */
export function markUpToDate<T>(node: { version?: number }, { fresh }: Versions<T>): void {
  // Where nothing has changed since, a node that nobody has changed is not made to look so.
  if (versionOf(node) < fresh.version) node.version = fresh.version;
}
