/** What is to be known of an AT command, in one entry: all that judges, sends, reads or hides a command asks it here. */

import type { Member, TypeOf } from '../../values/shape';
import type { CommandPart } from '../command';
import { firstLine } from '../read';

export type Form = CommandPart['form'];

/**
 * What must not be seen of a command and of its lines. `arguments`: all that is set, codes and identities. `people`: numbers,
 * names and texts in quotes, and long numbers. `identity`: the same in replies of identity. `first`: the first field.
 */
export type Secret = 'arguments' | 'people' | 'identity' | 'first';

/** Header fields of a PDU whose hex follows on the next line; the last one is its length. */
export interface Header {
  /** In a reply. */
  reply?: number;
  /** In a URC. */
  urc?: number;
  /** The address of the centre does not stand in front of the octets that are counted. */
  bare?: true;
  /** In text mode the text follows on the next line. */
  text?: true;
}

export interface Entry<N extends string = string, S extends Member = Member, T extends Member = Member> {
  /** In capitals, with its sigil; of a basic command the letter, `S3` for a register; what a URC has in front of the colon. */
  readonly name: N;
  /** What it is about, for people. */
  readonly about: string;
  /** The forms that are of use, the question first. None: it only comes as a URC. */
  readonly forms?: readonly Form[];
  /** Milliseconds to the final result code where a plain command's are not enough: a little more than the stick's own timer. */
  readonly limit?: number;
  /** The same of the test form. */
  readonly testLimit?: number;
  /**
   * Why it is not sent without a second thought. Words count for all but questions; a function judges every form, and
   * answers undefined where there is nothing against it.
   */
  readonly guard?: string | ((part: CommandPart) => string | undefined);
  /** Why it is never sent, unless as a question. */
  readonly never?: string;
  /** `NO CARRIER`, `BUSY` and the like can be its final result code. */
  readonly dials?: true;
  /** Some older firmware ends the reply to its question without the OK (T18). */
  readonly mayLackOk?: true;
  /** It tells nothing without a SIM. */
  readonly needsSim?: true;
  /** The stick also sends it unasked. `setAnswers`: while its set form runs, a line of it is the reply all the same. */
  readonly urc?: true | 'setAnswers';
  /** Whether a line's value is that of a URC although its question runs. */
  readonly isUrc?: (value: string) => boolean;
  readonly secret?: readonly Secret[];
  /** How it goes on behind its line end; `quote`: quoted data may hold line breaks, or be cut by a URC. */
  readonly spans?: 'quote' | Header;
  /** Its place among the named commands of the dialog, by form: the id that is saved in flows. */
  readonly named?: Partial<Record<Form, string>>;
  /** What its value is. */
  readonly value?: S;
  /** Reads one line, by what stands behind its prefix: a URC, or the one line of a reply. */
  readonly line?: (value: string) => TypeOf<S> | undefined;
  /** Reads a whole reply: of several lines, or of lines without a prefix. */
  readonly reply?: (lines: readonly string[]) => TypeOf<S> | undefined;
  /** The same of the test form. */
  readonly testValue?: T;
  readonly test?: (lines: readonly string[]) => TypeOf<T> | undefined;
}

/** An entry with the types of its name and its values. */
export const entry = <const N extends string, S extends Member = never, T extends Member = never>(
  it: Entry<N, S, T>,
): Entry<N, S, T> => it;

/** Lines that only come unasked, of which nobody needs the value. */
export const unasked = (about: string, names: string): Entry<string, never, never>[] =>
  names.split(' ').map((name) => ({ name, about, urc: true }));

/** `AT+CSQ`, `AT^HCSQ?`: the line that asks for the value. */
export const questionOf = ({ name, forms = [] }: Pick<Entry, 'name' | 'forms'>): string =>
  written(name, forms[0] === 'read' ? 'read' : 'action');

/** What somebody has sent, to be held against {@link questionOf}. */
export const asQuestion = (command: string): string => command.trim().toUpperCase();

const MARKS: Readonly<Record<Form, string>> = { action: '', set: '=', read: '?', test: '=?' };

/** A command as it is sent; of a setting the part in front of its values. */
export const written = (name: string, form: Form): string => `AT${name}${MARKS[form]}`;

/** The value in the reply to the question of `entry`. */
export function valueIn<S extends Member>(
  { name, line, reply }: Pick<Entry<string, S>, 'name' | 'value' | 'line' | 'reply'>,
  lines: readonly string[],
): TypeOf<S> | undefined {
  return reply ? reply(lines) : line && firstLine(name, line)(lines);
}
