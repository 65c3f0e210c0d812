/** The sidebar: the cards, or the console of one of the sticks. */

import type { Card, Order, PanelState } from '../shapes';
import { mayRead, mayWrite, post, Refused } from './api';
import { type CardView, makeCard } from './card';
import { type ConsoleView, makeConsole } from './console';
import { makeDiagnostics } from './diagnostics';
import { h, setText, show } from './dom';
import { wordsFor } from './failures';
import { makeHealth } from './health';
import { askForMessage } from './message';
import type { Store } from './store';
import { language, t } from './words';

export interface PanelDoes {
  convert(stick: string): void;
}

export function makePanel(store: Store, does: PanelDoes): HTMLElement {
  const views = new Map<string, CardView>();
  const problem = h('p', { class: 'e3272-error', attr: { role: 'alert' } });
  const cards = h('div');
  const empty = makeEmpty(() => act(post('panel/virtual')));
  const overview = h(
    'div',
    { class: 'e3272-overview' },
    problem,
    mayRead() && !mayWrite() && h('p', { class: 'e3272-quiet', text: t('readOnly') }),
    empty,
    cards,
    mayRead() && makeHealth(),
    mayRead() && makeDiagnostics(complain),
  );
  const element = h('div', { class: 'e3272-panel', attr: { lang: language() } }, overview);
  let console: { stick: string; view: ConsoleView } | undefined;
  let visible = false;
  /** The runtime did not answer last time: what is said of that goes when it does. */
  let lost = false;

  function complain(error: unknown): void {
    setText(problem, wordsFor(error));
    show(problem, true);
  }

  /** Does something, and shows how it stands then. */
  function act(work: Promise<unknown>): void {
    show(problem, false);
    work.catch(complain).finally(() => void store.refresh());
  }

  function order({ stick }: Card, what: Order): void {
    const ask = (more: object = {}) => act(post('panel/order', { stick, order: what, ...more }));
    if (what === 'sms') askForMessage((from, text) => ask({ from, text }));
    else ask();
  }

  const seen = ({ stick }: Card) => act(post(`panel/${encodeURIComponent(stick)}/job/seen`));

  function open({ stick }: Card, what: 'convert' | 'console'): void {
    if (what === 'convert') does.convert(stick);
    else openConsole(stick);
  }

  function openConsole(stick: string): void {
    const view = makeConsole(stick, () => {
      view.element.remove();
      console = undefined;
      show(overview, true);
      views.get(stick)?.element.querySelector('button')?.focus();
    });
    console = { stick, view };
    show(overview, false);
    element.append(view.element);
    view.update(store.cards.find((card) => card.stick === stick));
    view.focus();
  }

  function render({ cards: all, problem: told }: PanelState): void {
    if (lost || told) show(problem, false);
    lost = false;
    if (told) complain(new Refused(0, told));
    const there = new Set(all.map(({ stick }) => stick));
    for (const [stick, view] of views) {
      if (there.has(stick)) continue;
      view.element.remove();
      views.delete(stick);
    }
    const may = mayWrite();
    for (const [index, card] of all.entries()) {
      const view = views.get(card.stick) ?? makeCard({ order, seen, open });
      views.set(card.stick, view);
      view.update(card, may);
      if (cards.children[index] !== view.element) cards.insertBefore(view.element, cards.children[index] ?? null);
    }
    show(empty, all.length === 0);
    console?.view.update(all.find(({ stick }) => stick === console?.stick));
    console?.view.refresh();
  }

  show(problem, false);
  show(empty, false);
  store.join({
    seen: () => visible,
    show: render,
    lost(error) {
      lost = true;
      complain(error);
    },
  });
  new IntersectionObserver(([entry]) => {
    visible = entry?.isIntersecting === true;
    void store.refresh();
  }).observe(element);
  return element;
}

/** Nothing is plugged in: what to do. */
function makeEmpty(tryVirtual: () => void): HTMLElement {
  const button = h('button', {
    class: 'red-ui-button',
    text: t('empty.try'),
    attr: { type: 'button', disabled: !mayWrite(), title: mayWrite() ? '' : t('readOnly') },
    on: { click: tryVirtual },
  });
  return h(
    'section',
    { class: 'e3272-empty' },
    h('h3', { text: t('empty.title') }),
    h('ol', {}, ...(['empty.plug', 'empty.wait', 'empty.light'] as const).map((key) => h('li', { text: t(key) }))),
    h('p', { text: t('empty.virtual') }),
    button,
  );
}
