/** The AT console of one stick: lines, and a field that is always in sight. */

import type { Card, ConsoleLine, Offered } from '../shapes';
import { get, post, Refused } from './api';
import { h, setText, show } from './dom';
import { failureWords } from './failures';
import { importFlow } from './flow';
import { t } from './words';

export interface ConsoleView {
  readonly element: HTMLElement;
  /** There may be new lines. */
  refresh(): void;
  update(card: Card | undefined): void;
  focus(): void;
}

/** Before each line, so that colour alone tells nothing. */
const SIGNS: Readonly<Record<ConsoleLine['kind'], string>> = {
  command: '>',
  line: ' ',
  value: '=',
  ok: '\u2713',
  refused: '\u2717',
  error: '!',
  urc: '*',
};

export function makeConsole(stick: string, back: () => void): ConsoleView {
  const path = `panel/${encodeURIComponent(stick)}/console`;
  const history: string[] = [];
  let at = 0;
  let last = 0;
  let asking = false;
  const lines = h('ol');
  const log = h(
    'div',
    { class: 'e3272-lines', attr: { tabindex: 0, role: 'log', 'aria-label': t('console.lines') } },
    lines,
  );
  const busy = h('p', { class: 'e3272-error', attr: { role: 'status' } });
  const list = h('datalist', { attr: { id: `e3272-commands-${stick}` } });
  const about = h('p', { class: 'e3272-quiet', attr: { id: `e3272-about-${stick}` } });
  const input = h('input', {
    attr: {
      type: 'text',
      list: list.id,
      autocomplete: 'off',
      autocapitalize: 'off',
      spellcheck: 'false',
      maxlength: 400,
      placeholder: 'AT+CSQ',
      'aria-label': t('console.command'),
      'aria-describedby': about.id,
    },
    on: { keydown: (event) => onKey(event as KeyboardEvent), input: () => complete() },
  });
  const urcs = h('input', { attr: { type: 'checkbox', checked: true }, on: { change: () => filter() } });
  const button = (text: string, click: () => void) =>
    h('button', { class: 'red-ui-button red-ui-button-small', text, attr: { type: 'button' }, on: { click } });
  const send = button(t('console.send'), () => run());
  const element = h(
    'section',
    { class: 'e3272-console', attr: { 'aria-label': t('console.title', { stick }) } },
    h(
      'div',
      { class: 'e3272-head' },
      button(t('do.back'), () => {
        post(`${path}/close`).catch(() => undefined);
        back();
      }),
      h('h3', { class: 'e3272-name', text: t('console.title', { stick }) }),
    ),
    busy,
    log,
    h('div', { class: 'e3272-field' }, input, send),
    list,
    about,
    h(
      'div',
      { class: 'e3272-buttons' },
      h('label', { class: 'e3272-check' }, urcs, h('span', { text: t('console.urcs') })),
      button(t('console.flow'), () => importFlow(stick, history.at(-1) ?? 'AT+CSQ')),
    ),
  );

  function add(line: ConsoleLine): void {
    const time = new Date(line.at).toLocaleTimeString([], { hour12: false });
    const text = [line.failure ? failureWords(line.failure) : line.text, line.value].filter(Boolean).join('  ');
    const row = h(
      'li',
      { attr: { 'data-kind': line.kind } },
      h('span', { class: 'e3272-time', text: line.kind === 'command' || line.kind === 'urc' ? time : '' }),
      h('span', { class: 'e3272-sign', text: SIGNS[line.kind], attr: { 'aria-hidden': 'true' } }),
      h('span', {
        class: 'e3272-unseen',
        text: t(line.kind === 'command' ? 'console.commandLine' : `console.${line.kind}`),
      }),
      h('span', { class: 'e3272-text', text: line.ms === undefined ? text : `${text}  ${line.ms} ms` }),
    );
    const below = log.scrollHeight - log.scrollTop - log.clientHeight < 30;
    lines.append(row);
    while (lines.children.length > 500) lines.firstElementChild?.remove();
    if (below) log.scrollTop = log.scrollHeight;
  }

  const filter = () => log.classList.toggle('e3272-no-urcs', !urcs.checked);

  function refresh(): void {
    if (asking) return;
    asking = true;
    get<ConsoleLine[]>(`${path}?after=${last}`)
      .then(
        (news) => {
          for (const line of news) add(line);
          last = news.at(-1)?.no ?? last;
        },
        (error: unknown) => {
          setText(busy, error instanceof Refused && error.status === 401 ? t('denied') : t('lost'));
          show(busy, true);
        },
      )
      .finally(() => {
        asking = false;
      });
  }

  function run(): void {
    const command = input.value.trim();
    if (command === '') return;
    history.push(command);
    at = history.length;
    input.value = '';
    complete();
    post(path, { command }).then(refresh, refresh);
    refresh();
  }

  function onKey(event: KeyboardEvent): void {
    if (event.key === 'Enter') run();
    else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      if (history.length === 0) return;
      event.preventDefault();
      at = Math.max(0, Math.min(history.length, at + (event.key === 'ArrowUp' ? -1 : 1)));
      input.value = history[at] ?? '';
    }
  }

  function complete(): void {
    const start = input.value.trim();
    if (start.length < 3) return void setText(about, '');
    get<Offered[]>(`panel/commands?start=${encodeURIComponent(start)}`).then(
      (offered) => {
        list.replaceChildren(
          ...offered.map(({ command, about: text }) => h('option', { text, attr: { value: command } })),
        );
        const meant = offered.find(({ command }) => command.toUpperCase() === start.toUpperCase()) ?? offered[0];
        setText(about, meant ? `${meant.command}: ${meant.about}` : t('console.unknown'));
      },
      () => undefined,
    );
  }

  filter();
  show(busy, false);
  refresh();
  return {
    element,
    refresh,
    focus: () => input.focus(),
    update(card) {
      const held = card?.job && !card.job.ended;
      const why = held ? t('console.job') : card?.station === 'at' ? '' : t('console.noAt');
      setText(busy, why);
      show(busy, why !== '');
      input.disabled = why !== '';
      send.disabled = why !== '';
    },
  };
}
