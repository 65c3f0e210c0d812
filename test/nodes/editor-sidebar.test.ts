/** The sidebar in a real browser: a stick from nothing to a modem without a flow and without a terminal. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { tempFolder } from '../support/temp-folder';
import { findings as axeFindings } from './editor-axe';
import { Editor } from './editor-browser';
import { openSidebar, SidebarPage } from './sidebar-page';

declare const RED: {
  actions: { invoke(name: string): void };
  sidebar: { show(id: string): void };
};

describe('editor, the sidebar', () => {
  let editor: Editor;
  let page: Page;
  const sidebar = new SidebarPage(() => page);
  const { card, button, assistant, step, state, press } = sidebar;
  let began = 0;
  before(async () => {
    editor = await Editor.open([]);
    ({ page } = editor);
    await openSidebar(page, editor.url);
    began = performance.now();
  });

  after(() => editor?.close());

  /** Findings of axe in `root`; contrast is really looked at. */
  const findings = (root: string) => axeFindings(page, [root], 6);

  it('says what to do where nothing is plugged in, and offers a virtual stick', async () => {
    const box = page.locator('.e3272-empty');
    await box.waitFor();
    assert.match(await box.innerText(), /Plug your stick into this machine/);
    await editor.picture('sidebar-empty');
    await press(box.getByRole('button', { name: 'Try a virtual stick' }));
    await state('CD-ROM');
  });

  it('leads it to AT ports: the pin not held, a reload in the middle, a second browser', async () => {
    await press(button('Switch'));
    await state(/^HiLink/);
    await press(button('Convert...'));
    await assistant().getByRole('heading', { name: 'This stick' }).waitFor();
    assert.deepEqual(await findings('.e3272-assistant'), []);
    await press(step('Next'));
    await press(step('Next'));
    await page.waitForFunction(() => document.querySelector('.e3272-feet [role=status]')?.textContent === '');
    await press(step('Next'));
    await assistant().getByText('All that can be checked now is right.').waitFor();
    assert.ok((await assistant().locator('.e3272-checks li[data-result=passed]').count()) >= 4);
    assert.deepEqual(await findings('.e3272-assistant'), []);
    await editor.picture('assistant-checks');
    // Where labels are short the tray is narrow, and sums of files have no blank to break at.
    const wide = await assistant().evaluate((element) => {
      element.style.width = '400px';
      const { scrollWidth, clientWidth } = element;
      element.style.width = '';
      return scrollWidth - clientWidth;
    });
    assert.equal(wide, 0);
    await press(step('Next'));
    const go = step('Write the firmware');
    assert.equal(await go.isDisabled(), true);
    await assistant().locator('.e3272-step input[type=text]').fill('virtual-2');
    assert.equal(await go.isDisabled(), true);
    await assistant().locator('.e3272-step input[type=text]').fill('virtual-1');
    await press(go);
    await assistant().locator('.e3272-pin li.e3272-here', { hasText: 'Unplug' }).waitFor();
    assert.deepEqual(await findings('.e3272-assistant'), []);
    await editor.picture('assistant-pin');

    // A reload stops nothing: the notice is there again, and the assistant shows the same job.
    await openSidebar(page, editor.url);
    await page.locator('.red-ui-notification', { hasText: 'waits for you' }).waitFor();
    await page.locator('.red-ui-notification').getByRole('button', { name: 'Show it' }).click();
    await button('Show the job').click();
    await button('Unplug').click();
    await assistant().getByText('I see: unplugged').waitFor();
    await button('Plug in').click();
    await assistant().getByText('I see: CD-ROM. The pin was not held').waitFor();
    const second = await editor.secondPage();
    await openSidebar(second, editor.url);
    await state('boot pin, replug', second);
    await press(button('Unplug', second));
    await assistant().getByText('I see: unplugged').waitFor();
    await press(button('Plug in, boot pin held', second));
    await assistant().getByText('Done: the stick is what it was to become.').waitFor();
    await state('AT ports', second);
    await second.close();
    await editor.picture('assistant-end');
    assert.deepEqual(await findings('.e3272-assistant'), []);
  });

  it('makes a flow from it', async () => {
    await press(step('Make a flow from this'));
    await page.locator('.red-ui-tray').waitFor({ state: 'detached' });
    assert.deepEqual(await sidebar.placeFlow(5), ['debug', 'debug', 'e3272-at', 'e3272-status', 'inject']);
  });

  it('has a console that answers, by keyboard alone', async () => {
    await press(button('AT console'));
    const input = page.locator('.e3272-console input[type=text]');
    await page.waitForFunction(() => document.activeElement?.closest('.e3272-console') !== null);
    await page.keyboard.type('AT');
    await page.keyboard.press('Enter');
    await page.locator('.e3272-lines li[data-kind=ok]').waitFor();
    const { clicks } = sidebar;
    const seconds = Math.round((performance.now() - began) / 1000);
    process.stdout.write(`      from an empty Node-RED to AT -> OK: ${clicks} clicks, ${seconds} s\n`);
    assert.ok(clicks <= 12, `from an empty Node-RED to AT -> OK it took ${clicks} clicks`);
    await page.keyboard.type('AT+CPIN="1234"');
    await page.keyboard.press('Enter');
    await page.locator('.e3272-lines li[data-kind=error]').waitFor();
    assert.doesNotMatch(await page.locator('.e3272-lines').innerText(), /1234/);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    assert.equal(await input.inputValue(), 'AT');
    await input.fill('at+cs');
    await page.locator('.e3272-console', { hasText: 'AT+CSQ: Signal strength' }).waitFor();
    assert.deepEqual(await findings('.e3272-panel'), []);
    await editor.picture('console');
    await page.locator('.e3272-console').getByRole('button', { name: 'Back' }).click();
    await card().waitFor();
  });

  it('is whole at the size that 5.0 gives it, with the console’s field in sight', async () => {
    await button('AT console').click();
    const box = await page.evaluate(() => {
      const panel = document.querySelector<HTMLElement>('.e3272-panel');
      if (!panel) return undefined;
      Object.assign(panel.style, { width: '294px', height: '261px' });
      const field = document.querySelector('.e3272-console input[type=text]')?.getBoundingClientRect();
      const frame = panel.getBoundingClientRect();
      const fits = field !== undefined && field.bottom <= frame.bottom && field.right <= frame.right;
      const wide = panel.scrollWidth > panel.clientWidth;
      panel.removeAttribute('style');
      return { fits, wide };
    });
    assert.deepEqual(box, { fits: true, wide: false });
    await page.locator('.e3272-console').getByRole('button', { name: 'Back' }).click();
  });

  it('tells what is wrong with a file, all of it, and does not go on', async () => {
    await button('Show the job').click();
    // The conversion that has ended is shown first.
    await step('Begin again').click();
    await assistant().getByLabel('Write firmware although it has AT ports').check();
    await step('Next').click();
    await step('Next').click();
    await assistant().getByLabel('Use made-up files: this stick is virtual').uncheck();
    const wrong = join(tempFolder('sidebar-files'), 'holiday.bin');
    writeFileSync(wrong, 'no firmware');
    await assistant().locator('input[type=file]').nth(1).setInputFiles(wrong);
    await assistant().locator('.e3272-file', { hasText: 'holiday.bin: cannot be used' }).waitFor();
    assert.equal(await step('Next').isDisabled(), true);
    assert.deepEqual(await findings('.e3272-assistant'), []);
    await editor.picture('assistant-wrong-file');
    await page.locator('#e3272-assistant-close').click();
    await page.locator('.red-ui-tray').waitFor({ state: 'detached' });
  });

  it('opens by the command palette, and has shown no error in the browser', async () => {
    await page.evaluate(() => RED.sidebar.show('info'));
    await card().waitFor({ state: 'hidden' });
    await page.evaluate(() => RED.actions.invoke('e3272:show-sidebar'));
    await card().waitFor();
    assert.deepEqual(await findings('.e3272-panel'), []);
    assert.deepEqual(editor.complaints, []);
  });
});
