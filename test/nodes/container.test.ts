/**
 * Node-RED in a container: killed at any moment, and made anew with its user folder. The stick is in another process, whose
 * log says what reached it, whatever Node-RED believes.
 */

import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StickOptions } from '../../src/virtual/options';
import { MODEM, ServedSticks } from '../support/served';
import { tempFolder } from '../support/temp-folder';
import { RedProcess } from './red-process';
import type { FlowNode, Message } from './runtime';
import { stickNode } from './sticks';

const FROM = '+491701234567';
const RIGHT = '4711';
const WRONG = '1234';

const text = ({ payload }: Message): string => String((payload as { text?: string }).text);

describe('a Node-RED in a container', () => {
  let folder: string;
  let stick: ServedSticks;
  let red: RedProcess | undefined;
  let lives: number;

  beforeEach(() => {
    folder = tempFolder('container');
    mkdirSync(join(folder, 'life-0'));
    lives = 0;
  });
  afterEach(async () => {
    await red?.kill();
    await stick.close();
    rmSync(folder, { recursive: true });
  });

  const serve = async (more: Partial<StickOptions> = {}) => {
    stick = await ServedSticks.start([{ ...MODEM, ...more, timing: { sms: 1, simBusy: 0 } }]);
    stick.order({ do: 'plug' });
  };

  const flow = (): FlowNode[] => [
    { id: 'tab', type: 'tab', label: 'tab' },
    stickNode(stick.place),
    {
      id: 'in',
      type: 'e3272-sms-in',
      z: 'tab',
      stick: 'stick',
      remove: false,
      existing: true,
      wires: [['sink'], ['sink']],
    },
    { id: 'out', type: 'e3272-sms-out', z: 'tab', stick: 'stick', report: false, wires: [['sink'], []] },
    // What goes nowhere is not sent.
    { id: 'sink', type: 'junction', z: 'tab', wires: [[]] },
  ];

  /** The container is made anew: another machine, and the user folder, which is mounted at another place. */
  async function live(pin?: string): Promise<RedProcess> {
    await red?.kill();
    const userDir = join(folder, `life-${++lives}`);
    renameSync(join(folder, `life-${lives - 1}`), userDir);
    if (pin !== undefined) writeFileSync(join(userDir, 'flows_cred.json'), JSON.stringify({ stick: { pin } }));
    red = await RedProcess.start(userDir, join(folder, `machine-${lives}`), stick.place, flow());
    return red;
  }

  const pins = () => stick.log.filter(({ command }) => /^AT\+CPIN=/.test(String(command))).length;

  it('hands each message over once, and sends none again that was on its way', async () => {
    await serve();
    stick.order({ do: 'sms', from: FROM, text: 'was there' });
    const first = await live();
    assert.equal(text(await first.output('in', 0)), 'was there');
    stick.order({ do: 'sms', from: FROM, text: 'one' });
    await first.output('in', 0, (msg) => text(msg) === 'one');
    first.inject('out', { payload: 'to somebody', to: FROM });
    await stick.logged(({ what }) => what === 'sms');
    await first.kill();
    stick.order({ do: 'sms', from: FROM, text: 'meanwhile', store: 'ME' });
    for (const last of ['two', 'three']) {
      const next = await live();
      await next.shows('in', 'status.ready');
      stick.order({ do: 'sms', from: FROM, text: last });
      await next.output('in', 0, (msg) => text(msg) === last);
      const got = next.outputs('in', 0).map(text);
      assert.deepEqual(got, last === 'two' ? ['meanwhile', 'two'] : ['three']);
      // Whoever is killed between a message and its note hands it over again rather than never: this proves the note.
      next.inject('in', { payload: 'list' });
      await next.output('in', 1, ({ payload }) => (payload as { event?: string }).event === 'list');
    }
    assert.equal(stick.log.filter(({ what }) => what === 'sms').length, 1, 'what was really sent');
  });

  it('tries a refused PIN once, in all its lives', async () => {
    await serve({ sim: { state: 'pin', pin: RIGHT } });
    for (let life = 1; life <= 3; life++) {
      const before = stick.log.length;
      await live(WRONG);
      // Asked for behind the PIN.
      await stick.logged(({ command }) => /^AT\+CIMI/.test(String(command)), before);
      assert.equal(pins(), 1, `life ${life}`);
      assert.equal(stick.stick.sim.pinTries, 2);
    }
    stick.order({ do: 'sms', from: FROM, text: 'hello' });
    const last = await live(RIGHT);
    assert.equal(text(await last.output('in', 0)), 'hello');
    assert.equal(pins(), 2);
  });
});
