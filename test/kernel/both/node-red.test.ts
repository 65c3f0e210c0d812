/** The nodes in a real Node-RED on a real kernel: detect, switch, flash, AT, wired together, on the stick at the bus. */

import assert from 'node:assert/strict';
import type { JobReport } from '../../../src/flash/events';
import {
  deploy,
  type FlowNode,
  forget,
  inject,
  logsOf,
  type Message,
  output,
  outputs,
  startRuntime,
  statusesOf,
  tab,
} from '../../nodes/runtime';
import { atNode, flashNode, replaceMachine, stickNode } from '../../nodes/sticks';
import { BusStick, PORT_PATH, QUICK } from '../bus-stick';
import { figure } from '../guest';
import { assertConverted, SMALL, virtualMachine } from '../journey';

const detect: FlowNode = { id: 'detect', type: 'e3272-detect', stick: 'stick', auto: false };
const modeswitch: FlowNode = {
  id: 'modeswitch',
  type: 'e3272-modeswitch',
  stick: 'stick',
  message: 'new',
  timeout: '',
};
const eventIs = (event: string) => (msg: Message) => (msg.payload as { event?: string }).event === event;
/** Whether its time off the bus was seen depends on when the watcher looked. */
const comesAs = (mode: string) => (msg: Message) => {
  const payload = msg.payload as { event?: string; mode?: string };
  return (payload.event === 'appeared' || payload.event === 'changed') && payload.mode === mode;
};
const waitsFor = (act: string) => (msg: Message) => (msg.payload as { act?: string }).act === act;

describe('Node-RED on a real kernel', () => {
  let stick: BusStick;
  let restore: () => void;
  before(async () => {
    stick = BusStick.start();
    // The machine of the nodes, but for made-up files: the stick is a virtual one.
    restore = replaceMachine(virtualMachine());
    await startRuntime();
  });
  after(async () => {
    restore();
    await deploy([]);
    await stick.stop();
  });

  afterEach(function () {
    if (this.currentTest?.state !== 'failed') return;
    // What the nodes have done so far says where it stopped.
    for (const id of ['detect', 'modeswitch', 'flash', 'at']) {
      figure(`${id}: ${JSON.stringify([outputs(id), statusesOf(id), logsOf(id)]).slice(0, 2_000)}`);
    }
  });

  it('takes the stick from CD-ROM to AT with four nodes, and sees each step', async () => {
    await stick.fresh({ timing: QUICK });
    await deploy(tab([stickNode(PORT_PATH), detect, modeswitch, flashNode(), atNode]));
    // It has looked, and there is none: what comes now is news.
    inject('detect', {});
    await output('detect', 0, eventIs('absent'));
    stick.plug();
    await output('detect', 0, eventIs('appeared'));
    await stick.seen(({ mode }) => mode === 'storage');
    inject('modeswitch', { payload: true });
    const { payload } = await output('modeswitch');
    assert.deepEqual([(payload as { switched: boolean }).switched, (payload as { to: string }).to], [true, 'hilink']);
    await output('detect', 0, comesAs('hilink'));

    inject('flash', { payload: 'go', loader: SMALL.loader, firmware: SMALL.firmware, confirm: true });
    await output('flash', 1, waitsFor('boot-pin'));
    stick.act('boot-pin');
    const report = (await output('flash')).payload as JobReport;
    assert.equal(report.ok, true);
    await assertConverted(stick, report);

    inject('at', { payload: 'AT' });
    assert.equal(((await output('at')).payload as { final: string }).final, 'OK');
  });

  it('takes up by itself when the stick was pulled and comes back', async () => {
    forget();
    stick.unplug();
    await output('detect', 0, eventIs('vanished'));
    stick.plug();
    await output('detect', 0, eventIs('appeared'));
    await stick.seen(({ mode }) => mode === 'tty');
    inject('at', { payload: 'AT+CGMM' });
    const wanted = (msg: Message) => (msg.payload as { lines?: string[] }).lines?.includes('E3272') === true;
    assert.ok(await output('at', 0, wanted));
  });
});
