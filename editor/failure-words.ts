/** Errors in the editor's language, made of what they came with. */

import type { Failure, Params } from '../nodes/shared/failure-shape';

/** What happened and what to do: in the editor's language where that has words for all of it, else in English. */
export const failureWords = (failure: Failure): string =>
  translated(failure) ?? [failure.message, failure.hint].filter(Boolean).join(' ');

function translated({ code, reason, params = {}, besides = [], addon = [], hint }: Failure): string | undefined {
  const key = `${code}/${reason}`;
  // What has a code of its own has added its cure and no words.
  const added = besides.filter(({ what }) => !what.includes('/'));
  const said = added.reduce(
    (message, { what, params: more }) => message && filled(`errors.${what}`, { ...more, message }),
    filled(`errors.${key}`, params),
  );
  if (said === undefined || hint === undefined) return said;
  const cures = [{ what: key, params }, ...besides].map(
    ({ what, params: more }) =>
      filled(`${addon.includes(what) ? 'addon' : 'cures'}.${what}`, more) ?? (what.includes('/') ? undefined : ''),
  );
  return cures.includes(undefined) ? undefined : [said, ...cures].filter(Boolean).join(' ');
}

/** The words of `key` with values, which go in as they are. Undefined without such words, and without one of the values. */
export function filled(key: string, params: Params): string | undefined {
  let whole = true;
  const text = template(key).replace(/__(\w+?)__/g, (_, name: string) => {
    const value = params[name] ?? undefined;
    if (value === undefined) whole = false;
    return Array.isArray(value) ? value.join(', ') || '?' : String(value);
  });
  return whole && text !== '' ? text : undefined;
}

/**
 * The words of `key` with their placeholders as they are, for values that come from elsewhere: i18next would look for
 * further keys in these. Empty where neither this language nor English has them.
 */
const template = (key: string): string =>
  RED._(`@e3272/node-red/e3272:${key}`, { skipInterpolation: true, defaultValue: '' });
