/** What a job and a stick are at, in words: the same on a card and in the assistant. */

import type { StatusKey } from '../../../nodes/shared/statuses';
import type { Card, JobShown, Station } from '../shapes';
import { language, type PanelKey, statusWord, t } from './words';

/** Stages that have the name of no status of their own, or one that means something else. */
const STAGES: Readonly<Record<string, StatusKey>> = { switch: 'switching', 'boot-pin': 'waiting', loader: 'starting' };

/** What it does now: in English the job says it best, in other languages its stage has a word. */
export function jobWords({ stage, text }: JobShown): string {
  if (stage === undefined || language().startsWith('en')) return text ?? '';
  return statusWord(STAGES[stage] ?? (stage as StatusKey));
}

const MODES: Readonly<Record<Exclude<Station, 'unplugged'>, StatusKey>> = {
  storage: 'storage',
  hilink: 'hilink',
  boot: 'boot',
  loader: 'loader',
  at: 'tty',
  other: 'unknown',
};

/** The word for where a stick is. */
export const modeWord = (station: Station): string => statusWord(station === 'unplugged' ? station : MODES[station]);

/** What the next step is, by where the stick is. */
const NEXT: Readonly<Record<Station, PanelKey>> = {
  unplugged: 'next.unplugged',
  storage: 'next.storage',
  hilink: 'next.hilink',
  boot: 'next.boot',
  loader: 'next.loader',
  at: 'next.at',
  other: 'next.other',
};

/** The one thing to do next. */
export function nextWords({ station, job, status, virtual, unfinished }: Card): string {
  if (job?.wait && !job.ended) return t(job.wait === 'boot-pin' ? 'wait.bootPin' : 'wait.replug');
  if (job && !job.ended) return t('next.job');
  if (unfinished) return t('next.unfinished');
  if (station === 'at' && status !== 'tty') return status === 'ready' ? t('next.ready') : t('next.used');
  return station === 'unplugged' && virtual ? t('next.virtual') : t(NEXT[station]);
}

/** What nodes, driver and command line call what they hold a stick for. */
const HOLDERS: Readonly<Record<string, PanelKey>> = {
  'convert job': 'holders.conversion',
  'loader upload': 'holders.upload',
  'firmware write': 'holders.write',
  'mode switch': 'holders.switch',
  'automatic mode switch': 'holders.switch',
  'mode switch after a restart': 'holders.switch',
  examination: 'holders.examination',
  'another configuration': 'holders.configuration',
};

/** Who has a stick: another program is named as it names itself. */
export function holderWords(holder: string): string {
  const key = HOLDERS[holder];
  return t('holder', { holder: key ? t(key) : holder });
}
