/** The button that tests the stick, as the dialog names it now, and what was found. */

import type { Failure } from '../nodes/shared/failure-shape';
import { type StickTest, TEST_PARTS, type TestPart } from '../nodes/shared/stick-test';
import type { Speaker } from './definition';
import { failureWords } from './failure-words';

type Held = NonNullable<StickTest['holder']>['by'];
type Words =
  | `test.${TestPart}`
  | `test.holders.${Held}`
  | `mode.${NonNullable<StickTest['found']>['mode']}`
  | 'test.running'
  | 'test.virtual'
  | 'test.noPorts'
  | 'test.rightsHeld'
  | 'test.notAsked'
  | 'test.answered'
  | 'test.byWeb'
  | 'test.tries'
  | 'test.noNetwork'
  | 'test.fault'
  | 'test.good'
  | 'test.warning'
  | 'test.denied'
  | 'test.failed';

interface Row {
  part: TestPart;
  result: 'good' | 'fault' | 'warning';
  text: string;
}

/** Not by colour alone. */
const SIGNS: Readonly<Record<Row['result'], string>> = { good: '\u2713', fault: '\u2717', warning: '!' };
const COLORS: Readonly<Record<Row['result'], string>> = {
  good: 'inherit',
  fault: 'var(--red-ui-text-color-error)',
  warning: 'inherit',
};

/** For those who do not see the signs. */
const UNSEEN = { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' };

/** `wish` is what the dialog holds: the body of the request. */
export function offerTest(node: Speaker<Words>, button: JQuery, list: JQuery, wish: () => object): void {
  button.on('click', (event) => {
    event.preventDefault();
    button.prop('disabled', true);
    list.empty().append($('<li>').text(node._('test.running')));
    $.ajax({
      url: 'e3272/sticks/test',
      method: 'POST',
      contentType: 'application/json',
      data: JSON.stringify(wish()),
      dataType: 'json',
    })
      .done((test: StickTest) => {
        list.empty().append(rowsOf(node, test).map((row) => rowOf(node, row)));
      })
      .fail(({ status, responseJSON }) => {
        const denied = status === 401 || (status === 403 && !responseJSON);
        const told = (responseJSON as { error?: Failure } | undefined)?.error;
        const text = denied ? node._('test.denied') : told ? failureWords(told) : node._('test.failed', { status });
        list.empty().append($('<li>').text(text));
      })
      .always(() => {
        button.prop('disabled', false);
      });
  });
}

function rowOf(node: Speaker<Words>, { part, result, text }: Row): JQuery {
  const item = $('<li>').attr({ 'data-part': part, 'data-result': result });
  const sign = $('<span>').text(SIGNS[result]).attr({ 'aria-hidden': 'true' }).css({ flex: 'none', width: '12px' });
  const label = $('<span>')
    .text(node._(`test.${part}`))
    .css({ flex: 'none', width: '84px' });
  const said = $('<span>')
    .text(`${node._(`test.${result}`)}: `)
    .css(UNSEEN);
  const words = $('<span>')
    .text(text)
    .css({ color: COLORS[result], overflowWrap: 'anywhere', minWidth: 0, position: 'relative' });
  return item.css({ display: 'flex', gap: '6px' }).append(sign, label, words.prepend(said));
}

function rowsOf(node: Speaker<Words>, test: StickTest): Row[] {
  return TEST_PARTS.flatMap((part): Row[] => {
    const fault = test.faults[part];
    if (fault) return [{ part, result: 'fault', text: failureWords(fault) }];
    const row = SAID[part](node, test);
    const warned = part === 'holder' ? test.warnings : [];
    return [...(row ? [{ part, ...row }] : []), ...warned.map((text): Row => ({ part, result: 'warning', text }))];
  });
}

type Said = (node: Speaker<Words>, test: StickTest) => Omit<Row, 'part'> | undefined;

const good = (text: string): Omit<Row, 'part'> => ({ result: 'good', text });
const joined = (...words: (string | false | undefined)[]): string => words.filter(Boolean).join(' \u00b7 ');

const SAID: Readonly<Record<TestPart, Said>> = {
  stick: (node, { found }) => {
    if (!found) return undefined;
    const { stick, mode, product, id, virtual } = found;
    return good(joined(stick, node._(`mode.${mode}`), product, id, virtual && node._('test.virtual')));
  },
  ports: (node, { ports }) => {
    if (!ports) return undefined;
    const all = ports.map(({ path, role, driver }) => `${path} (${[role, driver].filter(Boolean).join(', ')})`);
    return all.length > 0 ? good(all.join(', ')) : { result: 'warning', text: node._('test.noPorts') };
  },
  rights: (node, { rights }) => rights && good(node._('test.rightsHeld', { nodes: rights.join(', ') })),
  holder: (node, { holder }) => {
    if (!holder) return undefined;
    const free = holder.by === 'free' || holder.by === 'nodes';
    const who = 'who' in holder ? holder.who : '';
    if (free) return good(node._(`test.holders.${holder.by}`));
    return { result: 'warning', text: `${node._(`test.holders.${holder.by}`, { who })} ${node._('test.notAsked')}` };
  },
  answer: (node, { answer }) => {
    if (!answer) return undefined;
    const { by, model, revision, ms } = answer;
    return good(joined(model, revision, node._(by === 'web' ? 'test.byWeb' : 'test.answered', { ms })));
  },
  sim: (node, { sim }) => {
    if (!sim) return undefined;
    const { state, pinTries } = sim;
    const tries = pinTries !== undefined && node._('test.tries', { count: pinTries });
    return { result: state === 'READY' ? 'good' : 'warning', text: joined(state, tries) };
  },
  network: (node, { network }) => {
    if (!network) return undefined;
    const { operator, registration, system } = network;
    const text = joined(operator, registration, system);
    return { result: text === '' ? 'warning' : 'good', text: text || node._('test.noNetwork') };
  },
};
