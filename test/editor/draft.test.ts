/** What the assistant asks the runtime for, out of what it was told. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { buildSync } from 'esbuild';
import type { Card, FileCard } from '../../plugins/e3272/shapes';
import { packageRoot } from '../nodes/package-root';

interface Draft {
  made: boolean;
  files: Partial<Record<'loader' | 'firmware' | 'webui', { name: string }>>;
  cards: Partial<Record<'loader' | 'firmware' | 'webui', Partial<FileCard>>>;
  target: 'serial' | 'network' | 'hilink';
}

interface Drafting {
  newDraft(card: Card): Draft;
  requestOf(draft: Draft, card: Card): Record<string, unknown>;
  shownOf(draft: Draft, card: Card): { sha256?: Record<string, string> };
  writes(draft: Draft, card: Card): boolean;
}

function load(): Drafting {
  const entryPoints = [join(packageRoot, 'plugins/e3272/assistant/draft.ts')];
  const { outputFiles } = buildSync({ entryPoints, bundle: true, write: false, format: 'cjs', tsconfigRaw: {} });
  const module: { exports: object } = { exports: {} };
  runInContext(outputFiles[0]?.text ?? '', createContext({ module }));
  return module.exports as Drafting;
}

/** Plain, whatever realm it is of. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const card = (station: Card['station'], virtual = false): Card => ({
  ...{ stick: '1-1', virtual, product: '', station, status: 'tty', used: false, orders: [] },
});

describe('what the assistant asks for', () => {
  const { newDraft, requestOf, shownOf, writes } = load();
  const files = { loader: { name: 'l' }, firmware: { name: 'f' }, webui: { name: 'w' } };

  it('makes no router of a stick that is to be a modem, though a web UI was chosen before', () => {
    const draft = Object.assign(newDraft(card('hilink')), { files, target: 'hilink' });
    assert.deepEqual(plain(requestOf(draft, card('hilink'))), { stick: '1-1', ...files, toHilink: true });
    draft.target = 'serial';
    const { loader, firmware } = files;
    assert.deepEqual(plain(requestOf(draft, card('hilink'))), { stick: '1-1', loader, firmware, setport: 'FF;10,12' });
  });

  it('writes what makes a router of a modem, and never sets its ports instead', () => {
    const draft = newDraft(card('at'));
    assert.equal(writes(draft, card('at')), false);
    assert.deepEqual(plain(requestOf(draft, card('at'))), { stick: '1-1', setport: 'FF;10,12' });
    Object.assign(draft, { files, target: 'hilink' });
    assert.equal(writes(draft, card('at')), true);
    assert.deepEqual(plain(requestOf(draft, card('at'))), { stick: '1-1', ...files, toHilink: true });
  });

  it('says yes to the files whose cards were shown', () => {
    const draft = Object.assign(newDraft(card('hilink')), { files, target: 'hilink' });
    draft.cards = { loader: { sha256: 'aa' }, firmware: {}, webui: { sha256: 'cc' } };
    assert.deepEqual(plain(shownOf(draft, card('hilink'))), { sha256: { loader: 'aa', webui: 'cc' } });
    draft.target = 'serial';
    assert.deepEqual(plain(shownOf(draft, card('hilink'))), { sha256: { loader: 'aa' } });
    assert.deepEqual(plain(shownOf(newDraft(card('at')), card('at'))), {});
  });
});
