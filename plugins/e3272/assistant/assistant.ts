/**
 * The convert assistant: a tray with a step after the other. It starts the job that the flash node starts, and shows one that
 * runs, whoever began it; closing it stops nothing.
 */

import { post } from '../sidebar/api';
import { h, setText, show } from '../sidebar/dom';
import { wordsFor } from '../sidebar/failures';
import { makeSteps } from '../sidebar/steps';
import type { Store } from '../sidebar/store';
import { language, t } from '../sidebar/words';
import { checksStep } from './checks';
import { consentStep, stickStep, targetStep } from './choices';
import { type Draft, newDraft, requestOf, shownOf, writes } from './draft';
import { filesStep } from './files';
import { runStep } from './run';
import { isRunning, type Stage, type Step, type StepName } from './step';

export { offerFiles } from './dialog-files';

const STEPS: readonly StepName[] = ['stick', 'target', 'files', 'checks', 'consent', 'run'];

export function openAssistant(store: Store, stick: string): void {
  const card = () => store.cards.find((one) => one.stick === stick);
  const first = card();
  const draft: Draft = newDraft(
    first ?? { stick, virtual: false, product: '', station: 'unplugged', status: 'absent', used: false, orders: [] },
  );
  const title = h('h3', { attr: { id: 'e3272-assistant-title', tabindex: -1 } });
  const problem = h('p', { class: 'e3272-error', attr: { role: 'alert' } });
  const place = makeSteps(STEPS.map((name) => t(`step.${name}`)));
  const body = h('div', { class: 'e3272-step' });
  const why = h('span', { class: 'e3272-quiet', attr: { role: 'status' } });
  const button = (key: 'do.back' | 'do.next', click: () => void) =>
    h('button', { class: 'red-ui-button', text: t(key), attr: { type: 'button' }, on: { click } });
  const back = button('do.back', () => go(before(now)));
  const next = button('do.next', () => go(after(now)));
  const element = h(
    'div',
    { class: 'e3272-assistant', attr: { lang: language(), 'data-stick': stick } },
    place.element,
    title,
    problem,
    body,
    h('div', { class: 'e3272-feet' }, back, next, why),
  );
  let now: StepName = 'stick';
  let step: Step | undefined;

  const stage: Stage = {
    draft,
    card,
    go,
    changed,
    complain(error) {
      setText(problem, wordsFor(error));
      show(problem, true);
    },
  };

  const skips = (name: StepName): boolean => name === 'files' && !writes(draft, card());
  const neighbour =
    (by: 1 | -1) =>
    (from: StepName): StepName => {
      let index = STEPS.indexOf(from) + by;
      while (STEPS[index] !== undefined && skips(STEPS[index] as StepName)) index += by;
      return STEPS[index] ?? from;
    };
  const [before, after] = [neighbour(-1), neighbour(1)];

  function make(name: StepName): Step {
    switch (name) {
      case 'stick':
        return stickStep(stage);
      case 'target':
        return targetStep(stage);
      case 'files':
        return filesStep(stage);
      case 'checks':
        return checksStep(stage);
      case 'consent':
        return consentStep(stage, start);
      case 'run':
        return runStep(stage, () => RED.tray.close());
    }
  }

  function go(name: StepName): void {
    now = name;
    show(problem, false);
    step = make(name);
    body.replaceChildren(step.element);
    setText(title, t(`step.${name}Title`, { stick }));
    place.at(STEPS.indexOf(now));
    changed();
    title.focus();
  }

  function start(): void {
    post('panel/convert', {
      ...{ ...requestOf(draft, card()), ...shownOf(draft, card()) },
      ...{ dryRun: false, confirm: stick },
    }).then(() => {
      void store.refresh();
      go('run');
    }, stage.complain);
  }

  function changed(): void {
    const ready = step?.ready() ?? true;
    show(back, now !== 'stick' && now !== 'run');
    show(next, now !== 'consent' && now !== 'run');
    next.disabled = ready !== true;
    setText(why, ready === true || now === 'run' ? '' : ready);
  }

  const leave = store.join({
    seen: () => element.isConnected,
    show() {
      const job = card()?.job;
      // Somebody else has begun: what is under way is what counts. A dry run is this assistant's own.
      if (isRunning(job) && now !== 'run' && now !== 'checks') go('run');
      step?.update?.(card());
      changed();
    },
    lost: stage.complain,
  });

  RED.tray.show({
    title: t('assistant', { stick }),
    width: 640,
    buttons: [{ id: 'e3272-assistant-close', text: t('do.close'), click: () => RED.tray.close() }],
    open(tray, done) {
      // Node-RED dresses inputs only in such a form.
      const form = $('<form class="dialog-form form-horizontal" autocomplete="off">').on('submit', () => false);
      form.append(element).appendTo(tray.find('.red-ui-tray-body'));
      tray.attr({ role: 'dialog', 'aria-labelledby': 'e3272-assistant-title' });
      const job = first?.job;
      go(isRunning(job) || (job?.ended && !job.ended.dryRun) ? 'run' : 'stick');
      void store.refresh();
      done();
    },
    close: leave,
  });
}
