/** The sidebar in a real browser where a conversion is cancelled and taken up, and how each state looks, dark and light, small and wide. */

import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { findings } from './editor-axe';
import { Editor } from './editor-browser';
import { openSidebar, SidebarPage, showSidebar } from './sidebar-page';

/** Hands that make the stick slow while it writes, so that somebody can look, and quick again. */
const HANDS = {
  label: 'hands',
  nodes: [
    { id: 'hands', type: 'e3272-virtual', virtual: 'virtual-1', wires: [[]] },
    ...Object.entries({ slow: 1_000, quick: 1 }).map(([id, slowAck]) => ({
      id,
      type: 'inject',
      props: [{ p: 'payload', v: JSON.stringify({ do: 'timing', slowAck }), vt: 'json' }],
      repeat: '',
      once: false,
      wires: [['hands']],
    })),
  ],
};

describe('editor, the states of the sidebar', () => {
  let editor: Editor;
  let page: Page;
  const sidebar = new SidebarPage(() => page);
  const { card, button, assistant, step, state, next } = sidebar;
  before(async () => {
    editor = await Editor.open([]);
    ({ page } = editor);
    await openSidebar(page, editor.url);
    await still();
  });

  /** Colours on their way from day to night are nobody's. */
  const still = () => page.addStyleTag({ content: '*, *::before, *::after { transition: none !important; }' });

  async function post(path: string, body: object): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const { status } = await fetch(`${editor.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    assert.equal(status, 200, path);
  }

  after(() => editor?.close());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await editor.shot('failed');
  });

  /** In the colours of 5.0 by day and at night; 4.1 has none for the night. */
  async function canBeRead(roots: readonly string[]): Promise<void> {
    const turn = () => page.evaluate(() => document.documentElement.classList.toggle('nr-theme-dark'));
    const found = await findings(page, roots, 6);
    await turn();
    found.push(...(await findings(page, roots, 6)));
    await turn();
    assert.deepEqual(found, []);
  }

  /** Nothing in the panel is wider than the panel, and nothing lies over something else, at this width. */
  async function fits(width: number, height: number): Promise<void> {
    const wide = await page.evaluate(
      ([w, h]) => {
        const panel = document.querySelector<HTMLElement>('.e3272-panel');
        if (!panel) return ['there is no panel'];
        Object.assign(panel.style, { width: `${w}px`, height: `${h}px` });
        const parts = [
          panel,
          ...panel.querySelectorAll<HTMLElement>('div, section, p:not(.e3272-unseen), ol, li, button, h3, svg'),
        ];
        const found = parts
          .filter(({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth + 1)
          .map(({ className, textContent }) => `${className}: ${textContent}`);
        panel.removeAttribute('style');
        return found;
      },
      [width, height] as const,
    );
    assert.deepEqual(wide, []);
  }

  async function looksRight(name: string, roots: readonly string[] = ['.e3272-panel']): Promise<void> {
    await editor.shot(name);
    await canBeRead(roots);
    await fits(294, 261);
    await fits(1920, 1000);
  }

  async function toConsent(): Promise<void> {
    await next();
    await next();
    await next();
    await assistant().getByText('All that can be checked now is right.').waitFor();
    await next();
  }

  it('with nothing plugged in, as a CD-ROM, as a router', async () => {
    await page.locator('.e3272-empty').waitFor();
    await looksRight('empty');
    await page.locator('.e3272-empty').getByRole('button', { name: 'Try a virtual stick' }).click();
    await state('CD-ROM');
    await looksRight('storage');
    await button('Switch').click();
    await state(/^HiLink/);
    await looksRight('hilink');
  });

  it('cancelled where hands are waited for: nothing was changed, and it can begin again', async () => {
    await button('Convert...').click();
    await looksRight('assistant-stick', ['.e3272-assistant']);
    await toConsent();
    await looksRight('assistant-consent', ['.e3272-assistant']);
    await sidebar.consent();
    await assistant().locator('.e3272-pin li.e3272-here').waitFor();
    await looksRight('assistant-pin', ['.e3272-assistant', '.e3272-panel']);
    await step('Cancel at the next safe point').click();
    await assistant().getByRole('heading', { name: 'Cancelled.' }).waitFor();
    await looksRight('cancelled-at-pin', ['.e3272-assistant', '.e3272-panel']);
    await state(/^HiLink/);
    await step('Begin again').click();
    await assistant().getByRole('heading', { name: 'This stick' }).waitFor();
  });

  it('cancelled while it writes: it ends after the image, says how the stick is left, and goes on from there', async () => {
    await post('flow', HANDS);
    await page.reload();
    await showSidebar(page);
    await still();
    await post('inject/slow', {});
    await button('Convert...').click();
    await toConsent();
    await sidebar.consent();
    await assistant().locator('.e3272-pin li.e3272-here').waitFor();
    await button('Unplug').click();
    await assistant().getByText('I see: unplugged').waitFor();
    await looksRight('unplugged', ['.e3272-assistant', '.e3272-panel']);
    await button('Plug in, boot pin held').click();
    // Writing: the loader runs, although it looks like a modem on the bus.
    await card().locator('.e3272-way li.e3272-here', { hasText: 'loader' }).waitFor();
    await assistant().locator('progress:visible').waitFor();
    await step('Cancel at the next safe point').click();
    await step('It ends at the next safe point...').waitFor();
    await looksRight('cancelling', ['.e3272-assistant', '.e3272-panel']);
    await post('inject/quick', {});
    await assistant().getByRole('heading', { name: 'Cancelled.' }).waitFor();
    await looksRight('cancelled-in-writing', ['.e3272-assistant', '.e3272-panel']);
    await step('Begin again').click();
    await toConsent();
    await sidebar.consent();
    await assistant().getByText('Done: the stick is what it was to become.').waitFor();
    await state('AT ports');
    await looksRight('done', ['.e3272-assistant', '.e3272-panel']);
    await sidebar.closeAssistant();
    await button('Seen').click();
  });

  it('as a modem that is shown and asked', async () => {
    await button('Show its status').click();
    await card().locator('.e3272-bars:visible').waitFor();
    await looksRight('modem');
    await button('AT console').click();
    await page.locator('.e3272-console input[type=text]').fill('AT+CSQ');
    await page.keyboard.press('Enter');
    await page.locator('.e3272-lines li[data-kind=ok]').waitFor();
    await looksRight('console');
    await page.locator('.e3272-console').getByRole('button', { name: 'Back' }).click();
    await page.locator('.e3272-health').getByRole('button', { name: 'Check' }).click();
    await page.locator('.e3272-findings li').first().waitFor();
    await looksRight('health');
    assert.deepEqual(editor.complaints, []);
  });
});
