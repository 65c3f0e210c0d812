/** The sidebar: the cards, kept fresh while it is visible. */

import { type Card, DOORBELL, type Order, type PanelState } from '../shapes';
import { get, mayWrite, post, Refused } from './api';
import { type CardView, makeCard } from './card';
import { h, setText, show } from './dom';
import { language, t } from './words';

/** A visible sidebar asks so often, and besides when the doorbell rings. */
const EVERY_MS = 10_000;

export interface PanelDoes {
  open(card: Card, what: 'convert' | 'console'): void;
}

export function makePanel(does: PanelDoes): HTMLElement {
  const views = new Map<string, CardView>();
  const problem = h('p', { class: 'e3272-error', attr: { role: 'alert' } });
  const cards = h('div');
  const empty = makeEmpty(() => act(post('panel/virtual')));
  const element = h('div', { class: 'e3272-panel', attr: { lang: language() } }, problem, empty, cards);
  let visible = false;
  let asking = false;
  let again = false;

  function complain(error: unknown): void {
    setText(problem, error instanceof Refused ? wordsFor(error) : String(error));
    show(problem, true);
  }

  /** Does something, and shows how it stands then. */
  function act(work: Promise<unknown>): void {
    show(problem, false);
    work.then(refresh, (error: unknown) => {
      complain(error);
      refresh();
    });
  }

  function order(card: Card, what: Order): void {
    const ask = (more: object = {}) => act(post('panel/order', { stick: card.stick, order: what, ...more }));
    if (what === 'sms') askForMessage((from, text) => ask({ from, text }));
    else ask();
  }

  const seen = ({ stick }: Card) => act(post(`panel/${encodeURIComponent(stick)}/job/seen`));

  function render({ cards: all, problem: told }: PanelState): void {
    if (told) complain(new Refused(0, told));
    const there = new Set(all.map(({ stick }) => stick));
    for (const [stick, view] of views) {
      if (there.has(stick)) continue;
      view.element.remove();
      views.delete(stick);
    }
    const may = mayWrite();
    for (const [index, card] of all.entries()) {
      const view = views.get(card.stick) ?? makeCard({ order, seen, open: does.open });
      views.set(card.stick, view);
      view.update(card, may);
      if (cards.children[index] !== view.element) cards.insertBefore(view.element, cards.children[index] ?? null);
    }
    show(empty, all.length === 0);
  }

  function refresh(): void {
    if (!visible) return;
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    get<PanelState>('panel')
      .then(
        (state) => {
          if (lost) show(problem, false);
          lost = false;
          render(state);
        },
        (error: unknown) => {
          lost = true;
          complain(error);
        },
      )
      .finally(() => {
        asking = false;
        if (!again) return;
        again = false;
        refresh();
      });
  }
  /** The runtime did not answer last time: what is said of that goes when it does. */
  let lost = false;

  show(problem, false);
  show(empty, false);
  new IntersectionObserver(([entry]) => {
    visible = entry?.isIntersecting === true;
    refresh();
  }).observe(element);
  document.addEventListener('visibilitychange', () => !document.hidden && refresh());
  setInterval(() => !document.hidden && refresh(), EVERY_MS);
  RED.comms.subscribe(DOORBELL, () => !document.hidden && refresh());
  return element;
}

function wordsFor({ status, failure }: Refused): string {
  if (failure) return [failure.message, failure.hint].filter(Boolean).join(' ');
  if (status === 0) return t('lost');
  if (status === 401 || status === 403) return t('denied');
  return status === 404 ? t('gone') : t('failed', { status });
}

/** Nothing is plugged in: what to do. */
function makeEmpty(tryVirtual: () => void): HTMLElement {
  const button = h('button', {
    class: 'red-ui-button',
    text: t('empty.try'),
    attr: { type: 'button', disabled: !mayWrite() },
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

/** An SMS that somebody sends to a virtual stick. */
function askForMessage(send: (from: string, text: string) => void): void {
  const from = h('input', { attr: { type: 'text', value: '+441632960961', 'aria-label': t('sms.from') } });
  const text = h('input', { attr: { type: 'text', value: t('sms.sample'), 'aria-label': t('sms.text') } });
  const form = h(
    'div',
    { class: 'e3272-ask', attr: { lang: language() } },
    h('p', { text: t('sms.title') }),
    from,
    text,
  );
  const note = RED.notify(form, {
    modal: true,
    fixed: true,
    buttons: [
      { text: t('do.close'), click: () => note.close() },
      {
        text: t('sms.send'),
        click: () => {
          note.close();
          send(from.value, text.value);
        },
      },
    ],
  });
}
