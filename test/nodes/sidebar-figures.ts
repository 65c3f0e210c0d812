/**
 * `npm run slow:sidebar`: what the sidebar costs, printed and not judged: bytes, the time to open it with 16 virtual sticks, and for
 * a minute of it, seen and hidden, the requests and the processor time of Node-RED and of the browser.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { Editor } from './editor-browser';
import { underTest } from './editor-red';
import { showSidebar } from './sidebar-page';

declare const RED: { sidebar: { show(id: string): void } };

const STICKS = 16;
const MINUTE_MS = 60_000;
/** Of a clock tick of the kernel; Linux tells processor time in these. */
const TICK_S = 0.01;

const say = (text: string) => process.stdout.write(`${text}\n`);

/** One stick is used by a node, as that costs most. */
const FLOWS = [
  { id: 'tab', type: 'tab', label: 'Flow' },
  ...Array.from({ length: STICKS }, (_, index) => [
    { id: `stick${index}`, type: 'e3272-stick', name: '', stick: `virtual-${index + 1}` },
    {
      id: `at${index}`,
      type: 'e3272-at',
      z: 'tab',
      stick: `stick${index}`,
      x: 200,
      y: 60 + index * 40,
      wires: [[], []],
    },
  ]).flat(),
];

/** Seconds of a processor that a process has used so far. */
function processSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_S;
}

function sizes(): void {
  for (const [what, file] of [
    ['sidebar', 'build/plugins/e3272/e3272.html'],
    ['assistant, loaded when opened', 'resources/e3272-assistant.js'],
  ] as const) {
    const bytes = readFileSync(join(underTest.package, file));
    say(`${what}: ${bytes.length} B, gzip ${gzipSync(bytes).length} B`);
  }
}

async function main(): Promise<void> {
  say(`Node-RED of ${underTest.name}`);
  sizes();
  const editor = await Editor.open(FLOWS, {});
  const { page } = editor;
  try {
    for (let i = 1; i <= STICKS; i++) {
      const body = JSON.stringify({ stick: `virtual-${i}`, order: 'plug' });
      const headers = { 'content-type': 'application/json' };
      await fetch(`${editor.url}e3272/panel/order`, { method: 'POST', headers, body });
    }
    await showSidebar(page);
    await page.evaluate(() => RED.sidebar.show('info'));
    // The jobs of switching them are over.
    await pause(MINUTE_MS / 2);
    const began = performance.now();
    await page.evaluate(() => RED.sidebar.show('e3272'));
    await page
      .locator('.e3272-card[data-stick]')
      .nth(STICKS - 1)
      .waitFor();
    say(`opening it with ${STICKS} sticks: ${Math.round(performance.now() - began)} ms`);
    let requests = 0;
    page.on('request', (request) => {
      if (request.url().includes('/e3272/')) requests++;
    });
    for (const [state, shown] of [
      ['seen', 'e3272'],
      ['hidden', 'info'],
    ] as const) {
      await page.evaluate((id) => RED.sidebar.show(id), shown);
      // Nobody looks: a minute later nothing is watched.
      if (state === 'hidden') await pause(MINUTE_MS + 5_000);
      requests = 0;
      const [red, browser] = [processSeconds(editor.pid), await editor.browserSeconds()];
      await pause(MINUTE_MS);
      const used = [processSeconds(editor.pid) - red, (await editor.browserSeconds()) - browser];
      say(
        `a minute ${state}: ${requests} requests, Node-RED ${used[0]?.toFixed(2)} s, browser ${used[1]?.toFixed(2)} s of a processor`,
      );
    }
  } finally {
    await editor.close();
  }
}

void main();
