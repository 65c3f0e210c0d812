/** What somebody meets first: finding the nodes, importing examples, running the first one as it is. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Editor } from './editor-browser';
import { packageRoot } from './package-root';

/** The part of the editor's own API that is called in the page. */
declare const RED: {
  actions: { invoke(name: string): void };
  nodes: { eachConfig(fn: (node: { type: string; stick?: string }) => void): void };
};
declare const $: (selector: string) => { trigger(event: string): void };

const example = (title: string): string => readFileSync(join(packageRoot, 'examples', `${title}.json`), 'utf8');

describe('editor, the first steps', () => {
  let editor: Editor;
  before(async () => {
    editor = await Editor.open();
  });

  after(() => editor?.close());

  /** As somebody imports an example; resolves with what the editor says. */
  async function imported(title: string): Promise<string> {
    const { page } = editor;
    await page.evaluate(() => RED.actions.invoke('core:show-import-dialog'));
    await page.locator('#red-ui-clipboard-dialog-import-text').fill(example(title));
    await page.evaluate(() => $('#red-ui-clipboard-dialog-import-text').trigger('keyup'));
    await page.locator('#red-ui-clipboard-dialog-ok:enabled').click();
    const note = page.locator('.red-ui-notification', { hasText: /Imported|already exist/ }).last();
    await note.waitFor();
    return note.innerText();
  }

  const sticks = () =>
    editor.page.evaluate(() => {
      const found: string[] = [];
      RED.nodes.eachConfig((node) => {
        if (node.type === 'e3272-stick') found.push(node.stick ?? '');
      });
      return found.sort();
    });

  async function search(word: string): Promise<void> {
    const field = editor.page.locator('#red-ui-palette-search input');
    await field.fill('');
    await field.pressSequentially(word === '' ? ' ' : word);
    if (word === '') await field.press('Backspace');
  }

  for (const word of ['huawei', 'e3272', 'modem', 'gsm', 'LTE']) {
    it(`finds all nodes in the palette by "${word}"`, async () => {
      const { page } = editor;
      await search(word);
      const shown = page.locator('.red-ui-palette-node[data-palette-type^="e3272-"]:visible');
      await page.locator('.red-ui-palette-node[data-palette-type="inject"]').waitFor({ state: 'hidden' });
      assert.equal(await shown.count(), 10);
    });
  }

  it('finds the nodes for messages by "sms"', async () => {
    const { page } = editor;
    await search('sms');
    await page.locator('.red-ui-palette-node[data-palette-type="e3272-sms-in"]').waitFor();
    await page.locator('.red-ui-palette-node[data-palette-type="e3272-sms-out"]').waitFor();
    await search('');
  });

  it('imports examples without a question, and their nodes share the stick that says the same', async () => {
    assert.deepEqual(await sticks(), ['virtual-1']);
    for (const title of ['Balance once a day', 'SMS to MQTT', 'Node e3272-at']) {
      assert.match(await imported(title), /Imported/, title);
      await editor.page.waitForFunction(() => {
        let count = 0;
        RED.nodes.eachConfig((node) => {
          if (node.type === 'e3272-stick') count++;
        });
        return count === 2;
      });
      assert.deepEqual(await sticks(), ['auto', 'virtual-1'], title);
    }
  });

  it('begins the dialog of a write with what calls for care', async () => {
    const form = await editor.edit('e3272-flash');
    const [tip, name] = [form.locator('.form-tips').first(), form.locator('#node-input-name')];
    const above = async (one: typeof tip) => {
      const [upper, lower] = [await one.boundingBox(), await name.boundingBox()];
      return upper !== null && lower !== null && upper.y < lower.y;
    };
    assert.ok(await above(tip));
    await form.locator('#node-input-armed').check();
    const armed = form.locator('#e3272-flash-armed');
    await armed.waitFor({ state: 'visible' });
    assert.ok(await above(armed), 'what is armed is said there');
    await editor.leave('cancel');
  });

  it('answers its own pages only', async () => {
    const status = (headers: Record<string, string>) =>
      new Promise<number | undefined>((resolve, reject) => {
        const asked = request(`${editor.url}settings`, { headers }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        asked.on('error', reject).end();
      });
    assert.equal(await status({}), 200);
    const { port } = new URL(editor.url);
    assert.equal(await status({ origin: `http://localhost:${port}` }), 200);
    const foreign: Record<string, string>[] = [
      { host: 'evil.example' },
      { host: '127.0.0.1.evil.example' },
      { origin: 'http://evil.example' },
      // Another server on this machine.
      { origin: 'http://127.0.0.1:1' },
      { origin: 'http://localhost' },
      { origin: 'null' },
    ];
    for (const headers of foreign) assert.equal(await status(headers), 403, JSON.stringify(headers));
    const upgraded = await new Promise<string>((resolve) => {
      const asked = request(`${editor.url}comms`, {
        headers: {
          connection: 'Upgrade',
          upgrade: 'websocket',
          origin: 'http://evil.example',
          'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
          'sec-websocket-version': '13',
        },
      });
      asked.on('upgrade', () => resolve('upgraded'));
      asked.on('response', () => resolve('answered'));
      asked.on('error', () => resolve('refused'));
      asked.end();
    });
    assert.equal(upgraded, 'refused');
  });

  it('leaves no complaint in the browser', () => {
    assert.deepEqual(editor.complaints, []);
  });
});
