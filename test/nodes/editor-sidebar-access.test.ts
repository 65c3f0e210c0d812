/** Who may do what in the sidebar, in a real browser: readers, users without a right, under another path, through Home Assistant. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { makeFirmware } from '../../src/virtual/make-files';
import { tempFolder } from '../support/temp-folder';
import { Editor } from './editor-browser';
import { type Ingress, startIngress } from './ingress';
import { openSidebar, SidebarPage, showSidebar } from './sidebar-page';

/** Of the password `test`. */
const PASSWORD = '$2b$04$CuffvqiRqPEs55hS/Alez.K7JgDI2PvMsb0GxkKgTAdC29PKduv5O';
const CORE = ['flows', 'nodes', 'context', 'status', 'settings', 'library', 'palette', 'plugins', 'inject', 'debug'];
const SETTINGS = {
  httpAdminRoot: '/red',
  adminAuth: {
    type: 'credentials',
    users: [
      { username: 'all', password: PASSWORD, permissions: '*' },
      { username: 'reader', password: PASSWORD, permissions: 'read' },
      { username: 'other', password: PASSWORD, permissions: CORE.flatMap((part) => [`${part}.read`, `${part}.write`]) },
    ],
  },
};

/** More than one piece. */
function bigFile(): string {
  const file = join(tempFolder('access-files'), 'pieces.bin');
  writeFileSync(file, makeFirmware({ images: [{ code: 0x101, size: 2_500_000 }] }));
  return file;
}

/** Uploads a file in pieces in the assistant, and begins a conversion with made-up files; resolves when it waits for hands. */
async function uploadAndConvert(sidebar: SidebarPage): Promise<void> {
  const { page, assistant, button, state, next } = sidebar;
  const pieces: number[] = [];
  page.on('response', (answer) => {
    if (/panel\/files\/[0-9a-f]+\?offset=/.test(answer.url())) pieces.push(answer.status());
  });
  await page.locator('.e3272-empty').getByRole('button', { name: 'Try a virtual stick' }).click();
  await state('CD-ROM');
  await button('Switch').click();
  await state(/^HiLink/);
  await button('Convert...').click();
  await next();
  await next();
  await assistant().getByLabel('Use made-up files: this stick is virtual').uncheck();
  await assistant().locator('input[type=file]').nth(1).setInputFiles(bigFile());
  await assistant().locator('.e3272-file', { hasText: 'pieces.bin' }).waitFor();
  assert.ok(pieces.length >= 3 && pieces.every((status) => status === 200), pieces.join());
  await assistant().getByLabel('Use made-up files: this stick is virtual').check();
  await next();
  await assistant().getByText('All that can be checked now is right.').waitFor();
  await next();
  await sidebar.consent();
  await assistant().locator('.e3272-pin li.e3272-here').waitFor();
}

describe('editor, who may use the sidebar', () => {
  let editor: Editor;
  before(async () => {
    editor = await Editor.open([], SETTINGS);
  });

  after(() => editor?.close());

  async function login(page: Page, user: string): Promise<void> {
    await page.goto(editor.url);
    await page.locator('#node-dialog-login-username').fill(user);
    await page.locator('#node-dialog-login-password').fill('test');
    await page.keyboard.press('Enter');
    await showSidebar(page);
  }

  const refusalsOf = (page: Page): string[] => {
    const refused: string[] = [];
    page.on('response', (answer) => {
      if (answer.status() >= 400 && answer.url().includes('/e3272/'))
        refused.push(`${answer.status()} ${answer.url()}`);
    });
    return refused;
  };

  it('under another path, behind a login: upload in pieces and conversion work', async () => {
    const page = await editor.secondPage();
    const refused = refusalsOf(page);
    await login(page, 'all');
    await uploadAndConvert(new SidebarPage(() => page));
    assert.deepEqual(refused, []);
    // Later tests look at the job that waits.
    await page.close();
  });

  it('who may only read sees all, is told why nothing can be done, and gets no refusal', async () => {
    const page = await editor.secondPage();
    const refused = refusalsOf(page);
    await login(page, 'reader');
    const { card, button, assistant, step } = new SidebarPage(() => page);
    await card().waitFor();
    const reason = 'You may only look: your user has no right e3272.write.';
    await page.locator('.e3272-panel > .e3272-overview > p', { hasText: reason }).waitFor();
    for (const text of ['Unplug', 'Cancel the job', 'Insert SIM']) {
      assert.equal(await button(text).isDisabled(), true, text);
      assert.equal(await button(text).getAttribute('title'), reason, text);
    }
    assert.equal(await page.locator('.e3272-health').getByRole('button', { name: 'Check' }).isDisabled(), true);
    await button('Show the job').click();
    await assistant().locator('.e3272-pin li.e3272-here').waitFor();
    await editor.shotOf(page, 'reader');
    assert.equal(await step('Cancel at the next safe point').isDisabled(), true);
    assert.deepEqual(refused, []);
    await page.close();
  });

  it('who has no right for it is told so, and nothing is asked again and again', async () => {
    const page = await editor.secondPage();
    const refused = refusalsOf(page);
    await login(page, 'other');
    await page.locator('.e3272-panel [role=alert]', { hasText: 'It needs the right e3272.read.' }).waitFor();
    assert.equal(await page.locator('.e3272-card[data-stick]').count(), 0);
    assert.equal(await page.locator('.e3272-panel button:visible').count(), 0);
    await editor.shotOf(page, 'no-right');
    assert.deepEqual(refused, []);
    await page.close();
  });
});

describe('editor, the sidebar through Home Assistant', () => {
  let editor: Editor;
  let ingress: Ingress;
  let page: Page;
  before(async () => {
    // The add-on leaves the login to Home Assistant.
    editor = await Editor.open([], {});
    ingress = await startIngress(editor.url);
    page = await editor.secondPage();
  });

  after(async () => {
    await editor?.close();
    ingress?.server.close();
  });

  it('uploads in pieces, converts, and hears of news at once', async () => {
    await openSidebar(page, ingress.url);
    const sidebar = new SidebarPage(() => page);
    await uploadAndConvert(sidebar);
    await sidebar.button('Unplug').click();
    await sidebar.assistant().getByText('I see: unplugged').waitFor();
    await sidebar.step('Cancel at the next safe point').click();
    await sidebar.assistant().getByRole('heading', { name: 'Cancelled.' }).waitFor();
  });

  it('answers no page of another origin', async () => {
    const order = (headers: Record<string, string>) =>
      fetch(`${editor.url}e3272/panel/virtual`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json', ...headers },
      });
    assert.equal((await order({ origin: 'http://evil.example' })).status, 403);
    const stranger = await editor.secondPage();
    await stranger.goto(`data:text/html,<h1>elsewhere</h1>`);
    const status = await stranger.evaluate(
      (url) =>
        fetch(url, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }).then(
          (answer) => answer.status,
          () => 0,
        ),
      `${editor.url}e3272/panel/virtual`,
    );
    assert.ok(status === 403 || status === 0, String(status));
    await stranger.close();
  });
});
