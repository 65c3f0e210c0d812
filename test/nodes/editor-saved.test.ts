/** Flows of 0.1 in the editor of today: each dialog opens, shows what its node does, and saves it as one of today. */

import assert from 'node:assert/strict';
import { upToDate, type Versions } from '../../nodes/shared/versions';
import { Editor } from './editor-browser';
import { flows01, nodes01, OLDEST, VERSIONS } from './saved';

type Settings = Record<string, unknown>;

/** What the dialog of today saves for a node that nobody has changed. */
function expected(saved: Settings & { type: string }): Settings {
  const versions = VERSIONS[saved.type] as Versions<object>;
  const now: Settings = upToDate(versions, saved);
  // Nobody has ticked it.
  if (now['dangerous'] === 'asked') now['dangerous'] = false;
  // A node that is the same today is not made to look changed.
  if (versions.fresh.version === 1) delete now['version'];
  return now;
}

/** One of each kind of settings: where a node stands, and what it is wired to, makes no difference. */
const different = [
  ...new Map(
    nodes01.map((saved) => {
      const { id: _, x, y, z, wires, name, stick, ...settings } = saved;
      return [JSON.stringify(settings), saved];
    }),
  ).values(),
];

describe('editor, flows of 0.1', () => {
  let editor: Editor;
  before(async () => {
    editor = await Editor.open();
    await editor.replaceFlows(flows01.flatMap(({ flow }) => flow));
  });

  after(() => editor?.close());

  it('says what a message may still do to a node of 0.1', async () => {
    const oldest = flows01.find(({ title }) => title === OLDEST)?.flow.find(({ type }) => type === 'e3272-at');
    const form = await editor.editById(oldest?.id ?? '');
    await form.locator('#e3272-at-old').waitFor({ state: 'visible' });
    assert.equal(await form.locator('#node-input-commands').inputValue(), 'guarded');
    await editor.leave('cancel');
    const today = nodes01.find(({ type, dangerous }) => type === 'e3272-at' && dangerous === false);
    const other = await editor.editById(today?.id ?? '');
    await other.locator('#node-input-commands').waitFor({ state: 'visible' });
    assert.equal(await other.locator('#e3272-at-old').isVisible(), false);
    await editor.leave('cancel');
  });

  it('opens each of their dialogs, and saves what was there as it is saved today', async () => {
    for (const { id, type } of different) {
      const config = type === 'e3272-stick';
      await (config ? editor.editStick(id) : editor.editById(id));
      await editor.leave('ok', config);
    }
    await editor.deploy();
    const flows = (await (await fetch(`${editor.url}flows`)).json()) as (Settings & { id: string })[];
    for (const saved of different) {
      assert.deepEqual(
        flows.find(({ id }) => id === saved.id),
        expected(saved),
        saved.type,
      );
    }
  });

  it('leaves no complaint in the browser', () => {
    assert.deepEqual(editor.complaints, []);
  });
});
