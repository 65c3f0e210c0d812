/** A Node-RED in a process of its own, and its editor in headless Chromium. */

import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { FLOW_FILE, startRed, underTest } from './editor-red';

/** The parts of the editor's own API that the tests call in the page. */
declare const RED: {
  nodes: {
    eachNode(fn: (node: EditorNode) => void): void;
    eachConfig(fn: (node: EditorNode) => void): void;
    node(id: string): EditorNode;
    getType(type: string): { defaults: Record<string, { value: unknown }> };
    import(nodes: object[]): void;
  };
  editor: { edit(node: EditorNode): void; editConfig(name: string, type: string, id: string): void };
  sidebar: { show(id: string): void; help: { show(type: string): void } };
  workspaces: { show(id: string): void };
};

interface EditorNode {
  id: string;
  type: string;
  name?: string;
  z?: string;
  stick?: string;
  valid?: boolean;
}

const BROWSERS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/google-chrome'];

function browserPath(): string {
  const found = [process.env.CHROMIUM ?? '', ...BROWSERS].find((path) => path !== '' && existsSync(path));
  assert.ok(found, 'The editor tests need Chromium: apt-get install chromium-headless-shell, or name one in CHROMIUM.');
  return found;
}

export const shownText = async (element: Locator): Promise<string> => (await element.textContent()) ?? '';

/** An attribute selector: ids of flow nodes may begin with a digit. */
const byId = (id: string) => `[id="${id}"]`;

