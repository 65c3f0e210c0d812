/** The values of a reply line, read tolerantly: quotes and blanks come and go between firmware versions. */

const QUOTES = /^["'“”„‟]|["'“”„‟]$/g;

/** `text` without blanks and one pair of quotes around it; a missing or typographic quote does no harm. */
export const unquote = (text: string): string => text.trim().replace(QUOTES, '').trim();

/** `text` without blanks around it, and one where there are several: a pattern cannot get lost in them. */
export const singleBlanks = (text: string): string => text.trim().replaceAll(/\s+/g, ' ');

/** The value of `^SETPORT: x` for prefix `^SETPORT`, in any case; undefined for another line. */
export function lineValue(line: string, prefix: string): string | undefined {
  const head = line.slice(0, prefix.length);
  if (head.toUpperCase() !== prefix.toUpperCase()) return undefined;
  const rest = line.slice(prefix.length).trimStart();
  return rest.startsWith(':') ? rest.slice(1).trim() : undefined;
}

/** `a,"b,c",,d` as `['a', 'b,c', '', 'd']`: split at `separator` outside quotes, each field unquoted. */
export function splitFields(text: string, separator = ','): string[] {
  const fields: string[] = [];
  let from = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === '"') quoted = !quoted;
    else if (c === separator && !quoted) {
      fields.push(unquote(text.slice(from, i)));
      from = i + 1;
    }
  }
  fields.push(unquote(text.slice(from)));
  return fields;
}
