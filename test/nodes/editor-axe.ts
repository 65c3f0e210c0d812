/** axe-core in the page of the editor. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { packageRoot } from './package-root';

declare const axe: {
  run(
    root: string | object,
    options: object,
  ): Promise<{
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
    passes: { id: string; nodes: unknown[] }[];
  }>;
};

const AXE = readFileSync(join(packageRoot, 'node_modules/axe-core/axe.min.js'), 'utf8');

/** Resolves when none of `roots` moves any more: a tray slides in, and what is outside of the window axe does not look at. */
const settled = (page: Page, roots: readonly string[]): Promise<void> =>
  page.evaluate(async (wanted) => {
    const places = () =>
      wanted.map((root) => JSON.stringify(document.querySelector(root)?.getBoundingClientRect() ?? null)).join();
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let [still, last] = [0, '']; still < 5; ) {
      await frame();
      const now = places();
      still = now === last ? still + 1 : 0;
      last = now;
    }
  }, roots);

/** Findings of axe in what `roots` select, one line each; contrast is really looked at, of `least` texts at least. */
export async function findings(page: Page, roots: readonly string[], least = 1): Promise<string[]> {
  await page.addScriptTag({ content: AXE });
  // The editor's body has no height: axe would take everything for hidden.
  const style = await page.addStyleTag({ content: 'html,body{height:100vh!important;width:100vw!important}' });
  await settled(page, roots);
  const { violations, passes } = await page.evaluate(
    (include) => axe.run({ include: include.map((root) => [root]) }, { resultTypes: ['violations', 'passes'] }),
    [...roots],
  );
  await style.evaluate((element) => (element as Element).remove());
  const contrast = passes.find(({ id }) => id === 'color-contrast');
  assert.ok((contrast?.nodes.length ?? 0) >= least, 'axe has not looked at the contrast');
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}
