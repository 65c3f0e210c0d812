/** The sentences: which there are, that each is one, that each is used, and what no text of the driver names. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'acorn';
import { CLI_MESSAGES } from '../../cli/messages';
import { NODE_MESSAGES } from '../../nodes/shared/messages';
import { PLACEHOLDERS } from '../../scripts/errors-page';
import {
  ADDITIONS,
  asDriverError,
  DriverError,
  ERROR_CODES,
  type ErrorKey,
  errorData,
  failure,
  isDriverError,
  MESSAGES,
  type Messages,
  type Param,
  type ParamsOf,
  say,
  withMore,
} from '../../src/errors';

/** Params that a sentence could say as "undefined", or that do not survive JSON: there must be none. */
type Unsayable<M> = {
  [K in keyof M]: ParamsOf<M[K]>[keyof ParamsOf<M[K]>] extends Param ? never : K;
}[keyof M];
const sayable: [Unsayable<Messages>, Unsayable<typeof NODE_MESSAGES>, Unsayable<typeof CLI_MESSAGES>] extends [
  never,
  never,
  never,
]
  ? true
  : false = true;

const ROOT = join(__dirname, '../../..');
const ALL = { ...MESSAGES, ...NODE_MESSAGES, ...CLI_MESSAGES };

/** Files below `folder` that end so, by their path from the root. */
const filesIn = (folder: string, end: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(end))
    .map((name) => join(folder, name));

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** All texts of a compiled file, those between the holes of a template too; no comments. */
function textsOf(file: string): string[] {
  const texts: string[] = [];
  const look = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { type, value } = node as { type?: unknown; value?: unknown };
    if (type === 'Literal' && typeof value === 'string') texts.push(value);
    if (type === 'TemplateElement') texts.push((value as { cooked: string }).cooked);
    for (const child of Object.values(node)) look(child);
  };
  look(parse(read(file), { ecmaVersion: 2022, sourceType: 'script' }));
  return texts;
}

/** What only one place knows: options and commands of the terminal, nodes, members of messages, settings, environment. */
const OF_A_PLACE =
  /(?<![\w-])--[a-z]|`e3272 |\be3272-(?:stick|detect|modeswitch|flash|at|status|sms|ussd|virtual)\b|\bmsg\.|\bE3272_[A-Z]|\bTMPDIR\b|\b(?:flash|AT|modeswitch|stick|status|SMS) node\b|'s settings\b|\bthe command line\b|\bin (?:a|the) flow\b/;

/** Programs of the system have options too; a served stick greets by a name; where state is kept the machine says. */
const RIGHT = [/^--(?:what|who|why|mode)=/, /^e3272-virtual$/, /^E3272_STATE$/];
const withoutPrograms = (text: string): string => text.replaceAll(/`(?:udevadm|mmcli) [^`]*`/g, '');

