import type { Params } from '../../../src/errors/catalogue';
import type { Failure } from '../shapes';
import { Refused } from './api';
import { t, template } from './words';

/** Why something did not work, in words. */
export function wordsFor(error: unknown): string {
  if (!(error instanceof Refused)) return String(error);
  const { status, failure } = error;
  if (failure) return failureWords(failure);
  if (status === 0) return t('lost');
  if (status === 401 || status === 403) return t('denied');
  return status === 404 ? t('gone') : t('failed', { status });
}

/** It ended because somebody wanted it to. */
export const wasCancelled = (failure: Failure | undefined): boolean => failure?.code === 'CANCELLED';

/** What happened and what to do: in the editor's language where that has words for all of it, else in English. */
export const failureWords = (failure: Failure): string =>
  translated(failure) ?? [failure.message, failure.hint].filter(Boolean).join(' ');

function translated({ code, reason, params = {}, besides = [], hint }: Failure): string | undefined {
  const key = `${code}/${reason}`;
  // What has a code of its own has added its cure and no words.
  const added = besides.filter(({ what }) => !what.includes('/'));
  const said = added.reduce(
    (message, { what, params: more }) => message && filled(`errors.${what}`, { ...more, message }),
    filled(`errors.${key}`, params),
  );
  if (said === undefined || hint === undefined) return said;
  const cures = [{ what: key, params }, ...besides].map(
    ({ what, params: more }) => filled(`cures.${what}`, more) ?? (what.includes('/') ? undefined : ''),
  );
  return cures.includes(undefined) ? undefined : [said, ...cures].filter(Boolean).join(' ');
}

/** The words of `key` with values, which go in as they are. Undefined without such words, and without one of the values. */
function filled(key: string, params: Params): string | undefined {
  let whole = true;
  const text = template(key).replace(/__(\w+?)__/g, (_, name: string) => {
    const value = params[name] ?? undefined;
    if (value === undefined) whole = false;
    return Array.isArray(value) ? value.join(', ') || '?' : String(value);
  });
  return whole && text !== '' ? text : undefined;
}
