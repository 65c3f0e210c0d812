import type { Host } from './host';
import type { Marks } from './marks';
import type { Notes } from './notes';

export type State = Pick<
  Host,
  'readNote' | 'writeNote' | 'writeNoteAsync' | 'listNotes' | 'keepFile' | 'stateProblems' | 'tellAll' | 'toldToAll'
>;

/** A key by which the host knows a stick, and the one by which it is known to all. */
export interface Alias {
  ours: string;
  theirs(): string;
}

/** The members of a host for what lasts. */
export function stateMembers(notes: Notes, marks: Marks, alias?: Alias): State {
  // What was set aside for a stick has a number behind its key: `1-1~2`.
  const renamed = (key: string, from: string, to: string): string =>
    key === from || key.startsWith(`${from}~`) ? to + key.slice(from.length) : key;
  const out = (key: string): string => (alias ? renamed(key, alias.ours, alias.theirs()) : key);
  const back = (key: string): string => (alias ? renamed(key, alias.theirs(), alias.ours) : key);
  return {
    readNote: (key) => notes.read(out(key)),
    writeNote: (key, text) => notes.write(out(key), text),
    writeNoteAsync: (key, text) => notes.writeAsync(out(key), text),
    listNotes: () => notes.list().map(({ key, text }) => ({ key: back(key), text })),
    keepFile: (name, text, series) => notes.keep(name, text, series),
    stateProblems: () => [...notes.problems(), ...marks.problems()],
    tellAll: (place, text) => marks.tell(out(place), text),
    toldToAll: () => marks.list().map(({ place, text }) => ({ place: back(place), text })),
  };
}
