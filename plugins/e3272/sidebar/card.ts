/** The card of one stick. It is changed in place: what has the focus keeps it. */

import { STATUS } from '../../../nodes/shared/statuses';
import type { Card, JobShown, ModemShown, Order } from '../shapes';
import { makeChart } from './chart';
import { h, setText, show } from './dom';
import { failureWords, wasCancelled } from './failures';
import { makeJobProgress } from './job-progress';
import { holderWords, jobWords, nextWords } from './job-words';
import { makeWay } from './way';
import { type PanelKey, statusWord, t } from './words';

export interface CardView {
  readonly element: HTMLElement;
  update(card: Card, mayWrite: boolean): void;
}

export interface CardDoes {
  order(card: Card, order: Order): void;
  /** Opens something of its own: the assistant, the console. */
  open(card: Card, what: 'convert' | 'console'): void;
  seen(card: Card): void;
}

const BUTTONS: readonly [Order, PanelKey][] = [
  ['cancel', 'do.cancel'],
  ['plug', 'do.plug'],
  ['boot-pin', 'do.bootPin'],
  ['switch', 'do.switch'],
  ['look', 'do.look'],
  ['unlook', 'do.unlook'],
  ['release', 'do.release'],
  ['take', 'do.take'],
  ['restart', 'do.restart'],
  ['unplug', 'do.unplug'],
  ['insert-sim', 'do.insertSim'],
  ['remove-sim', 'do.removeSim'],
  ['sms', 'do.sms'],
];

export function makeCard(does: CardDoes): CardView {
  let present: Card | undefined;
  const on = (act: (card: Card) => void) => ({ click: () => present && act(present) });
  const name = h('h3', { class: 'e3272-name' });
  const product = h('span', { class: 'e3272-quiet' });
  const dot = h('span', { class: 'e3272-status-dot', attr: { 'aria-hidden': 'true' } });
  const status = h('span', { attr: { role: 'status' } });
  const way = makeWay();
  const next = h('p', { class: 'e3272-next' });
  const holder = h('p', { class: 'e3272-quiet' });
  const error = h('p', { class: 'e3272-error' });
  const unfinished = h('p', { class: 'e3272-error' });
  const modem = makeModem();
  const job = makeJob();
  const seen = h('button', { class: 'red-ui-button red-ui-button-small', text: t('do.seen'), on: on(does.seen) });
  const convert = h('button', {
    class: 'red-ui-button red-ui-button-small',
    text: t('do.convert'),
    on: on((card) => does.open(card, 'convert')),
  });
  const consoleButton = h('button', {
    class: 'red-ui-button red-ui-button-small',
    text: t('do.console'),
    on: on((card) => does.open(card, 'console')),
  });
  const buttons = BUTTONS.map(([order, key]) => {
    const props = { class: 'red-ui-button red-ui-button-small', text: t(key), attr: { type: 'button' } };
    return { order, button: h('button', { ...props, on: on((card) => does.order(card, order)) }) };
  });
  const cancel = buttons.find(({ order }) => order === 'cancel')?.button;
  const row = h(
    'div',
    { class: 'e3272-buttons' },
    convert,
    consoleButton,
    ...buttons.map(({ button }) => button),
    seen,
  );
  const element = h(
    'section',
    { class: 'e3272-card' },
    h('div', { class: 'e3272-head' }, name, product),
    h('p', { class: 'e3272-state' }, dot, status),
    way.element,
    next,
    holder,
    error,
    unfinished,
    modem.element,
    job.element,
    row,
  );
  return {
    element,
    update(card, mayWrite) {
      present = card;
      element.dataset['stick'] = card.stick;
      element.setAttribute('aria-label', card.stick);
      setText(name, card.stick);
      setText(product, [card.product, card.id].filter(Boolean).join(' \u00b7 '));
      const { fill, shape } = STATUS[card.status];
      dot.dataset['fill'] = fill;
      dot.dataset['shape'] = shape;
      setText(status, statusWord(card.status));
      way.at(card.station);
      setText(next, nextWords(card));
      show(holder, card.holder !== undefined);
      setText(holder, card.holder === undefined ? '' : holderWords(card.holder));
      show(error, card.error !== undefined);
      setText(error, card.error ? failureWords(card.error) : '');
      show(unfinished, card.unfinished !== undefined);
      const parts = card.unfinished?.join(', ');
      setText(unfinished, [t('unfinished'), parts && t('unfinishedParts', { parts })].filter(Boolean).join(' '));
      modem.show(card);
      job.show(card.job);
      const running = card.job !== undefined && !card.job.ended;
      const own = card.station !== 'other' && card.station !== 'unplugged';
      show(convert, own || card.job !== undefined);
      setText(convert, t(card.job ? 'do.showJob' : 'do.convert'));
      show(consoleButton, card.station === 'at' && !running);
      show(seen, card.job?.ended !== undefined);
      for (const { order, button } of buttons) show(button, card.orders.includes(order));
      const stopping = card.job?.cancelling === true;
      for (const button of row.querySelectorAll('button')) {
        button.disabled =
          (!mayWrite && !(button === convert && card.job !== undefined)) || (stopping && button === cancel);
        button.title = !mayWrite && button.disabled ? t('readOnly') : '';
      }
    },
  };
}