describe('the sentences of all errors', () => {
  it('are of the closed list of codes, and each reason is in one catalogue only', () => {
    for (const key of Object.keys(ALL)) {
      const [code = '', reason = '', ...more] = key.split('/');
      assert.ok((ERROR_CODES as readonly string[]).includes(code), key);
      assert.match(reason, /^[a-z0-9]+(-[a-z0-9]+)*$/, key);
      assert.deepEqual(more, [], key);
    }
    // One that stands in two of them would silently be the last one's.
    const keys = [...filesIn('src/errors/messages', '.ts'), 'nodes/shared/messages.ts', 'cli/messages.ts'].flatMap(
      (file) => {
        const written =
          read(file).split('\nexport const OBSTACLES')[0] + (read(file).split('\nexport const STICK ')[1] ?? '');
        return [...written.matchAll(/^ {2}'([A-Z_]+\/[a-z0-9-]+)':/gm)].map((found) => found[1]);
      },
    );
    assert.deepEqual(
      keys.filter((key, i) => keys.indexOf(key) !== i),
      [],
    );
    assert.deepEqual(keys.toSorted(), Object.keys(ALL).toSorted());
  });

  it('are sentences, with any params', () => {
    assert.equal(sayable, true);
    for (const key of Object.keys(ALL)) {
      const sentence = String(say(ALL, key, PLACEHOLDERS));
      assert.match(sentence, /^(?:[A-Z0-9^{"]|msg\.|e3272Flash).*[.}]$/s, key);
      assert.doesNotMatch(sentence, /undefined|\bnull\b|NaN|\[object/, key);
    }
  });

  it('are used, each where it belongs', () => {
    const used = (folder: string, besides: RegExp) =>
      filesIn(folder, '.ts')
        .filter((file) => !besides.test(file))
        .map(read)
        .join('\n');
    for (const [catalogue, source] of [
      [MESSAGES, used('src', /^src\/(errors|cures)\//)],
      [NODE_MESSAGES, used('nodes', /shared\/(messages|cures)/)],
      [CLI_MESSAGES, used('cli', /(messages|cures)/)],
      [ADDITIONS, used('src', /^src\/(errors|cures)\//)],
    ] as const) {
      const unused = Object.keys(catalogue).filter((key) => !source.includes(`'${key}'`));
      assert.deepEqual(unused, []);
    }
  });

  it('name nothing of one place, nor does any other text of the driver', () => {
    const wrong = filesIn('build/src', '.js')
      .filter((file) => !file.startsWith('build/src/cures/'))
      .flatMap((file) =>
        textsOf(file)
          .filter((text) => OF_A_PLACE.test(withoutPrograms(text)) && !RIGHT.some((right) => right.test(text)))
          .map((text) => `${file}: ${text}`),
      );
    assert.deepEqual(wrong, []);
    for (const planted of [
      'Use --stick.',
      'See `e3272 list`.',
      'Ask an e3272-at node.',
      'Set msg.loader.',
      'E3272_STATE',
    ]) {
      assert.match(planted, OF_A_PLACE);
    }
  });
});

describe('an error', () => {
  it('is its key with params: code, reason, sentence, and where they are told stick and number', () => {
    const cause = new Error('odd');
    const error = failure('NAK/reset', { stick: '1-1', verdict: 'NAK 07', number: 7 }, { cause });
    assert.deepEqual(
      { ...error },
      {
        code: 'NAK',
        reason: 'reset',
        params: { stick: '1-1', verdict: 'NAK 07', number: 7 },
        stick: '1-1',
        number: 7,
      },
    );
    assert.equal(error.message, 'The loader of the stick at 1-1 refused the reset (NAK 07).');
    assert.equal(error.cause, cause);
    assert.ok(isDriverError(error, 'NAK') && isDriverError(error, 'NAK/reset') && !isDriverError(error, 'NAK/image'));
  });

  it('has only what it has: nothing of its own is undefined', () => {
    const error = failure('BAD_ARGUMENT/url', {});
    assert.deepEqual(Object.keys(error), ['code', 'reason', 'params']);
    for (const name of ['hint', 'stick', 'number', 'besides', 'cause']) assert.ok(!(name in error), name);
    const data = { ...errorData(error), stick: undefined, number: undefined };
    assert.deepEqual(Object.keys(new DriverError(data)), ['code', 'reason', 'params']);
  });

  it('survives as data, without its cause', () => {
    const told = failure('STICK_GONE/left', { stick: '1-1' });
    const error = withMore(told, 'images', { complete: 'A', open: 'B' });
    const back = new DriverError(JSON.parse(JSON.stringify(errorData(error))));
    assert.deepEqual({ ...back }, { ...error });
    assert.equal(back.message, 'The stick at 1-1 has left the bus. Complete: A. Not complete: B.');
    assert.deepEqual(back.besides, [{ what: 'images', params: { complete: 'A', open: 'B' } }]);
    assert.equal(error.cause, told);
    assert.equal(back.cause, undefined);
  });

  it('is made of any thrown thing, and of none anew that is one', () => {
    const odd = new Error('odd');
    const error = asDriverError(odd, 'PROTOCOL/write', { stick: '1-1' });
    assert.deepEqual([error.reason, error.params, error.stick], ['write', { stick: '1-1', text: 'odd' }, '1-1']);
    assert.equal(error.cause, odd);
    assert.equal(asDriverError(error, 'PROTOCOL/check', {}), error);
    assert.equal(asDriverError('words', 'PROTOCOL/check', {}).params['text'], 'words');
  });

  it('is not made with a key or params that are none', () => {
    // @ts-expect-error: no such reason.
    assert.throws(() => failure('NAK/nonsense', {}));
    // @ts-expect-error: the bytes are missing.
    const error = failure('LOADER_INVALID/too-long', { name: 'x' });
    const key: ErrorKey = 'LOADER_INVALID/too-long';
    assert.equal(`${error.code}/${error.reason}`, key);
  });
});
