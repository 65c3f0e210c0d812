/**
 * Each state of a job as the card and the assistant show it, in a real browser: what the runtime says is made up here, so that
 * states that last for a moment, or come only when something breaks, can be looked at.
 */

import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Card, JobLog, JobShown } from '../../plugins/e3272/shapes';
import { Editor } from './editor-browser';
import { openSidebar } from './sidebar-page';

const STICK: Card = {
  ...{ stick: '1-1.4', virtual: false, product: 'E3272', id: '12d1:1442', used: false },
  ...{ station: 'loader', status: 'loader', orders: ['cancel'] },
};
const PROGRESS = { done: 25_200_000, total: 60_000_000, rate: 1_200_000, left: 29, image: { index: 1, count: 5 } };
const job = (more: Partial<JobShown> = {}): JobShown => ({
  stage: 'write',
  text: 'Writing the images.',
  ago: 1,
  ...more,
});

describe('editor, the states of a job', () => {
  let editor: Editor;
  let page: Page;
  let card: Card = STICK;
  let log: JobLog = { lines: [], checks: [] };

  const shown = () => page.locator('.e3272-card[data-stick="1-1.4"]');
  const assistant = () => page.locator('.e3272-assistant');

  /** What the runtime says from now on; resolves when it is shown. */
  async function state(more: Partial<Card>): Promise<void> {
    card = { ...STICK, ...more };
    const came = page.waitForResponse((answer) => answer.url().endsWith('/e3272/panel'));
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await came;
  }

  async function open(language: string): Promise<void> {
    await page.evaluate((wanted) => localStorage.setItem('editor-language', wanted), language);
    await openSidebar(page, editor.url);
    await shown().waitFor();
  }

  before(async () => {
    editor = await Editor.open([]);
    ({ page } = editor);
    await page.route('**/e3272/panel', (route) => route.fulfill({ json: { rev: 1, cards: [card] } }));
    await page.route('**/e3272/panel/1-1.4/job?*', (route) => {
      const after = Number(new URL(route.request().url()).searchParams.get('after'));
      return route.fulfill({ json: { ...log, lines: log.lines.filter(({ no }) => no > after) } });
    });
    card = { ...STICK, job: job({ progress: PROGRESS }) };
    await open('en-US');
  });

  after(() => editor?.close());

  it('on the card: how far, how fast, how long, and what is read out', async () => {
    const figures = shown().locator('.e3272-job .e3272-quiet');
    await figures
      .filter({ hasText: '42 % \u00b7 image 2 of 5 \u00b7 25.2 of 60.0 MB \u00b7 1.2 MB/s \u00b7 29 s left' })
      .waitFor();
    await shown()
      .locator('.e3272-unseen[role=status]', { hasText: /^25 %$/ })
      .waitFor({ state: 'attached' });
    await state({ job: job({ progress: { ...PROGRESS, done: 57_600_000 } }) });
    await figures.filter({ hasText: '96 %' }).waitFor();
    assert.doesNotMatch(await figures.innerText(), /left/);
  });

  it('on the card: a modem, its figures, and the hour behind it', async () => {
    const points = Array.from(
      { length: 60 },
      (_, i) => [3_540 - i * 60, -97 + Math.round(4 * Math.sin(i / 6))] as const,
    );
    await state({
      ...{ station: 'at', status: 'ready', used: true, orders: ['restart', 'release'] },
      modem: {
        ...{ bars: 4, operator: 'Test operator', pinTries: 3, messages: { used: 2, total: 20 }, ago: 4 },
        figures: [
          { label: 'RSRP', text: '-97 dBm' },
          { label: 'SINR', text: '12 dB' },
        ],
        chart: { label: 'RSRP', points },
      },
    });
    await shown().getByRole('img', { name: '4 bars of 5' }).waitFor();
    await shown()
      .getByText('RSRP -97 dBm \u00b7 SINR 12 dB \u00b7 PIN: 3 tries left \u00b7 2 of 20 messages stored')
      .waitFor();
    await shown()
      .getByText(/^RSRP -\d+ dBm, between -101 and -93 dBm in the last hour\.$/)
      .waitFor();
    await editor.picture('sidebar', 'sidebar');
  });

  it('on the card: a job that says nothing any more, unless a person has to act', async () => {
    await state({ job: job({ ago: 27 }) });
    await shown().getByText('Nothing from the job for 20 s.').waitFor();
    await state({ job: job({ ago: 27, wait: 'boot-pin' }) });
    await shown().getByText('Nothing from the job').waitFor({ state: 'hidden' });
  });

  it('on the card: a write that was begun and not completed, and who has the stick', async () => {
    await state({ unfinished: ['system', 'userdata'], holder: 'mode switch' });
    await shown().getByText('Do not use it: write the same file again. Missing: system, userdata.').waitFor();
    await shown().getByText('In use: a mode switch.').waitFor();
    await state({ holder: 'minicom' });
    await shown().getByText('In use: minicom.').waitFor();
    await shown().getByText('Do not use it').waitFor({ state: 'hidden' });
  });

  it('in the assistant: the hands’ turn with a countdown, and what is seen of the stick', async () => {
    await state({ station: 'hilink', job: job({ stage: 'boot-pin', wait: 'boot-pin', waitLeft: 605 }) });
    await shown().getByRole('button', { name: 'Show the job' }).click();
    const timer = assistant().locator('[role=timer]');
    await timer.getByText(/^Time left for that: 10:0\d$/).waitFor();
    const first = await timer.innerText();
    await page.waitForFunction((before) => document.querySelector('[role=timer]')?.textContent !== before, first);
    await assistant().getByText('I see: HiLink. Unplug it.').waitFor();
    const { id: _, ...gone } = STICK;
    const unplugged = { ...gone, station: 'unplugged' as const };
    card = { ...unplugged, job: job({ stage: 'boot-pin', wait: 'boot-pin', waitLeft: 65 }) };
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await assistant().getByText('I see: unplugged.').waitFor();
    await assistant().getByText('You may close this and the browser.', { exact: true }).waitFor();
    await timer.getByText(/^Time left for that: 1:0\d$/).waitFor();
    await editor.picture('assistant-pin', 'dialog');
    card = { ...unplugged, job: job({ stage: 'reset' }) };
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await assistant().getByText('I see: gone from the bus. It restarts.').waitFor();
    await timer.waitFor({ state: 'hidden' });
    await state({ station: 'at', job: job({ stage: 'reset' }) });
    await assistant().getByText('I see: AT ports.').waitFor();
    await state({ job: job() });
    await assistant().getByText('I see:').waitFor({ state: 'hidden' });
  });

  it('in the assistant: a cancel that is under way, whoever has asked for it', async () => {
    await state({ job: job({ cancelling: true }) });
    const button = assistant().getByRole('button', { name: 'It ends at the next safe point...' });
    await button.waitFor();
    assert.equal(await button.isDisabled(), true);
    assert.equal(await shown().getByRole('button', { name: 'Cancel the job' }).isDisabled(), true);
    await state({ job: job() });
    assert.equal(await assistant().getByRole('button', { name: 'Cancel at the next safe point' }).isDisabled(), false);
  });

  it('in the assistant: the end with its code, where the stick is now, and the raw log', async () => {
    const error = {
      code: 'STICK_GONE',
      reason: 'left',
      params: { stick: '1-1.4' },
      message: 'It left.',
      hint: 'Look.',
    };
    log = {
      lines: [{ no: 1, at: 2.25, text: 'Writing image 1.', kind: 'stage' }],
      checks: [],
      report: { ok: false, dryRun: false, ttys: [], plan: [], did: [], warnings: [], error },
    };
    // The end is known before the card says so.
    await state({ station: 'loader', job: job() });
    await assistant().getByText('STICK_GONE/left').waitFor();
    await assistant().getByText('The stick now: loader. A loader runs on it and waits for firmware.').waitFor();
    await state({ station: 'boot', job: job({ ended: { ok: false, dryRun: false, error } }) });
    await assistant().getByText('boot ROM. It waits in its boot ROM for a loader. Convert it.').waitFor();
    const line = assistant().locator('details li', { hasText: 'Writing image 1.' });
    await line.waitFor({ state: 'hidden' });
    await assistant().getByText('Raw log').click();
    await line.waitFor();
    assert.match(await line.innerText(), /2\.3 s/);
    await page.locator('#e3272-assistant-close').click();
    await page.locator('.red-ui-tray').waitFor({ state: 'detached' });
  });

  it('in German: what the job does, and who has the stick, have German words', async () => {
    card = { ...STICK, holder: 'convert job', job: job({ text: 'Writing the images.' }) };
    await open('de');
    await shown().getByText('schreibt', { exact: true }).waitFor();
    await shown().getByText('eine Konvertierung').waitFor();
    assert.doesNotMatch(await shown().innerText(), /Writing|convert job/);
  });

  it('in German: what the doctor found, and English where there are no words for it', async () => {
    const found = (id: string, text: string) => ({ id, level: 'error', params: { stick: '1-1.4' }, text, cure: 'Do.' });
    const findings = [found('sim-pin', 'The SIM card wants its PIN.'), found('of-tomorrow', 'Something new.')];
    await page.route('**/e3272/panel/health', (route) => route.fulfill({ json: { findings, guarded: true } }));
    await page.getByRole('button', { name: 'Prüfen' }).click();
    const row = (text: string) => page.locator('.e3272-findings p', { hasText: text });
    await row('Die SIM-Karte des Sticks an 1-1.4 verlangt ihre PIN.').waitFor();
    await row('SIM-PIN setzen in den Einstellungen des Sticks').waitFor();
    assert.equal(await row('Something new.').getAttribute('lang'), 'en');
    assert.equal(await row('Die SIM-Karte').getAttribute('lang'), null);
    assert.deepEqual(editor.complaints, []);
  });
});
