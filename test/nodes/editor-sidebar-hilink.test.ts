/** The sidebar in a real browser, with a stick that is a HiLink router: what there is in the place of AT. */

import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { findings } from './editor-axe';
import { Editor } from './editor-browser';
import { openSidebar, SidebarPage } from './sidebar-page';

describe('editor, the sidebar with HiLink', () => {
  let editor: Editor;
  let page: Page;
  let began = 0;
  const sidebar = new SidebarPage(() => page);
  const { card, button, assistant, step, state, press, next } = sidebar;
  before(async () => {
    editor = await Editor.open([]);
    ({ page } = editor);
    await openSidebar(page, editor.url);
    began = performance.now();
  });

  after(() => editor?.close());

  it('shows bars, operator and messages of a stick from the box, without a flow and without files', async () => {
    await press(page.locator('.e3272-empty').getByRole('button', { name: 'Try a virtual stick' }));
    await state('CD-ROM');
    await press(button('Switch'));
    await state(/^HiLink/);
    await card().getByText('No readings: nothing asks it.').waitFor();
    assert.equal(await button('AT console').isVisible(), false);
    await press(button('Show its status'));
    await card().locator('.e3272-bars:visible').waitFor();
    await card().getByText('Virtual LTE').waitFor();
    await card()
      .getByText(/\d+ of \d+ messages stored/)
      .waitFor();
    const seconds = Math.round((performance.now() - began) / 1000);
    process.stdout.write(`      from an empty Node-RED to bars by HiLink: ${sidebar.clicks} clicks, ${seconds} s\n`);
    await editor.shot('hilink-status');
    assert.deepEqual(await findings(page, ['.e3272-panel'], 6), []);
    await button('Send it an SMS').click();
    await page.locator('.red-ui-notification').getByRole('button', { name: 'Send', exact: true }).click();
    await card().getByText('1 of').waitFor();
    await button('Stop showing it').click();
    await card().locator('.e3272-bars').waitFor({ state: 'hidden' });
  });

  it('says that nothing has to be done where it is what it is to become', async () => {
    await button('Convert...').click();
    await next();
    await assistant().getByLabel('HiLink router').check();
    assert.equal(await step('Next').isDisabled(), true);
    assert.match(await assistant().locator('.e3272-feet').innerText(), /It is a HiLink router already/);
    await editor.shot('hilink-already');
    assert.deepEqual(await findings(page, ['.e3272-assistant'], 6), []);
  });

  it('writes HiLink firmware and its pages, and leads on from the CD-ROM that it comes back as', async () => {
    await assistant().getByLabel('Write its firmware anew').check();
    await next();
    await assistant().getByText('virtual-webui.bin: whole').waitFor();
    await editor.shot('hilink-files');
    await next();
    await assistant().getByText('All that can be checked now is right.').waitFor();
    await next();
    await sidebar.consent();
    await assistant().locator('.e3272-pin li.e3272-here').waitFor();
    await button('Unplug').click();
    await assistant().getByText('I see: unplugged').waitFor();
    await button('Plug in, boot pin held').click();
    await assistant().getByText('Done: the stick is what it was to become.').waitFor();
    await editor.shot('hilink-end');
    assert.deepEqual(await findings(page, ['.e3272-assistant'], 6), []);
    await step('Switch').click();
    await page.locator('.red-ui-tray').waitFor({ state: 'detached' });
    await state(/^HiLink/);
  });

  it('makes a flow without AT from it', async () => {
    await button('Show the job').click();
    await step('Make a flow from this').click();
    await page.locator('.red-ui-tray').waitFor({ state: 'detached' });
    assert.deepEqual(await sidebar.placeFlow(2), ['debug', 'e3272-status']);
    assert.deepEqual(editor.complaints, []);
  });
});
