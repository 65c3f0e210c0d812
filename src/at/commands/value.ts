/**
 * The values of replies and URCs. A URC and the reply to the command of the same name go through the same reader. Values
 * are plain data: they survive JSON.
 */

import type { TypeOf } from '../../values/shape';
import { parseParts } from '../command';
import { lineValue } from '../fields';
import { linePrefix } from '../urcs';
import { valueIn } from './entry';
import { COMMANDS, type Command } from './table';

type Named<N extends string> = Extract<Command, { name: N }>;
/** Of an entry without a value: nothing. */
type ValueOf<E extends Command> = TypeOf<NonNullable<E['value']>>;
type TestValueOf<E extends Command> = TypeOf<NonNullable<E['testValue']>>;
type AnyValue = ValueOf<Command> | TestValueOf<Command>;

/** What the reply to `C` may hold: known where `C` is one command, written without blanks; else any value. */
export type ReplyValue<C extends string> = string extends C
  ? AnyValue
  : Uppercase<C> extends `AT${infer Body}`
    ? Body extends `${infer N}=?`
      ? Known<TestValueOf<Named<N>>, N>
      : Body extends `${infer N}?`
        ? Known<ValueOf<Named<N>>, N>
        : Known<ValueOf<Named<Body>>, Body>
    : AnyValue;

/** `V` where there is an entry with the name `N`. */
type Known<V, N extends string> = [Named<N>] extends [never] ? AnyValue : V;

export type UrcValue<N extends string> = string extends N ? AnyValue : Known<ValueOf<Named<N>>, N>;

type PrefixOf<L extends string> = string extends L ? string : L extends `${infer P}:${string}` ? Uppercase<P> : string;

/**
 * The value of the reply to `command`, a single one; undefined where there is none to read. `lines` are the information
 * lines of the reply. Where the command is written out its value has its type: `replyValue('AT+CSQ', lines)?.rssi` is a
 * number. Never throws; the value survives JSON.
 */
export function replyValue<const C extends string>(command: C, lines: readonly string[]): ReplyValue<C> | undefined {
  return read(command, lines) as ReplyValue<C> | undefined;
}

function read(command: string, lines: readonly string[]): unknown {
  const [part, more] = parseParts(command);
  const entry = part && !more ? COMMANDS.get(part.name) : undefined;
  // What answers a set form may look like something else's reply.
  if (!part || !entry || lines.length === 0 || part.form === 'set') return undefined;
  return part.form === 'test' ? entry.test?.(lines) : valueIn(entry, lines);
}

/**
 * The value of a URC; undefined where there is none to read. With `name`, only that of a URC of this name, and with its type:
 * `urcValue(line, '^RSSI')?.rssi` is a number. Never throws; the value survives JSON.
 */
export function urcValue<const L extends string, const N extends string = PrefixOf<L>>(
  line: L,
  name?: N,
): UrcValue<N> | undefined {
  const prefix = linePrefix(line);
  const value = prefix === '' || (name !== undefined && prefix !== name) ? undefined : lineValue(line, prefix);
  const found = value === undefined ? undefined : COMMANDS.get(prefix)?.line?.(value);
  return found as UrcValue<N> | undefined;
}
