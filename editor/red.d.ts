/** The editor's own API, as far as it is used here: @types/node-red where they are right, and what they lack. */

import type { EditorRED } from 'node-red';
import type { Definition, Instance } from './definition';
import type { FLASH_DIALOG, FlashDialog } from './flash-dialog';

/** A config node, with the nodes that use it. */
interface ConfigNode extends Instance<object, object> {
  readonly users: Instance<object, object>[];
  readonly credentials?: Readonly<Record<string, unknown>>;
  /** Not saved yet, or not deployed. */
  readonly changed?: boolean;
}

interface Nodes {
  /** `T`: what its dialog saves. `W`: its words, of the default language. */
  registerType<T, W>(type: string, definition: Definition<T, W>): void;
  eachConfig(look: (node: ConfigNode) => void): void;
  remove: EditorRED['nodes']['remove'];
  /** Null for an id that is none. */
  node(id: string): ConfigNode | null;
}

interface Events {
  on(name: 'nodes:add', listener: (node: ConfigNode) => void): void;
  on(name: typeof FLASH_DIALOG, listener: (dialog: FlashDialog) => void): void;
  emit(name: typeof FLASH_DIALOG, dialog: FlashDialog): void;
  emit(name: 'nodes:change', node: ConfigNode): void;
}

interface View {
  /** Under the mouse, to be dropped by a click. */
  importNodes(nodes: readonly object[], options: { generateIds: boolean; addFlow: boolean }): void;
}

interface Utils {
  /** True, or what is wrong: a text where `options` are given. */
  validateTypedProperty(value: unknown, type: string, options?: object): boolean | string;
}

/** A tab of the sidebar. 4.1 shows `label`, 5.0 shows `name`. */
interface SidebarTab {
  id: string;
  name: string;
  label: string;
  iconClass: string;
  content: HTMLElement;
  /** Usable while a dialog is open. */
  enableOnEdit: true;
  pinned: boolean;
  /** Whose shortcut its tooltip shows. */
  action: string;
}

interface Note {
  close(): void;
}

interface NoteOptions {
  type?: 'warning' | 'error' | 'success';
  id?: string;
  fixed?: boolean;
  modal?: boolean;
  /** Their texts are taken as html: nothing of others goes in there. */
  buttons?: { text: string; class?: string; click(): void }[];
}

interface Tray {
  title: string;
  width?: number | 'Infinity';
  buttons: { id?: string; text: string; class?: string; click(): void }[];
  open(tray: JQuery, done: () => void): void;
  close?(): void;
}

interface Red
  extends Omit<
    EditorRED,
    '_' | 'nodes' | 'events' | 'utils' | 'sidebar' | 'comms' | 'actions' | 'plugins' | 'notify' | 'tray'
  > {
  /** Values, and options of i18next. */
  _(key: string, values?: Readonly<Record<string, string | number | boolean>>): string;
  sidebar: { addTab(tab: SidebarTab): void; show(id: string): void };
  comms: { subscribe(topic: string, heard: (topic: string, data: unknown) => void): void };
  actions: { add(name: string, act: () => void, options: { label: string }): void };
  plugins: { registerPlugin(id: string, plugin: { type: string; onadd(): void }): void };
  /** An element only: a text would be taken as html. */
  notify(body: HTMLElement, options: NoteOptions): Note;
  tray: { show(tray: Tray): void; close(): void };
  view: View;
  nodes: Nodes;
  /** Absent where definitions are only read, outside the editor. */
  events?: Events;
  utils: Utils;
}

/** What is offered in an input. */
interface Choice {
  value: string;
  label: string;
}

/** The part of jQuery UI that is used; it has no types here. */
interface AutocompleteOptions {
  minLength: number;
  delay: number;
  source(request: { term: string }, answer: (choices: Choice[]) => void): void;
  select(event: object, chosen: { item: Choice }): false;
}

declare global {
  const RED: Red;

  interface JQuery {
    autocomplete(options: AutocompleteOptions): JQuery;
    autocomplete(action: 'search', text: string): JQuery;
    autocomplete(action: 'instance'): { _renderItem: (list: JQuery, item: Choice) => JQuery };
  }
}
