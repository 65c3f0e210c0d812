/** Step 4: the dry run, which changes nothing: nine checks, and what would be done. */

import type { CheckShown, JobLog } from '../shapes';
import { get, post } from '../sidebar/api';
import { h, setText, show } from '../sidebar/dom';
import { failureWords, ruleWords, saidWords } from '../sidebar/failures';
import { t } from '../sidebar/words';
import { requestOf, writes } from './draft';
import { isRunning, type Stage, type Step } from './step';

export function checksStep(stage: Stage): Step {
  const { draft } = stage;
  const state = h('p', { class: 'e3272-strong', attr: { role: 'status' }, text: t('checks.running') });
  const list = h('ol', { class: 'e3272-checks' });
  const plan = h('div');
  const again = h('button', {
    class: 'red-ui-button',
    text: t('checks.again'),
    attr: { type: 'button' },
    on: { click: () => begin() },
  });
  const element = h('div', {}, state, list, plan, again);
  let begun = false;
  let passed = false;
  let over = false;

  function begin(): void {
    begun = passed = over = false;
    show(again, false);
    setText(state, t('checks.running'));
    state.classList.remove('e3272-error');
    post('panel/convert', { ...requestOf(draft, stage.card()), dryRun: true }).then(
      () => {
        begun = true;
        look();
      },
      (error: unknown) => {
        over = true;
        show(again, true);
        setText(state, t('checks.none'));
        stage.complain(error);
      },
    );
  }

  function look(): void {
    if (!begun || over) return;
    get<JobLog>(`panel/${encodeURIComponent(draft.stick)}/job?after=1000000`).then(({ checks, report }) => {
      list.replaceChildren(...checks.map(checkRow));
      if (!report || over) return;
      over = true;
      passed = report.ok;
      show(again, !report.ok);
      state.classList.toggle('e3272-error', !report.ok);
      const { error } = report;
      setText(
        state,
        report.ok ? t('checks.passed') : [t('checks.failed'), error && failureWords(error)].filter(Boolean).join(' '),
      );
      plan.replaceChildren(
        ...(report.plan.length > 0 ? [h('h4', { text: t('checks.plan') })] : []),
        h('ol', {}, ...report.plan.map((step) => h('li', { text: saidWords(step) }))),
        ...(writes(draft, stage.card()) ? [h('p', { class: 'e3272-quiet', text: t('checks.time') })] : []),
        ...report.warnings.map((text) => h('p', { class: 'e3272-tip', text, attr: { lang: 'en' } })),
      );
      stage.changed();
    }, stage.complain);
  }

  begin();
  return {
    element,
    update(card) {
      // Its own job, or one that somebody else has begun meanwhile.
      if (begun || isRunning(card?.job)) look();
    },
    ready: () => passed || t('checks.wait'),
  };
}

const SIGNS: Readonly<Record<CheckShown['result'], string>> = {
  passed: '\u2713',
  warned: '!',
  failed: '\u2717',
  'not possible yet': '\u2026',
};

function checkRow({ id, result, rule, compared }: CheckShown): HTMLElement {
  return h(
    'li',
    { attr: { 'data-result': result } },
    h('span', { class: 'e3272-sign', text: SIGNS[result], attr: { 'aria-hidden': 'true' } }),
    h('span', { class: 'e3272-unseen', text: t(`checks.result.${result === 'not possible yet' ? 'later' : result}`) }),
    // What was compared is a protocol: figures, names and sums, in English.
    h(
      'span',
      {},
      ruleWords({ id, rule }),
      h('br'),
      h('span', { class: 'e3272-quiet', text: compared, attr: { lang: 'en' } }),
    ),
  );
}
