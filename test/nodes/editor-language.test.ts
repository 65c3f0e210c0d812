/** The editor in German: sidebar, assistant, an error, dialogs and help. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { tempFolder } from '../support/temp-folder';
import { Editor } from './editor-browser';

declare const RED: { sidebar: { show(id: string): void; containsTab(id: string): boolean } };

/** A text of each dialog. */
const DIALOGS: Readonly<Record<string, string>> = {
  'e3272-at': 'nur die unten genannten Befehle',
  'e3272-detect': 'Von selbst umschalten',
  'e3272-flash': 'Probelauf: alles prüfen, nichts ändern',
  'e3272-modeswitch': 'Sekunden, bis er zurück am Bus sein muss',
  'e3272-sms-in': 'Flash-Nachrichten übergeben',
  'e3272-sms-out': 'Zustellberichte anfordern',
  'e3272-status': 'Nur Änderungen senden',
  'e3272-ussd': 'Sekunden; leer: 60',
  'e3272-virtual': 'Nichts hier berührt Hardware',
};

describe('editor, in German', () => {
  let editor: Editor;
  let page: Page;
  before(async () => {
    editor = await Editor.open();
    ({ page } = editor);
    await page.addInitScript(() => localStorage.setItem('editor-language', 'de'));
    await page.goto(editor.url);
    await page.locator('.red-ui-flow-node-group').first().waitFor();
    await page.waitForFunction(() => RED.sidebar.containsTab('e3272'));
    await page.evaluate(() => RED.sidebar.show('e3272'));
  });

  after(() => editor?.close());

  const card = () => page.locator('.e3272-card[data-stick]').first();
  const assistant = () => page.locator('.e3272-assistant');
  const next = () => assistant().getByRole('button', { name: 'Weiter', exact: true }).click();

  /** Texts in `root` that are wider than their place. */
  const cutOff = (root: Locator): Promise<string[]> =>
    root.evaluate((element) =>
      [...element.querySelectorAll<HTMLElement>('label, button, h3, h4, p, li, span, option')]
        .filter(({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth + 1)
        .map(({ tagName, textContent }) => `${tagName}: ${textContent}`),
    );

  /** Labels left of their input that do not fit into one line there. */
  const broken = (form: Locator): Promise<string[]> =>
    form.evaluate((element) =>
      [...element.querySelectorAll<HTMLElement>('.form-row > label:first-child')]
        .filter((label) => {
          const written = document.createRange();
          written.selectNodeContents(label);
          return written.getBoundingClientRect().height > 30;
        })
        .map(({ textContent }) => `in two lines: ${textContent}`),
    );

  it('shows the sidebar, whose language it declares', async () => {
    await card().getByText('nicht eingesteckt', { exact: true }).waitFor();
    await card().getByRole('button', { name: 'Einstecken', exact: true }).click();
    await card().getByText('Er zeigt sich als CD-ROM.').waitFor();
    await editor.status('e3272-flash', 'CD-ROM');
    assert.equal(await page.locator('.e3272-panel').getAttribute('lang'), 'de');
    assert.deepEqual(await cutOff(page.locator('.e3272-panel')), []);
    await editor.picture('german-sidebar');
  });

  it('says in the assistant what is wrong with a file, and what to do', async () => {
    await card().getByRole('button', { name: 'Konvertieren...' }).click();
    await assistant().getByRole('heading', { name: 'Dieser Stick' }).waitFor();
    await editor.picture('german-assistant-stick');
    await next();
    await editor.picture('german-assistant-target');
    await next();
    await assistant().getByLabel('Künstliche Dateien verwenden: Dieser Stick ist virtuell').uncheck();
    const wrong = join(tempFolder('language-files'), 'holiday__code__.bin');
    writeFileSync(wrong, Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * i * 167 + 90) % 251)));
    await assistant().locator('input[type=file]').nth(1).setInputFiles(wrong);
    const file = assistant().locator('.e3272-file', { hasText: 'holiday__code__.bin: nicht brauchbar' });
    // Its name goes in as it is, however it looks.
    await file
      .getByText('holiday__code__.bin ist keine Balong-Firmware: Bei Byte 0x5C steht kein Image-Header')
      .waitFor();
    await file.getByText('Eine Firmware-Datei für den E3272 angeben').waitFor();
    assert.deepEqual(await cutOff(assistant()), []);
    await editor.picture('german-assistant-file');
    await page.locator('#e3272-assistant-close').click();
    await page.locator('.red-ui-tray').waitFor({ state: 'detached' });
  });

  it('shows the dialogs, each label in one line', async () => {
    const faults: string[] = [];
    for (const [type, text] of Object.entries(DIALOGS)) {
      if ((await editor.idOf(type)) === '') await editor.add(type);
      const form = await editor.edit(type);
      await form.getByText(text).first().waitFor({ state: 'attached' });
      faults.push(...(await cutOff(form)), ...(await broken(form)));
      await editor.picture(`german-dialog-${type}`, 'dialog');
      await editor.leave('cancel');
    }
    assert.deepEqual(faults, []);
  });

  it('shows the dialog of the stick', async () => {
    const form = await editor.editStick();
    await form.getByText('Sekunden pro AT-Befehl').waitFor({ state: 'attached' });
    assert.deepEqual([...(await cutOff(form)), ...(await broken(form))], []);
    await editor.picture('german-dialog-stick', 'dialog');
    await form.locator('#e3272-stick-test').click();
    const fault = form.locator('#e3272-stick-tested li[data-result=fault]');
    await fault.getByText('So, wie der Stick jetzt ist, hat er keinen AT-Port. Zeigt er sich als CD-ROM').waitFor();
    await editor.leave('cancel', true);
  });

  it('shows the help', async () => {
    const sections = await editor.helpSections('e3272-at');
    assert.deepEqual(sections, ['Eingangsdaten', 'Ausgangsdaten', 'Details', 'Referenzen']);
    assert.deepEqual(editor.complaints, []);
  });
});
