/** The dialogs in a real browser: what they find out for the person who fills them in. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { makeDemoFiles } from '../../src/virtual/make-files';
import { tempFolder } from '../support/temp-folder';
import { findings } from './editor-axe';
import { Editor, shownText } from './editor-browser';

declare const RED: {
  sidebar: { show(id: string): void; containsTab(id: string): boolean; help: { show(type: string): void } };
  nodes: { version?(): string };
};

/** An e3272-stick for the virtual one, and a node of each kind that has something new. */
const FLOWS = [
  { id: 'tab', type: 'tab', label: 'dialogs' },
  { id: 'stick', type: 'e3272-stick', name: '', stick: 'virtual-1', timeout: '', space: 'auto', pulse: '', version: 3 },
  ...['at', 'flash', 'status'].map((kind, index) => ({
    ...{ id: kind, type: `e3272-${kind}`, z: 'tab', name: kind, stick: 'stick', x: 200, y: 60 + index * 60 },
    wires: [[], []],
  })),
];

describe('editor, dialogs that look for themselves', () => {
  let editor: Editor;
  let page: Page;
  before(async () => {
    editor = await Editor.open(FLOWS);
    ({ page } = editor);
    await page.waitForFunction(() => typeof RED === 'object' && RED.sidebar.containsTab('e3272'));
    // So that there is a stick: with AT ports, by the hand of the sidebar.
    await page.evaluate(() => RED.sidebar.show('e3272'));
    const card = page.locator('.e3272-card[data-stick="virtual-1"]');
    await card.waitFor();
  });

  after(() => editor?.close());

  const part = (form: Locator, name: string) => form.locator(`#e3272-stick-tested li[data-part=${name}]`);

  it('tests the stick: not plugged in, then as a CD-ROM', async () => {
    const form = await editor.editStick();
    const test = form.locator('#e3272-stick-test');
    await test.click();
    await part(form, 'stick').filter({ hasText: 'virtual-1' }).waitFor();
    assert.equal(await part(form, 'stick').getAttribute('data-result'), 'fault');
    await page.locator('.e3272-card').getByRole('button', { name: 'Plug in', exact: true }).click();
    await page.locator('.e3272-card .e3272-state', { hasText: 'CD-ROM' }).waitFor();
    await test.click();
    await part(form, 'answer').waitFor();
    assert.equal(await part(form, 'stick').getAttribute('data-result'), 'good');
    assert.match(await shownText(part(form, 'stick')), /virtual-1 \u00b7 CD-ROM/);
    assert.deepEqual(await findings(page, ['#e3272-stick-test', '#e3272-stick-tested']), []);
    await editor.picture('stick-test', 'dialog');
  });

  it('folds what only experts need, and tells the form of the PIN without showing it', async () => {
    const form = page.locator('.red-ui-tray-body form:visible').first();
    assert.equal(await form.locator('#node-config-input-timeout').isVisible(), false);
    const pin = form.locator('#node-config-input-pin');
    const state = form.locator('#e3272-stick-pin');
    for (const [typed, wrong] of [
      ['123', true],
      ['1234', false],
      ['123456789', true],
      ['12a4', true],
      ['12345678', false],
      ['', false],
    ] as const) {
      await pin.fill(typed);
      assert.equal(await state.isVisible(), wrong, typed);
      assert.equal(await pin.getAttribute('aria-invalid'), String(wrong), typed);
    }
    await pin.fill('12a4');
    assert.equal(await state.innerText(), 'A PIN has 4 to 8 digits');
    assert.equal(await pin.getAttribute('type'), 'password');
    assert.deepEqual(await findings(page, ['#e3272-stick-pin', '#e3272-stick-more']), []);
    await editor.picture('stick-pin', 'dialog');
    await form.locator('#e3272-stick-more summary').click();
    await form.locator('#node-config-input-timeout').fill('7');
    await pin.fill('');
    await editor.leave('ok', true);
    // What is set is in sight.
    assert.equal(await (await editor.editStick()).locator('#node-config-input-timeout').isVisible(), true);
    await editor.leave('cancel', true);
  });

  it('finds an AT command by what it is about', async () => {
    const form = await editor.edit('at');
    const find = form.locator('#e3272-at-find');
    await find.fill('signal lte');
    await page.locator('.ui-menu:visible').waitFor({ state: 'hidden' });
    await form.locator('#e3272-at-found', { hasText: 'No command has these words' }).waitFor();
    await find.fill('signal quality');
    const menu = page.locator('.ui-menu:visible');
    await menu.locator('li', { hasText: 'AT^HCSQ?' }).waitFor();
    await editor.picture('at-find', 'page');
    await menu.locator('li', { hasText: 'AT^HCSQ?' }).click();
    assert.equal(await form.locator('#node-input-command').inputValue(), 'AT^HCSQ?');
    assert.equal(await form.locator('#node-input-commandType').inputValue(), 'str');
    assert.equal(await find.inputValue(), '');
    await form.getByRole('button', { name: 'Show the commands that are known here' }).click();
    await menu.locator('li', { hasText: 'AT+CREG?' }).waitFor();
    assert.ok((await menu.locator('li').count()) > 60);
    // What is dangerous is not offered.
    assert.equal(await menu.locator('li', { hasText: 'AT^GODLOAD' }).count(), 0);
    await page.keyboard.press('Escape');
    assert.deepEqual(await findings(page, ['#e3272-at-finder', 'label[for="e3272-at-find"]']), []);
    await editor.leave('cancel');
  });

  it('shows what the status node would send', async () => {
    const form = await editor.edit('status');
    const preview = form.locator('#e3272-status-preview');
    await form.locator('#node-input-signal').setChecked(true);
    await form.locator('#node-input-identity').setChecked(false);
    assert.match(await preview.innerText(), /rsrp: -97, +\/\/ dBm, RSRP/);
    assert.doesNotMatch(await preview.innerText(), /identity|imei/);
    await form.locator('#node-input-identity').setChecked(true);
    assert.match(await preview.innerText(), /identity: \{/);
    assert.doesNotMatch(await preview.innerText(), /imei/);
    await form.locator('#node-input-personal').setChecked(true);
    assert.match(await preview.innerText(), /imei: "490154203237518"/);
    await form.locator('#node-input-signal').setChecked(false);
    assert.doesNotMatch(await preview.innerText(), /rsrp/);
    assert.equal(await form.locator('#e3272-status-changes').isVisible(), false);
    await form.locator('#node-input-changes').setChecked(true);
    assert.equal(await form.locator('#e3272-status-changes').isVisible(), true);
    assert.deepEqual(await findings(page, ['#e3272-status-preview', '#e3272-status-preview-label']), []);
    await editor.picture('status-preview', 'dialog');
    await editor.leave('cancel');
  });

  it('takes a file for the flash node, checks it in place, and offers it from then on', async () => {
    const folder = tempFolder('dialog-files');
    const { firmware, loader } = demoFiles(folder);
    const wrong = join(folder, 'holiday.bin');
    writeFileSync(wrong, 'no firmware');
    const form = await editor.edit('flash');
    const place = (name: string) => form.locator(`#e3272-flash-${name}-file`);
    await place('firmware').locator('input[type=file]').setInputFiles(wrong);
    await place('firmware').locator('.e3272-error', { hasText: 'holiday.bin: cannot be used' }).waitFor();
    assert.match(await form.locator('#node-input-firmware').inputValue(), /\/e3272\/files\/holiday\.bin$/);
    await place('firmware').locator('input[type=file]').setInputFiles(firmware);
    await place('firmware').locator('.e3272-good', { hasText: 'firmware.bin: whole, and fits an E3272' }).waitFor();
    await place('loader').locator('input[type=file]').setInputFiles(loader);
    await place('loader').locator('.e3272-good').waitFor();
    // By the list of files: in the wrong field.
    await form.locator('#e3272-flash-webui-look').click();
    await page.locator('.ui-menu:visible li', { hasText: 'loader.bin' }).click();
    await place('webui').getByText('It is whole, but it belongs in another field.').waitFor();
    await form.locator('#node-input-webui').fill('/etc/hostname');
    await form.locator('#node-input-webui').press('Tab');
    await place('webui').locator('.e3272-error', { hasText: 'hostname: cannot be used' }).waitFor();
    assert.deepEqual(await findings(page, ['#e3272-flash-assistant', '#e3272-flash-firmware-file']), []);
    await editor.picture('flash-files', 'dialog');
    assert.equal((await form.locator('> div').first().getAttribute('data-i18n'))?.split(':').at(-1), 'tip.danger');
  });

  it('opens the assistant for its stick, over the dialog', async () => {
    await page.getByRole('button', { name: 'Open the convert assistant' }).click();
    await page.locator('.e3272-assistant[data-stick="virtual-1"]').waitFor();
    await page.locator('#e3272-assistant-close').click();
    await page.locator('.e3272-assistant').waitFor({ state: 'detached' });
    await page.locator('#node-dialog-cancel').click();
    await page.locator('.red-ui-tray').waitFor({ state: 'detached' });
  });

  it('has pictures in the help: the boot pin, and a flow', async () => {
    const sections = await editor.helpSections('e3272-flash');
    assert.ok(sections.includes('Details'));
    const pictures = page.locator('.red-ui-help svg[role=img]:visible');
    assert.equal(await pictures.count(), 2);
    for (const box of await Promise.all([0, 1].map((index) => pictures.nth(index).boundingBox()))) {
      assert.ok(box && box.width > 200 && box.height > 30, JSON.stringify(box));
    }
    await pictures.nth(1).scrollIntoViewIfNeeded();
    await editor.picture('help-flash', 'page');
  });

  it('copies diagnostics, by the clipboard or by hand', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.evaluate(() => RED.sidebar.show('e3272'));
    const copy = page.getByRole('button', { name: 'Copy diagnostics' });
    await copy.click();
    await page.locator('.e3272-diagnostics [role=status]', { hasText: 'Copied' }).waitFor();
    const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
    assert.deepEqual(
      copied.sticks.map(({ stick }: { stick: string }) => stick),
      ['virtual-1'],
    );
    // Over http there is none.
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    await copy.click();
    const text = page.locator('.e3272-diagnostics textarea');
    await text.waitFor();
    assert.equal(JSON.parse(await text.inputValue()).node, copied.node);
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'TEXTAREA');
    assert.deepEqual(await findings(page, ['.e3272-diagnostics']), []);
    await editor.picture('diagnostics', 'page');
    await page.locator('.e3272-diagnostics').getByRole('button', { name: 'Close' }).click();
    assert.equal(await text.isVisible(), false);
  });

  it('has shown no error in the browser', () => {
    assert.deepEqual(editor.complaints, []);
  });
});

/** The made-up files, as files. */
function demoFiles(folder: string): { firmware: string; loader: string } {
  const made = makeDemoFiles();
  const [firmware, loader] = [join(folder, 'firmware.bin'), join(folder, 'loader.bin')];
  writeFileSync(firmware, made.firmware.bytes);
  writeFileSync(loader, made.loader.bytes);
  return { firmware, loader };
}
