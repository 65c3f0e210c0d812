/** Commands for whoever types one. */

import { written } from './commands/entry';
import { ENTRIES } from './commands/table';
import { judge } from './guard';

export interface Completion {
  /** `AT+CSQ`, `AT+CREG?`; of a setting the part in front of its values. */
  command: string;
  /** What it is about. */
  about: string;
}

/** What the guard lets pass and what begins with `start`, in any case. */
export function completions(start: string): Completion[] {
  const wanted = start.trim().toUpperCase();
  return ENTRIES.flatMap(({ name, about, forms = [] }) =>
    forms.map((form) => ({ command: written(name, form), about })),
  ).filter(({ command }) => command.startsWith(wanted) && judge(command).allowed);
}

/** The same for whoever does not know its name: each word is somewhere in the command or in what it is about. */
export function findCommands(words: string): Completion[] {
  const wanted = words.toUpperCase().split(/\s+/).filter(Boolean);
  return completions('').filter(({ command, about }) => {
    const text = `${command} ${about}`.toUpperCase();
    return wanted.every((word) => text.includes(word));
  });
}
