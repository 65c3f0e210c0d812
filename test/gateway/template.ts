/** The few forms of templates that our entities have, filled in as Home Assistant does; anything else is an error. */

/** `value_json.a.b`, or `(value_json.a | default({})).b`, either with a default behind it. */
const PATH =
  /^(?:\(value_json\.(\w+) \| default\(\{\}\)\)|value_json((?:\.\w+)*?))(?:\.(\w+))?(?: \| default\((none|false)\))?$/;
const CHOICE = /^\{\{ '(\w+)' if (.+?)( is none)? else '(\w+)' \}\}$/;

/** `value` through `template`, a state of Home Assistant; one that begins with `!` is the error that it would log. */
export function rendered(template: unknown, value: string): string {
  if (template === undefined) return value;
  try {
    const json: unknown = JSON.parse(value);
    const [, yes, condition, isNone, no] = CHOICE.exec(String(template)) ?? [];
    if (condition !== undefined) {
      const found = read(condition, json);
      return String((isNone ? found === null : Boolean(found)) ? yes : no);
    }
    const found = read(String(template).replace(/^\{\{ | \}\}$/g, ''), json);
    return found === null ? 'None' : String(found);
  } catch (error) {
    return `!${error instanceof Error ? error.message : String(error)}`;
  }
}

function read(path: string, json: unknown): unknown {
  const match = PATH.exec(path);
  if (!match) throw new Error(`no known form: ${path}`);
  const [, softly, middle = '', last, otherwise] = match;
  const first = softly === undefined ? within(json, middle.split('.').slice(1)) : (memberOf(json, softly) ?? {});
  const found = last === undefined ? first : memberOf(first, last);
  if (found !== undefined) return found;
  if (otherwise === undefined) throw new Error(`${path} is not there`);
  return otherwise === 'none' ? null : false;
}

const within = (value: unknown, [name, ...rest]: readonly string[]): unknown =>
  name === undefined ? value : within(memberOf(value, name), rest);

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) throw new Error(`${name} of what is no object`);
  return (value as Record<string, unknown>)[name];
}
