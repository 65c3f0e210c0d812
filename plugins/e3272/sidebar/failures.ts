import { failureWords, filled } from '../../../editor/failure-words';
import type { Said } from '../../../src/flash/said';
import type { CheckShown, Failure } from '../shapes';
import { Refused } from './api';
import { t } from './words';

export { failureWords } from '../../../editor/failure-words';

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

/** A sentence of a job: in the editor's language where that has words for it, else as the job has told it. */
export const saidWords = ({ id, params, text }: Said): string => filled(`said.${id}`, params) ?? text;

/** What one of the nine checks is about; the same. */
export const ruleWords = ({ id, rule }: Pick<CheckShown, 'id' | 'rule'>): string => filled(`rules.${id}`, {}) ?? rule;
