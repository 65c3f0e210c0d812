/**
 * The rows of the dialogs: `<row for="timeout" kind="amount" icon="clock-o" unit="label.seconds"/>` in a node's html stands for
 * the markup that every such row has. Texts are keys of the node's locale.
 *
 * | attribute | |
 * | --- | --- |
 * | for | the property that it edits |
 * | kind | `text` (as without it), `amount`, `select`, `check`, `box` (a check without its row), `choice` (with a button that opens a list), `typed`, `lines` |
 * | icon | of Font Awesome, without `fa-` |
 * | label | else `label.` and the property |
 * | unit | behind an amount |
 * | options, words | values to select; their texts are below `words`, else below the property |
 * | placeholder, example | what an empty field shows: a text of the locale, or as it stands |
 * | button, title, open | id, title and icon of the button of a choice |
 */

/** A page with `<row>`s, and what it is checked against. */
export interface Page {
  html: string;
  /** Of a config node: its inputs have other ids. */
  config: boolean;
  /** All that the node saves, but its version. */
  properties: readonly string[];
}

type Attributes = Readonly<Record<string, string>>;

const KNOWN = [
  'for',
  'kind',
  'icon',
  'label',
  'unit',
  'options',
  'words',
  'placeholder',
  'example',
  'button',
  'title',
  'open',
];

/**
 * The page with its rows written out. Throws where it edits a property that the node does not have, or lacks one that it has: it
 * would be lost when the dialog is saved, or could not be changed.
 */
export function writeOutRows({ html, config, properties }: Page): string {
  const prefix = config ? 'node-config-input-' : 'node-input-';
  const page = html.replaceAll(/^([ \t]*)<row\b([^>]*)\/>/gm, (_row, indent: string, text: string) =>
    rowOf(attributesOf(text), prefix)
      .split('\n')
      .map((line) => indent + line)
      .join('\n'),
  );
  if (page.includes('<row')) throw new Error('A <row> is not closed by />, or does not begin its line.');
  const inputs = [...page.matchAll(/<(?:input|select|textarea)\b[^>]*>/g)]
    // What is secret is a credential, and none of the properties.
    .filter(([tag]) => !/type="password"|data-credential/.test(tag))
    .map(([tag]) => new RegExp(`id="${prefix}(\\w+)"`).exec(tag)?.[1] ?? tag);
  const [unknown] = inputs.filter((name) => !properties.includes(name));
  if (unknown !== undefined) throw new Error(`There is no property ${unknown}.`);
  const [missing] = properties.filter((name) => !inputs.includes(name));
  if (missing !== undefined) throw new Error(`Nothing edits the property ${missing}.`);
  return page;
}

function attributesOf(text: string): Attributes {
  const found = Object.fromEntries(
    [...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value]) => [name, value]),
  );
  const [wrong] = Object.keys(found).filter((name) => !KNOWN.includes(name));
  if (wrong !== undefined) throw new Error(`A row has no attribute ${wrong}.`);
  if (!found['for']) throw new Error(`A row says not which property it is for: <row${text}/>`);
  return found as Attributes;
}

/** Rows that every dialog has. */
const COMMON: Readonly<Record<string, Attributes>> = {
  name: { icon: 'tag', label: 'node-red:common.label.name', placeholder: 'node-red:common.label.name' },
  stick: { icon: 'usb' },
};

/** As far to the right as the labels reach. */
const BESIDE_LABELS = 'margin-left:104px';

function rowOf(given: Attributes, prefix: string): string {
  const row: Attributes = { ...COMMON[given['for'] ?? ''], ...given };
  const id = prefix + row['for'];
  const kind = row['kind'] ?? 'text';
  const label = row['label'] ?? `label.${row['for']}`;
  if (kind === 'box') return box(id, label).join('\n');
  if (kind === 'check') return div(`${BESIDE_LABELS}; display:flex; gap:6px`, box(id, label));
  const write = INPUTS[kind];
  if (!write) throw new Error(`There is no kind of row ${kind}.`);
  const icon = row['icon'] === undefined ? '' : `<i class="fa fa-${row['icon']}"></i> `;
  // Beside an amount stands what it means, perhaps in two lines.
  const style = kind === 'amount' ? 'display:flex; align-items:center; gap:4px' : '';
  const name = `<label for="${id}"${style && ' style="flex:none"'}>${icon}<span data-i18n="${label}"></span></label>`;
  return div(style, [name, ...write(id, row)]);
}

const div = (style: string, lines: readonly string[]): string =>
  [`<div class="form-row"${style && ` style="${style}"`}>`, ...lines.map((line) => `  ${line}`), '</div>'].join('\n');

const box = (id: string, label: string): string[] => [
  `<input type="checkbox" id="${id}" style="flex:none; width:auto; margin:3px 0 0">`,
  `<label for="${id}" style="width:auto; margin:0" data-i18n="${label}"></label>`,
];

/** Node-RED gives every text input 70 %. */
const WIDE = 'width:70%';

function hint({ placeholder, example }: Attributes): string {
  if (placeholder !== undefined) return ` data-i18n="[placeholder]${placeholder}"`;
  return example === undefined ? '' : ` placeholder="${example}"`;
}

/** What stands behind the label. */
const INPUTS: Readonly<Record<string, (id: string, row: Attributes) => string[]>> = {
  text: (id, row) => [`<input type="text" id="${id}" spellcheck="false"${hint(row)}>`],
  lines: (id, row) => [`<textarea id="${id}" rows="4" style="${WIDE}" spellcheck="false"${hint(row)}></textarea>`],
  amount: (id, row) => [
    `<input type="text" id="${id}" style="flex:none; width:70px"${hint(row)}>`,
    `<span data-i18n="${row['unit']}"></span>`,
  ],
  select: (id, { options = '', words, for: property }) => [
    `<select id="${id}" style="${WIDE}">`,
    ...options
      .split(' ')
      .map((value) => `  <option value="${value}" data-i18n="${words ?? property}.${value}"></option>`),
    '</select>',
  ],
  typed: (id, row) => [
    `<input type="text" id="${id}" style="${WIDE}"${hint(row)}>`,
    `<input type="hidden" id="${id}Type">`,
  ],
  choice: (id, row) => [
    `<div style="display:inline-flex; gap:4px; ${WIDE}">`,
    `  <input type="text" id="${id}" style="flex-grow:1" autocomplete="off" spellcheck="false"${hint(row)}>`,
    `  <button type="button" id="${row['button']}" class="red-ui-button" data-i18n="[title]${row['title']}"><i class="fa fa-${row['open'] ?? 'caret-down'}"></i></button>`,
    '</div>',
  ],
};
