/** Steps 1, 3 and 5: which stick, what is to become of it, and the yes. */

import { h, setText, show } from '../sidebar/dom';
import { type PanelKey, t } from '../sidebar/words';
import { CODES, isThere, PCUI, setportOf, type Target, writes } from './draft';
import type { Stage, Step } from './step';

/** What will have to be done, by where the stick is. */
const AHEAD: Readonly<Record<string, readonly PanelKey[]>> = {
  storage: ['ahead.switch', 'ahead.perhapsPorts', 'ahead.pin', 'ahead.write', 'ahead.ports'],
  hilink: ['ahead.pin', 'ahead.write', 'ahead.ports'],
  boot: ['ahead.upload', 'ahead.write', 'ahead.ports'],
  loader: ['ahead.write', 'ahead.ports'],
  at: ['ahead.ports'],
};

export function stickStep(stage: Stage): Step {
  const { draft } = stage;
  const what = h('p', { class: 'e3272-strong' });
  const list = h('ol');
  const reflash = h('input', {
    attr: { type: 'checkbox', checked: draft.reflash },
    on: {
      change: () => {
        draft.reflash = reflash.checked;
        update();
        stage.changed();
      },
    },
  });
  const again = h('label', { class: 'e3272-check' }, reflash, h('span', { text: t('stick.reflash') }));
  const element = h('div', {}, what, h('p', { text: t('stick.ahead') }), list, again);
  let shown = '';

  function update(): void {
    const card = stage.card();
    setText(what, [draft.stick, card?.product, card?.id].filter(Boolean).join(' \u00b7 '));
    const station = card?.station ?? 'unplugged';
    const left = station === 'at' && card?.unfinished !== undefined;
    show(again, station === 'at' && !left);
    const ahead = left ? AHEAD['loader'] : station === 'at' && draft.reflash ? AHEAD['hilink'] : AHEAD[station];
    const lines = (ahead ?? ['ahead.none']).map((key) => t(key));
    if (shown === lines.join()) return;
    shown = lines.join();
    list.replaceChildren(...lines.map((text) => h('li', { text })));
  }

  update();
  return {
    element,
    update,
    ready: () => (stage.card()?.station === 'unplugged' || !stage.card() ? t('stick.plug') : true),
  };
}

const TARGETS: readonly Target[] = ['serial', 'network', 'hilink'];

export function targetStep(stage: Stage): Step {
  const { draft } = stage;
  const line = h('code');
  const radios = TARGETS.map((target) => {
    const radio = h('input', {
      attr: { type: 'radio', name: 'e3272-target', value: target, checked: draft.target === target },
      on: { change: () => choose(target) },
    });
    const text = h('span', {}, h('b', { text: t(`target.${target}`) }), h('br'), t(`target.${target}Is`));
    return h('label', { class: 'e3272-choice' }, radio, text);
  });
  const boxes = CODES.map((code) => {
    const box = h('input', {
      attr: { type: 'checkbox', disabled: code === PCUI },
      on: {
        change: () => {
          if (box.checked) draft.codes.add(code);
          else draft.codes.delete(code);
          show0();
        },
      },
    });
    return { code, box, label: h('label', { class: 'e3272-check' }, box, h('span', { text: t(`codes.${code}`) })) };
  });
  const advanced = h(
    'details',
    {},
    h('summary', { text: t('target.advanced') }),
    ...boxes.map(({ label }) => label),
    h('p', {}, line),
    h('p', { class: 'e3272-quiet', text: t('target.list') }),
  );
  const anew = h('input', {
    attr: { type: 'checkbox', checked: draft.reflash },
    on: {
      change: () => {
        draft.reflash = anew.checked;
        stage.changed();
      },
    },
  });
  const already = h(
    'div',
    {},
    h('p', { class: 'e3272-tip', text: t('target.already') }),
    h('label', { class: 'e3272-check' }, anew, h('span', { text: t('target.anew') })),
  );
  const element = h('div', {}, ...radios, advanced, already);

  function choose(target: Target): void {
    draft.target = target;
    draft.codes = new Set(target === 'network' ? ['10', PCUI, '16'] : ['10', PCUI]);
    show0();
    stage.changed();
  }

  function show0(): void {
    for (const { code, box } of boxes) box.checked = draft.codes.has(code);
    setText(line, `AT^SETPORT="${setportOf(draft)}"`);
    show(advanced, draft.target !== 'hilink');
    show(already, draft.target === 'hilink' && stage.card()?.station === 'hilink');
  }

  show0();
  return { element, update: show0, ready: () => (isThere(draft, stage.card()) ? t('target.already') : true) };
}

export function consentStep(stage: Stage, start: () => void): Step {
  const { draft } = stage;
  const input = h('input', {
    attr: { type: 'text', autocomplete: 'off', 'aria-label': t('consent.type', { stick: draft.stick }) },
    on: { input: () => update() },
  });
  const table = h('input', { attr: { type: 'checkbox' }, on: { change: () => (draft.newTable = table.checked) } });
  const go = h('button', {
    class: 'red-ui-button e3272-danger',
    attr: { type: 'button' },
    on: { click: start },
  });
  const lose = h('p', { class: 'e3272-strong' });
  const tableRow = h('label', { class: 'e3272-check' }, table, h('span', { text: t('consent.table') }));
  const element = h(
    'div',
    {},
    lose,
    h('p', { text: t('consent.power') }),
    tableRow,
    h('p', { text: t('consent.type', { stick: draft.stick }) }),
    h('div', { class: 'e3272-field' }, input, go),
  );

  function update(): void {
    const needed = writes(draft, stage.card());
    setText(lose, t(needed ? 'consent.write' : 'consent.ports'));
    setText(go, t(needed ? 'consent.go' : 'consent.goPorts'));
    show(tableRow, needed);
    go.disabled = input.value !== draft.stick;
  }

  update();
  return { element, update, ready: () => t('consent.start') };
}
