/** The boot pin as a drawing of our own: three moves, as lines of SVG. For the assistant and for the help. */

/** `ink`: what is there; `act`: what moves, or is done; `pin`: the boot pin, a dot. */
export interface Stroke {
  kind: 'ink' | 'act' | 'pin';
  /** Of a path; of the pin its place. */
  d: string | readonly [x: number, y: number];
}

/** Of each move. */
export const PIN_BOX = { width: 120, height: 70 } as const;

const ink = (d: string): Stroke => ({ kind: 'ink', d });
const act = (d: string): Stroke => ({ kind: 'act', d });

const socket = ink('M8 14h26v42H8zM34 26h6v18h-6');
/** Without its case: the board with plug, the holder of the memory card, and the pin beside it. */
const board = (x: number): Stroke => ink(`M${x} 28h12v14h-12zM${x + 12} 18h46v34h-46zM${x + 26} 24h20v14h-20z`);
const pin = (x: number): Stroke => ({ kind: 'pin', d: [x + 20, 45] });
/** From the pin to the metal of the plug. */
const wire = (x: number): Stroke => act(`M${x + 20} 45C${x + 14} 64 ${x + 2} 62 ${x + 4} 42`);

function arrow(from: number, to: number): Stroke {
  const back = to > from ? -6 : 6;
  return act(`M${from} 62H${to}M${to + back} 58L${to} 62L${to + back} 66`);
}

/** Unplug, hold, plug in. */
export const PIN_MOVES: readonly (readonly Stroke[])[] = [
  [socket, board(52), pin(52), arrow(46, 78)],
  [board(30), pin(30), wire(30)],
  [socket, board(42), pin(42), wire(42), arrow(108, 76)],
];
