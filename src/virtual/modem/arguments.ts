/** What stands behind the `=` of a command. */

/** Cut at the commas outside quotes; quotes are taken off. */
export function fieldsOf(args: string): string[] {
  const fields = [''];
  let quoted = false;
  for (const c of args) {
    if (c === '"') quoted = !quoted;
    else if (c === ',' && !quoted) fields.push('');
    else fields[fields.length - 1] += c;
  }
  return fields;
}

/** A whole number of `least` to `most`; `missing` for an empty field; undefined for anything else. */
export function numberIn(field: string | undefined, least: number, most: number, missing?: number): number | undefined {
  if (field === undefined || field === '') return missing;
  const value = /^\d{1,9}$/.test(field) ? Number(field) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

/** All numbers, or undefined if one is missing, none, or out of its range (`least` to `most` by position). */
export function numbersIn(
  fields: readonly string[],
  ranges: readonly (readonly [least: number, most: number])[],
  missing: readonly number[],
): number[] | undefined {
  if (fields.length > ranges.length) return undefined;
  const values = ranges.map(([least, most], n) => numberIn(fields[n], least, most, missing[n]));
  return values.every((v) => v !== undefined) ? values : undefined;
}
