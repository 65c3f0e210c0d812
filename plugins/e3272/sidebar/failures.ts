import { Refused } from './api';
import { t } from './words';

/** Why something did not work, in words. */
export function wordsFor(error: unknown): string {
  if (!(error instanceof Refused)) return String(error);
  const { status, failure } = error;
  if (failure) return [failure.message, failure.hint].filter(Boolean).join(' ');
  if (status === 0) return t('lost');
  if (status === 401 || status === 403) return t('denied');
  return status === 404 ? t('gone') : t('failed', { status });
}
