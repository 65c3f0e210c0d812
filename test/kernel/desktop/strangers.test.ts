/** Programs of Debian's on a desktop: udev's own rules for the stick, and ModemManager. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { createLocalHost } from '../../../src/host/local';
import { watchSticks } from '../../../src/stick/watch';
import { BusStick, QUICK } from '../bus-stick';
import { convertOnBus, ttyOf, virtualMachine } from '../journey';
import { row, run } from '../strangers';

const MODEM = { firmware: 'stick', setport: 'FF;10,12', timing: { ...QUICK, urcEvery: 20_000 } } as const;
const RULES = '/etc/udev/rules.d/77-e3272.rules';
const SWITCH_RULE = '/etc/udev/rules.d/40-usb_modeswitch.rules';
const PATIENCE_MS = 90_000;

/** ModemManager and its log. */
class Manager {
  readonly #child: ChildProcess;
  log = '';

  constructor() {
    this.#child = spawn('ModemManager', ['--debug'], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.log += chunk.toString();
      });
    }
  }

  /** Lines of its log that are worse than information. */
  get warnings(): string[] {
    return this.log.split('\n').filter((line) => /<(warn|error)>|\[[\d.]+\] \[?(warn|err)/i.test(line));
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}

/** Asks `mmcli` until `wanted` is content with its answer. */
async function mmcli(args: string[], wanted: (text: string) => boolean): Promise<string> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const { text } = await run('mmcli', args);
    if (wanted(text)) return text;
    assert.ok(performance.now() < end, `mmcli ${args.join(' ')} still says:\n${text}`);
    await pause(500);
  }
}

describe('strangers on a desktop', function () {
  this.timeout(240_000);
  let stick: BusStick;
  before(() => {
    stick = BusStick.start();
  });
  after(() => stick.stop());

  it('the rule of usb_modeswitch switches the stick while our watcher looks on', async () => {
    rmSync(SWITCH_RULE, { force: true });
    await run('udevadm', ['control', '--reload']);
    const seen: string[] = [];
    const watch = watchSticks(createLocalHost(), (change) => {
      if (change.stick) seen.push(change.stick.device.productId.toString(16));
    });
    try {
      await stick.fresh({ timing: QUICK });
      stick.plug();
      await stick.seen(({ device }) => device.productId === 0x14db);
      assert.ok(stick.events.some((e) => e.what === 'cbw' && e.cdb.startsWith('1106')));
      while (seen.at(-1) !== '14db') await pause(100);
      assert.equal(seen[0], '1f01');
      await row(
        'usb_modeswitch',
        'usb-modeswitch',
        'its udev rule, when the stick is plugged in',
        '1f01 comes back as 14db',
      );
    } finally {
      watch.stop();
      writeFileSync(SWITCH_RULE, '');
      await run('udevadm', ['control', '--reload']);
    }
  });

  describe('ModemManager', () => {
    let manager: Manager;
    beforeEach(() => {
      manager = new Manager();
    });
    afterEach(() => manager.stop());

    it('takes the stick for a modem and knows all about it', async () => {
      await stick.fresh(MODEM);
      await stick.plugged();
      const text = await mmcli(['-m', 'any'], (said) =>
        /state: .*registered|state: .*enabled|state: .*disabled/.test(said),
      );
      for (const wanted of [/manufacturer: huawei/i, /model: E3272/, /revision: 21\./, /equipment id: \d{15}/]) {
        assert.match(text, wanted);
      }
      for (const wanted of [/supported: .*allowed: /, /unlock retries: .*sim-pin/, /primary sim path: /]) {
        assert.match(text, wanted);
      }
      assert.deepEqual(manager.warnings, []);
      await row(
        'ModemManager',
        'modemmanager',
        'mmcli -m',
        'manufacturer, model, revision, IMEI, modes, unlock retries, SIM',
      );
    });
  });
});

void [copyFileSync, readFileSync, RULES, ttyOf, convertOnBus, virtualMachine];
