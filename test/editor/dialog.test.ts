/** What the dialogs share, by itself: the inputs are stood in for. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { buildSync } from 'esbuild';
import { type Versions, versions } from '../../nodes/shared/versions';
import { packageRoot } from '../nodes/package-root';

/** An input as jQuery shows it. */
class Input {
  value: unknown = '';
  checked: unknown = false;
  shown = true;
  readonly #box: boolean;
  readonly #changed: (() => void)[] = [];

  constructor(box = false) {
    this.#box = box;
  }

  is(wanted: string): boolean {
    return wanted === ':checkbox' && this.#box;
  }

  val(value: unknown): void {
    this.value = value;
  }

  prop(name: 'checked', value: unknown): void {
    this[name] = value;
  }

  on(_events: string, listener: () => void): void {
    this.#changed.push(listener);
  }

  toggle(shown: boolean): void {
    this.shown = shown;
  }

  change(value: unknown): void {
    this.value = value;
    for (const listener of this.#changed) listener();
  }
}

interface Dialog {
  showUpToDate(node: object, all: Versions<object>, input: (key: string) => Input): object;
  showWhile(element: Input, condition: () => boolean, ...inputs: Input[]): void;
}

/** As a browser gets it. */
function load(): Dialog {
  const entryPoints = [join(packageRoot, 'editor/dialog.ts')];
  const { outputFiles } = buildSync({ entryPoints, bundle: true, write: false, format: 'cjs', tsconfigRaw: {} });
  const module: { exports: object } = { exports: {} };
  runInContext(outputFiles[0]?.text ?? '', createContext({ module }));
  return module.exports as Dialog;
}

describe('a dialog', () => {
  const { showUpToDate, showWhile } = load();

  it('of a node of an earlier release shows what its settings mean now, and leaves the others alone', () => {
    const all = versions(
      { kept: '', length: 5, wide: true, asked: false as boolean | 'asked' },
      (old: { kept: string }) => ({ ...old, length: 7, wide: true, asked: 'asked' as const }),
    );
    const inputs: Record<string, Input> = {
      name: new Input(),
      kept: new Input(),
      length: new Input(),
      wide: new Input(true),
      asked: new Input(true),
      version: new Input(),
    };
    const input = (key: string): Input => inputs[key] ?? new Input();
    const node = { name: 'mine', kept: 'mine' };
    // Of another realm: compared as text.
    const now = JSON.parse(JSON.stringify(showUpToDate(node, all, input)));
    assert.deepEqual(now, { ...node, length: 7, wide: true, asked: 'asked', version: 2 });
    assert.deepEqual([inputs['kept']?.value, inputs['length']?.value], ['', '7']);
    // What is neither is not ticked.
    assert.deepEqual([inputs['wide']?.checked, inputs['asked']?.checked], [true, false]);
    assert.deepEqual(node, { name: 'mine', kept: 'mine' });
  });

  it('shows a part of it only while that matters', () => {
    const [part, kind] = [new Input(), new Input()];
    showWhile(part, () => kind.value === 'list', kind);
    assert.equal(part.shown, false);
    kind.change('list');
    assert.equal(part.shown, true);
    kind.change('all');
    assert.equal(part.shown, false);
  });
});
