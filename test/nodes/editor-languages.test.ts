/** The sidebar in each language, in a real browser: at the size that 5.0 gives it nothing is cut off. */

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Editor } from './editor-browser';
import { packageRoot } from './package-root';
import { openSidebar } from './sidebar-page';

const LANGUAGES = readdirSync(join(packageRoot, 'plugins/e3272/locales'));

/** A virtual stick that is not plugged in: it has a card with buttons. */
const FLOWS = [
  { id: 'tab', type: 'tab', label: 'Flow' },
  { id: 'stick', type: 'e3272-stick', name: '', stick: 'virtual-1' },
  { id: 'node', type: 'e3272-at', z: 'tab', name: '', stick: 'stick', x: 200, y: 60, wires: [[], []] },
];

describe('editor, the sidebar in each language', () => {
  let editor: Editor;
  before(async () => {
    editor = await Editor.open(FLOWS);
  });

  after(() => editor?.close());

  for (const language of LANGUAGES) {
    it(`${language}: says so, and fits into 294 px`, async () => {
      const { page } = editor;
      await page.evaluate((wanted) => localStorage.setItem('editor-language', wanted), language);
      await openSidebar(page, editor.url);
      await page.locator('.e3272-card[data-stick="virtual-1"]').waitFor();
      const { lang, wide } = await page.locator('.e3272-panel').evaluate((panel) => {
        panel.style.width = '294px';
        const parts: Element[] = [panel, ...panel.querySelectorAll('div, section, p, ol, li, button, h3')];
        return {
          lang: panel.closest<HTMLElement>('[lang]')?.lang,
          wide: parts.filter((part) => part.scrollWidth > part.clientWidth + 1).map(({ textContent }) => textContent),
        };
      });
      assert.equal(lang, language);
      assert.deepEqual(wide, []);
    });
  }
});
