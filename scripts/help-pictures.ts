/**
 * The pictures of the help: `<drawing of="boot-pin" says="..."/>` in a help text stands for the drawing, in the colours of the
 * theme; `says` is what it shows, for those who do not see it.
 *
 * | of | |
 * | --- | --- |
 * | boot-pin | the three moves, as the assistant shows them |
 * | flow | `from`, the `node`, and behind each of its outputs, `to`: `result: debug; progress: debug` |
 */

import { PIN_BOX, PIN_MOVES, type Stroke } from '../editor/pin-drawing';

type Attributes = Readonly<Record<string, string>>;

/** The help with its drawings written out. Throws for a drawing that there is not, or that says nothing. */
export function writeOutDrawings(help: string): string {
  const page = help.replaceAll(/<drawing\b([^>]*)\/>/g, (_tag, text: string) => drawing(attributesOf(text)));
  if (page.includes('<drawing')) throw new Error('A <drawing> is not closed by />.');
  return page;
}

const attributesOf = (text: string): Attributes =>
  Object.fromEntries([...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));

function drawing(given: Attributes): string {
  const { of = '', says = '' } = given;
  if (says === '') throw new Error(`A drawing needs words: says="..." of ${of}.`);
  if (of === 'boot-pin') return picture(says, GAP * 2 + PIN_BOX.width * 3, PIN_BOX.height + 16, bootPin());
  if (of === 'flow') return flow(given, says);
  throw new Error(`There is no drawing of ${of}.`);
}

function picture(says: string, width: number, height: number, parts: readonly string[]): string {
  const style = `display:block; width:100%; max-width:${width}px; margin:8px 0; color:var(--red-ui-primary-text-color)`;
  return [
    `<svg role="img" aria-label="${says}" viewBox="0 0 ${width} ${height}" style="${style}" fill="none" stroke="currentColor">`,
    ...parts,
    '</svg>',
  ].join('');
}

const text = (x: number, y: number, words: string, anchor = 'middle', size = 11): string =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="${size}" fill="currentColor" stroke="none">${words}</text>`;

/** Between two moves. */
const GAP = 12;
const WIDTHS: Readonly<Record<Stroke['kind'], number>> = { ink: 1.5, act: 3, pin: 3 };

const bootPin = (): string[] =>
  PIN_MOVES.flatMap((strokes, index) => {
    const x = index * (PIN_BOX.width + GAP);
    const parts = strokes.map(({ kind, d }) =>
      typeof d === 'string'
        ? `<path d="${d}" stroke-width="${WIDTHS[kind]}"/>`
        : `<circle cx="${d[0]}" cy="${d[1]}" r="3" fill="currentColor"/>`,
    );
    const number = text(PIN_BOX.width / 2, PIN_BOX.height + 12, `${index + 1}.`);
    return [`<g transform="translate(${x} 0)">`, ...parts, number, '</g>'];
  });

/** Size of a node, and of the space for a wire. */
const [BOX, HIGH, WIRE] = [82, 26, 58];

function flow({ from = '', node = '', to = '' }: Attributes, says: string): string {
  const outs = to.split(';').map((out) => out.split(':').map((word) => word.trim()));
  const height = outs.length * (HIGH + 16);
  const middle = height / 2;
  const second = from === '' ? 0 : BOX + WIRE;
  const third = second + BOX + WIRE;
  const box = (x: number, y: number, words: string, width = 1) =>
    `<rect x="${x + 1}" y="${y - HIGH / 2}" width="${BOX - 2}" height="${HIGH}" rx="5" stroke-width="${width}"/>${text(x + BOX / 2, y + 4, words)}`;
  const wire = (x: number, y: number, toX: number, toY: number) =>
    `<path d="M${x} ${y}C${x + 30} ${y} ${toX - 30} ${toY} ${toX} ${toY}" stroke-width="2"/><circle cx="${x}" cy="${y}" r="3" fill="currentColor"/><circle cx="${toX}" cy="${toY}" r="3" fill="currentColor"/>`;
  return picture(says, third + BOX, height, [
    ...(from === '' ? [] : [box(0, middle, from), wire(BOX, middle, second, middle)]),
    box(second, middle, node, 2),
    ...outs.flatMap(([name = '', target = ''], index) => {
      const start = middle + (index - (outs.length - 1) / 2) * 12;
      const y = (index + 0.5) * (HIGH + 16);
      return [
        wire(second + BOX, start, third, y),
        box(third, y, target),
        text(third - WIRE / 2, y < middle + 1 ? y - 10 : y + 14, name, 'middle', 9),
      ];
    }),
  ]);
}
