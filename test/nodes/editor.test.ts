/** The convert flow and the dialogs, as somebody with a browser uses them. */

import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { Editor, shownText } from './editor-browser';

const TYPES = ['e3272-detect', 'e3272-modeswitch', 'e3272-flash', 'e3272-at', 'e3272-status', 'e3272-virtual'];

/** Not in the flows of `npm start`. */
const OTHERS = ['e3272-sms-in', 'e3272-sms-out', 'e3272-ussd'];

/** Fails where a label is a raw key, empty, or hangs out of the dialog. */
async function readable(form: Locator): Promise<void> {
  // All of it at one moment: the tray may still be sliding.
  const { shown, cut } = await form.evaluate((element) => {
    const body = element.closest('.red-ui-tray-body');
    const box = body?.getBoundingClientRect() ?? new DOMRect();
    const rows = [...element.querySelectorAll('.form-row, .form-tips')];
    const items = rows.flatMap((row) => [...row.querySelectorAll('label, input, select, span')]);
    const visible = items.filter((item) => item.getClientRects().length > 0);
    const hangsOut = (item: Element): boolean => {
      const { left, right } = item.getBoundingClientRect();
      return left < box.left || right > box.right;
    };
    return { shown: visible.length, cut: visible.filter(hangsOut).map((item) => item.textContent) };
  });
  assert.ok(shown > 3);
  assert.deepEqual(cut, [], 'cut off');
  const labels = await form.locator(':is(span, label, small, div)[data-i18n]:visible').allInnerTexts();
  assert.ok(labels.length > 2);
  for (const text of labels) assert.doesNotMatch(text, /^$|^[\w:-]+\.[\w.-]+$/);
}

describe('editor', () => {
  let editor: Editor;
  before(async () => {
    editor = await Editor.open();
  });

  after(() => editor?.close());

  it('shows the nodes in the palette, each with its name and icon', async () => {
    for (const type of [...TYPES, ...OTHERS]) {
      const entry = editor.page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
      assert.match(await shownText(entry), /^[A-Za-z ]+$/);
      assert.match(
        (await entry.locator('.red-ui-palette-icon').getAttribute('style')) ?? '',
        new RegExp(`${type}.svg`),
      );
    }
  });

  it('converts the virtual stick by its numbered buttons, up to AT -> OK', async () => {
    await editor.press('1 plug in');
    await editor.status('e3272-detect', 'CD-ROM');
    await editor.press('2 switch');
    await editor.status('e3272-modeswitch', 'HiLink');
    await editor.press('check the files (dry run)');
    await editor.status('e3272-flash', 'checked, nothing changed');
    await editor.press('3 flash');
    await editor.status('e3272-flash', 'boot pin, replug');
    await editor.press('4 hold the boot pin');
    await editor.status('e3272-flash', 'loader is starting');
    await editor.status('e3272-flash', 'done');
    for (const text of ['checking files 100 %', 'uploading 100 %', 'writing 100 %']) {
      assert.ok(editor.statuses.includes(text), text);
    }
    await editor.status('e3272-at', 'ready');
    await editor.press('5 AT');
    assert.match(await editor.debug('answer to AT'), /command: "AT".*ok: true.*final: "OK"/s);
    assert.match(await editor.debug('result of flash'), /ok: true/);
    await editor.picture('convert-done');
  });

  for (const type of [...TYPES, ...OTHERS]) {
    it(`opens the dialog of ${type}, readable, and saves it`, async () => {
      if (OTHERS.includes(type)) await editor.add(type);
      const form = await editor.edit(type);
      await readable(form);
      await editor.picture(`dialog-${type}`, 'dialog');
      await form.locator('#node-input-name').fill(`my ${type}`);
      await editor.leave('ok');
      await editor.page
        .locator('.red-ui-flow-node-label', { hasText: `my ${type}` })
        .first()
        .waitFor();
    });

    it(`has help for ${type}`, async () => {
      assert.deepEqual(await editor.helpSections(type), ['Inputs', 'Outputs', 'Details', 'References']);
    });
  }

  it('lists the sticks in the dialog of e3272-stick, takes one, and saves it', async () => {
    const form = await editor.editStick();
    await readable(form);
    await editor.page.locator('#e3272-stick-look').click();
    const rows = editor.page.locator('.ui-autocomplete:visible li');
    await rows.nth(1).waitFor();
    const listed = await rows.allInnerTexts();
    assert.match(listed[0] ?? '', /^auto/);
    assert.ok(
      listed.some((row) => /virtual-1\s+AT ports · .* · 12d1:1506/.test(row)),
      listed.join('\n'),
    );
    await editor.picture('dialog-e3272-stick', 'dialog');
    await rows.filter({ hasText: 'virtual-1' }).click();
    assert.equal(await form.locator('#node-config-input-stick').inputValue(), 'virtual-1');
    await form.locator('#node-config-input-name').fill('my stick');
    await editor.leave('ok', true);
  });

  it('marks what cannot be right', async () => {
    const wrong: [string, string, string, string][] = [
      ['e3272-flash', '#node-input-setport', 'FF;10;12', 'FF;10,12,16'],
      ['e3272-modeswitch', '#node-input-timeout', '0', '30'],
      ['e3272-at', '#node-input-timeout', 'soon', '2.5'],
      ['e3272-status', '#node-input-every', '2', '30'],
      ['e3272-virtual', '#node-input-virtual', '1-1.4', 'virtual-2'],
    ];
    for (const [type, field, bad, good] of wrong) {
      const form = await editor.edit(type);
      const input = form.locator(field);
      for (const [value, marked] of [
        [bad, true],
        [good, false],
      ] as const) {
        await input.fill(value);
        await input.blur();
        const selector = `${field}.input-error`;
        await form.locator(selector).waitFor({ state: marked ? 'attached' : 'detached' });
      }
      await editor.leave('cancel');
    }
  });

  it('shows what armed means as soon as it is chosen', async () => {
    const form = await editor.edit('e3272-flash');
    assert.equal(await form.locator('#e3272-flash-armed').isVisible(), false);
    await form.locator('#node-input-armed').check();
    await form.locator('#e3272-flash-armed').waitFor({ state: 'visible' });
    await editor.leave('cancel');
  });

  it('takes a named command with its description', async () => {
    const form = await editor.edit('e3272-at');
    await form.locator('.red-ui-typedInput-type-select').first().click();
    await editor.page.locator('.red-ui-typedInput-options:visible').getByText('named command').click();
    await form.locator('.red-ui-typedInput-option-trigger:visible').click();
    await editor.page.locator('.red-ui-typedInput-options:visible').getByText('AT+CSQ').click();
    await editor.picture('dialog-named-command', 'dialog');
    await editor.leave('ok');
  });

  it('deploys what was changed', async () => {
    await editor.deploy();
    const answer = await fetch(`${editor.url}flows`);
    const flows = (await answer.json()) as { type: string; name?: string; command?: string; commandType?: string }[];
    for (const type of TYPES) assert.ok(flows.some((n) => n.type === type && n.name === `my ${type}`));
    assert.ok(flows.some((n) => n.type === 'e3272-stick' && n.name === 'my stick'));
    assert.ok(flows.some((n) => n.commandType === 'named' && n.command === 'signal'));
  });

  it('leaves no complaint in the browser, and stops cleanly', async () => {
    assert.deepEqual(editor.complaints, []);
    assert.equal(await editor.close(), 0);
  });
});
