/** The sidebar of a page, one stick's card in it, and its convert assistant: what the browser tests press and read. */

import type { Locator, Page } from 'playwright-core';

declare const RED: {
  sidebar: { show(id: string): void; containsTab(id: string): boolean };
  nodes: { version?(): string; eachNode(fn: (node: { type: string }) => void): void };
};

/** Opens the editor and shows the sidebar; resolves when both are there. */
export async function openSidebar(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await showSidebar(page);
}

/** In an editor that is being loaded, or behind a login that was just given. */
export async function showSidebar(page: Page): Promise<void> {
  await page.waitForFunction(
    () => typeof RED === 'object' && RED.nodes?.version?.() && RED.sidebar.containsTab('e3272'),
  );
  await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
  await page.evaluate(() => RED.sidebar.show('e3272'));
}

export class SidebarPage {
  readonly stick: string;
  clicks = 0;
  readonly #page: () => Page;

  /** `page`: asked when it is used, for a test that has none yet. */
  constructor(page: () => Page, stick = 'virtual-1') {
    this.#page = page;
    this.stick = stick;
  }

  get page(): Page {
    return this.#page();
  }

  card = (at = this.page): Locator => at.locator(`.e3272-card[data-stick="${this.stick}"]`);

  button = (text: string, at = this.page): Locator => this.card(at).getByRole('button', { name: text, exact: true });

  assistant = (at = this.page): Locator => at.locator('.e3272-assistant');

  /** A button of the assistant. */
  step = (text: string, at = this.page): Locator => this.assistant(at).getByRole('button', { name: text, exact: true });

  state = (text: string | RegExp, at = this.page): Promise<void> =>
    this.card(at).locator('.e3272-state', { hasText: text }).waitFor();

  /** A click that counts. */
  press = async (what: Locator): Promise<void> => {
    this.clicks++;
    await what.click();
  };

  /** Puts down the flow of `count` nodes that is under the mouse; resolves with their types, sorted. */
  placeFlow = async (count: number): Promise<string[]> => {
    await this.page
      .locator('#red-ui-workspace-chart svg')
      .first()
      .click({ position: { x: 200, y: 120 } });
    await this.page
      .locator('.red-ui-flow-node-group')
      .nth(count - 1)
      .waitFor();
    return this.page.evaluate(() => {
      const found: string[] = [];
      RED.nodes.eachNode(({ type }) => found.push(type));
      return found.sort();
    });
  };

  /** Waits until Next can be pressed, and presses it. */
  next = (): Promise<void> => this.press(this.step('Next'));

  /** Types the place of the stick, and presses the button that begins. */
  consent = async (): Promise<void> => {
    await this.assistant().locator('.e3272-step input[type=text]').fill(this.stick);
    await this.press(this.step('Write the firmware'));
  };

  closeAssistant = async (): Promise<void> => {
    await this.page.locator('#e3272-assistant-close').click();
    await this.page.locator('.red-ui-tray').waitFor({ state: 'detached' });
  };
}