/** Whether only code of Node-RED itself was at work: 5.0 throws on a loaded machine now and then while it loads. */
function isCore(stack: string): boolean {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return frames.length > 0 && frames.every((line) => /\/(red|vendor)\//.test(line));
}

export class Editor {
  readonly page: Page;
  /** Errors and warnings of the browser's console, uncaught exceptions, and failed requests. */
  readonly complaints: string[] = [];
  /** Texts of all statuses that the editor was sent, also of those that stood for less than a picture. */
  readonly statuses: string[] = [];
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #browser: Browser;
  readonly #folder: string;
  /** How it looks, as for names of pictures: `dark`. */
  readonly #look = process.env.E3272_LOOK ?? '';
  #closed: Promise<number | null> | undefined;

  private constructor(page: Page, url: string, child: ChildProcess, browser: Browser, folder: string) {
    this.page = page;
    this.url = url;
    this.#child = child;
    this.#browser = browser;
    this.#folder = folder;
    page.on('console', (m) => {
      if (m.type() === 'error' || m.type() === 'warning') this.complaints.push(`console: ${m.text()}`);
    });
    page.on('pageerror', ({ message, stack = '' }) => {
      if (!isCore(stack)) this.complaints.push(`exception: ${message}\n${stack}`);
    });
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => {
        for (const [, text = ''] of String(payload).matchAll(/"text":"([^"]*)"/g)) this.statuses.push(text);
      });
    });
    page.on('response', (r) => {
      if (r.status() >= 400) this.complaints.push(`${r.status()} ${r.url()}`);
    });
  }

  /**
   * Starts both, and opens the editor with its debug sidebar; with `flows` in the place of those of `npm start`, and with
   * `settings` of Node-RED in the place of its settings.
   */
  static async open(flows?: object[], settings?: object): Promise<Editor> {
    const folder = mkdtempSync(join(tmpdir(), 'e3272-editor-'));
    if (flows) writeFileSync(join(folder, FLOW_FILE), JSON.stringify(flows));
    const { child, url } = await startRed(folder, settings);
    const browser = await chromium.launch({ executablePath: browserPath(), args: ['--no-sandbox'] });
    const page = await browser.newPage({ viewport: { width: 1400, height: 960 } });
    page.setDefaultTimeout(60_000);
    const editor = new Editor(page, url, child, browser, folder);
    try {
      await page.addInitScript((look) => localStorage.setItem('view-dark-theme', look), editor.#look || 'light');
      await page.goto(url);
      if (flows?.length !== 0) await page.locator('.red-ui-flow-node-group').first().waitFor();
      if (!flows) await page.evaluate(() => RED.sidebar.show('debug'));
      return editor;
    } catch (error) {
      // Nobody else knows of the two processes.
      await editor.close();
      throw error;
    }
  }

  /** Of the process that {@link startRed} has started: Node-RED itself, where it got settings. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Seconds of a processor that all processes of the browser have used so far. */
  async browserSeconds(): Promise<number> {
    const session = await this.#browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    await session.detach();
    return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  }

  /** Another browser, with nothing of this one in it. */
  async secondPage(): Promise<Page> {
    const page = await this.#browser.newPage({ viewport: { width: 1400, height: 960 } });
    page.setDefaultTimeout(60_000);
    return page;
  }

  /** Stops Node-RED as Ctrl-C does. Resolves with the exit code of `npm start`; a second call does nothing more. */
  close(): Promise<number | null> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<number | null> {
    await this.#browser.close();
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGINT');
    const [code] = await exited;
    rmSync(this.#folder, { recursive: true, force: true });
    return code;
  }

  /** Id of the node with this name, or of the first one of this type, on the tab that is shown first. */
  idOf(nameOrType: string): Promise<string> {
    return this.page.evaluate((wanted) => {
      const found: EditorNode[] = [];
      const look = (n: EditorNode) => {
        if (n.name === wanted || n.type === wanted) found.push(n);
      };
      RED.nodes.eachNode(look);
      RED.nodes.eachConfig(look);
      return found[0]?.id ?? '';
    }, nameOrType);
  }

  /** Presses the button of an inject node. */
  async press(name: string): Promise<void> {
    await this.page.locator(`${byId(await this.idOf(name))} .red-ui-flow-node-button-button`).click();
  }

  /** Waits until the status of a node reads `text`. */
  async status(nameOrType: string, text: string | RegExp): Promise<void> {
    const label = this.page.locator(`${byId(await this.idOf(nameOrType))} .red-ui-flow-node-status-label`);
    await label.filter({ hasText: text }).waitFor();
  }

  /** The last message of a debug node in the sidebar; waits for one. */
  async debug(name: string): Promise<string> {
    const message = this.page.locator('.red-ui-debug-msg', { hasText: `node: ${name}` }).last();
    return shownText(message.locator('.red-ui-debug-msg-payload'));
  }

  /** Puts a node with its default settings on the first tab, for the stick that is there. */
  async add(type: string): Promise<void> {
    const beside = await this.idOf('e3272-at');
    await this.page.evaluate(
      ([wanted, id]) => {
        const { z, stick } = RED.nodes.node(id);
        const { defaults } = RED.nodes.getType(wanted);
        const settings = Object.fromEntries(Object.entries(defaults).map(([name, { value }]) => [name, value]));
        RED.nodes.import([{ ...settings, id: `added-${wanted}`, type: wanted, z, stick, x: 900, y: 100, wires: [] }]);
      },
      [type, beside] as const,
    );
  }

  /** Puts `flows` in the place of those that run, and opens the editor anew. */
  async replaceFlows(flows: object[]): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${this.url}flows`, { method: 'POST', headers, body: JSON.stringify(flows) });
    assert.equal(answer.status, 204);
    await this.page.reload();
    await this.page.locator('.red-ui-flow-node-group').first().waitFor();
  }

  /** Opens the dialog of a node, on its tab; resolves with the form. */
  async edit(nameOrType: string): Promise<Locator> {
    return this.editById(await this.idOf(nameOrType));
  }

  async editById(id: string): Promise<Locator> {
    await this.page.evaluate((wanted) => {
      const node = RED.nodes.node(wanted);
      RED.workspaces.show(node.z ?? '');
      RED.editor.edit(node);
    }, id);
    return this.#dialog();
  }

  async editStick(id?: string): Promise<Locator> {
    const wanted = id ?? (await this.idOf('e3272-stick'));
    await this.page.evaluate((node) => RED.editor.editConfig('', 'e3272-stick', node), wanted);
    return this.#dialog();
  }

  async #dialog(): Promise<Locator> {
    // The tray slides in: a click would wait until it stands still.
    await this.page.locator('.red-ui-tray-toolbar .primary').last().click({ trial: true });
    return this.page.locator('.red-ui-tray-body form:visible').first();
  }

  /** Saves or leaves the dialog that is open. */
  async leave(button: 'ok' | 'cancel', config = false): Promise<void> {
    await this.page.locator(`#node-${config ? 'config-' : ''}dialog-${button}`).click();
    await this.page.locator('.red-ui-tray').waitFor({ state: 'detached' });
  }

  async deploy(): Promise<void> {
    const done = this.page.waitForResponse((r) => r.url().endsWith('/flows') && r.request().method() === 'POST');
    await this.page.locator('#red-ui-header-button-deploy').click();
    assert.equal((await done).status(), 200);
  }

  /** Headings of the help of a type, as the help sidebar shows it. */
  async helpSections(type: string): Promise<string[]> {
    await this.page.evaluate((name) => RED.sidebar.help.show(name), type);
    const headings = this.page.locator('.red-ui-help h3:visible');
    await headings.filter({ hasText: 'Details' }).waitFor();
    return headings.allInnerTexts();
  }

  /** A picture of the page as it is now, to be looked at: where the environment names a folder for them. */
  shot(name: string): Promise<void> {
    return this.shotOf(this.page, name);
  }

  /** Of another page than its own. */
  async shotOf(page: Page, name: string): Promise<void> {
    const folder = process.env.E3272_SHOTS;
    if (!folder) return;
    const of = [underTest.name.replace('/', '-'), this.#look, name].filter(Boolean).join('-');
    await page.screenshot({ path: join(folder, `${of}.png`) });
  }

  /** A picture of the page, or of the dialog, for the documentation: where the environment names a folder for them. */
  async picture(name: string, what: 'page' | 'dialog' | 'sidebar' = 'page'): Promise<void> {
    const folder = process.env.E3272_PICTURES;
    if (!folder) return;
    const options = { path: join(folder, `${name}.png`) };
    if (what === 'sidebar') await this.page.locator('.e3272-card').first().screenshot(options);
    else if (what === 'page') {
      await this.page.locator('.red-ui-notification').last().waitFor({ state: 'hidden' });
      await this.page.screenshot(options);
    } else await this.page.locator('.red-ui-tray').last().screenshot(options);
  }
}