function makeModem() {
  const bars = h('span', { class: 'e3272-bars', attr: { role: 'img' } }, ...[1, 2, 3, 4, 5].map(() => h('i')));
  const operator = h('span');
  const facts = h('p', { class: 'e3272-quiet' });
  const chart = makeChart();
  const none = h('p', { class: 'e3272-quiet' });
  const element = h('div', { class: 'e3272-modem' }, h('p', {}, bars, operator), facts, chart.element, none);
  return {
    element,
    show({ modem, station, status, used, job }: Card): void {
      const running = job !== undefined && !job.ended;
      const web = station === 'hilink';
      show(element, (station === 'at' || web || modem !== undefined) && !running);
      show(none, modem === undefined && (status === 'tty' || (web && !used)));
      setText(none, t(web ? 'modem.noneWeb' : 'modem.none'));
      show(operator, modem !== undefined);
      show(facts, modem !== undefined);
      show(bars, modem?.bars !== undefined);
      chart.show(modem?.chart);
      if (!modem) return;
      const count = modem.bars ?? 0;
      bars.setAttribute('aria-label', t('modem.bars', { count }));
      for (const [index, bar] of [...bars.children].entries()) bar.classList.toggle('e3272-on', index < count);
      setText(operator, modem.operator ?? t('modem.noOperator'));
      setText(facts, factsOf(modem));
    },
  };
}

function factsOf({ figures, pinTries, pukTries, messages, ago }: ModemShown): string {
  return [
    ...figures.map(({ label, text }) => `${label} ${text}`),
    pinTries !== undefined && t('modem.pinTries', { count: pinTries }),
    pukTries !== undefined && pukTries < 10 && t('modem.pukTries', { count: pukTries }),
    messages && t('modem.messages', messages),
    ago >= 30 && t('modem.ago', { ago }),
  ]
    .filter((fact): fact is string => typeof fact === 'string')
    .join(' \u00b7 ');
}

function makeJob() {
  const text = h('p', { class: 'e3272-job-text' });
  const progress = makeJobProgress();
  const end = h('p', { class: 'e3272-end' });
  const element = h('div', { class: 'e3272-job' }, text, progress.element, progress.stalled, end);
  return {
    element,
    show(job: JobShown | undefined): void {
      show(element, job !== undefined);
      if (!job) return;
      const { ended, wait } = job;
      progress.show(job);
      // What a person is to do stands above.
      setText(text, ended || wait !== undefined ? '' : jobWords(job));
      show(end, ended !== undefined);
      end.classList.toggle('e3272-error', ended?.ok === false && !wasCancelled(ended.error));
      setText(end, ended ? endOf(ended) : '');
    },
  };
}

function endOf({ ok, dryRun, error }: NonNullable<JobShown['ended']>): string {
  if (ok) return t(dryRun ? 'job.checked' : 'job.done');
  if (error && wasCancelled(error)) return failureWords(error);
  return [t('job.failed'), error && failureWords(error)].filter(Boolean).join(' ');
}
