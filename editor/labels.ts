/** Words on the node and in the palette. */

import type { Speaker } from './definition';

/** The label of each port, in their order. */
export const ports = <K extends string>(...keys: [K, ...K[]]) =>
  function (this: Speaker<K>, index: unknown): string {
    return this._(keys[Number(index)] ?? keys[0]);
  };

export function paletteLabel(this: Speaker<'palette'>): string {
  return this._('palette');
}

/** Makes the palette find a type by what people search for, besides its label. */
export const foundAs = (type: string) =>
  function (this: Speaker<'palette' | 'search'>): void {
    const entry = $(`.red-ui-palette-node[data-palette-type="${type}"]`);
    entry.attr('data-palette-label', `${this._('palette')} ${this._('search')}`);
  };

/** The name that somebody has given it, else that of its type. */
export function label(this: Speaker<'palette'> & { name?: string }): string {
  return this.name || this._('palette');
}

export function labelStyle(this: { name?: string }): string {
  return this.name ? 'node_label_italic' : '';
}
