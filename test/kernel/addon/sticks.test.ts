/**
 * Node-RED in an add-on of Home Assistant: one process, started without a stick, in which everything comes by hot-plug. The
 * system outside switches sticks (its usb_modeswitch, by udev) and gives interfaces their addresses.
 */

import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobReport } from '../../../src/flash/events';
import { RedProcess } from '../../nodes/red-process';
import type { FlowNode, Message } from '../../nodes/runtime';
import { atNode, flashNode, smsInNode, smsOutNode, stickNode } from '../../nodes/sticks';
import { e3272, startInAddon } from '../addon-shape';
import { BusStick, PORT_PATH, QUICK } from '../bus-stick';
import { assertConverted, SMALL } from '../journey';
import type { Line } from '../json-lines';
import { interfaceOf, must, udhcpc } from '../lan';

const SWITCH_RULE = '/etc/udev/rules.d/40-usb_modeswitch.rules';
const NUMBER = '+491713920000';
const USER_DIR = '/var/tmp/addon-config';

const FLOW: FlowNode[] = [
  { id: 'tab', type: 'tab', label: 'tab' },
  stickNode(PORT_PATH),
  ...[
    { id: 'detect', type: 'e3272-detect', stick: 'stick', auto: false },
    { id: 'modeswitch', type: 'e3272-modeswitch', stick: 'stick', message: 'new', timeout: '' },
    {
      id: 'status',
      type: 'e3272-status',
      stick: 'stick',
      every: 5,
      signal: true,
      network: true,
      sim: true,
      threshold: 3,
    },
    { id: 'ussd', type: 'e3272-ussd', stick: 'stick', code: '' },
    smsInNode('in', { poll: 2 }),
    smsOutNode('out'),
    { ...atNode, commands: 'guarded', allow: '', dangerous: true, version: 2 },
    flashNode(),
  ].map((node) => ({ wires: [['sink'], ['sink']], ...node, z: 'tab' })),
  { id: 'catcher', type: 'catch', z: 'tab', scope: null, uncaught: false, wires: [['sink']] },
  { id: 'sink', type: 'junction', z: 'tab', wires: [[]] },
];

const comesAs = (mode: string) => (msg: Message) => {
  const { event, mode: now } = msg.payload as { event?: string; mode?: string };
  return (event === 'appeared' || event === 'changed') && now === mode;
};
const errorOf = (id: string) => (msg: Message) =>
  (msg as { error?: { source?: { id?: string } } }).error?.source?.id === id;
const isRegistered = ({ payload }: Message): boolean =>
  (payload as { network?: { registered?: boolean } }).network?.registered === true;

/** What an add-on cannot do, or Home Assistant OS does not have. */
const IMPOSSIBLE = /sudo|modprobe|udev|dialout|plugdev|adduser|ModemManager|usb_modeswitch|nmcli|npm |e3272\.rules/;

describe('Node-RED in an add-on of Home Assistant', () => {
  let stick: BusStick;
  let red: RedProcess;
  before(async () => {
    stick = BusStick.start();
    mkdirSync(USER_DIR, { recursive: true });
    red = await RedProcess.startOnBus(USER_DIR, FLOW, startInAddon);
  });
  after(async () => {
    await red.kill();
    await stick.stop();
  });

  /** Whether the system switches sticks. */
  async function systemSwitches(does: boolean): Promise<void> {
    if (does) rmSync(SWITCH_RULE, { force: true });
    else symlinkSync('/dev/null', SWITCH_RULE);
    await must('udevadm', 'control', '--reload');
  }

  async function bothWays(text: string): Promise<void> {
    stick.order({ do: 'sms', from: NUMBER, text });
    const isIt = ({ payload }: Message) => (payload as { text?: string }).text === text;
    assert.equal(((await red.output('in', 0, isIt)).payload as { from: string }).from, NUMBER);
    red.inject('out', { to: NUMBER, payload: `back: ${text}` });
    await stick.event((event) => event.what === 'sms' && event.to === NUMBER && event.whole === `back: ${text}`);
  }

  const doctor = async (): Promise<{ errors: string[]; lines: Line[] }> => {
    const { lines } = await e3272('doctor', '--patience', '8');
    const errors = lines.flatMap(({ id, level }) => (level === 'error' && id !== undefined ? [id] : []));
    assert.equal(lines.find(({ id }) => id === 'machine')?.['params'] instanceof Object, true, JSON.stringify(lines));
    for (const { cure } of lines) assert.doesNotMatch(cure ?? '', IMPOSSIBLE);
    return { errors, lines };
  };

  it('a CD-ROM is switched by the system: seen as it changes, and the node finds it done', async () => {
    // As long as on a real stick, or nobody can see it on a busy machine.
    await stick.fresh({ timing: { ...QUICK, switch: 2_000, webStart: 0, webAnswer: 1 } });
    // It has looked, and there is none: what comes now is news.
    red.inject('detect', {});
    await red.output('detect', 0, ({ payload }) => (payload as { event?: string }).event === 'absent');
    stick.plug();
    await red.output('detect', 0, comesAs('storage'));
    await red.output('detect', 0, comesAs('hilink'));
    red.inject('modeswitch', { payload: true });
    const { payload } = await red.output('modeswitch', 0);
    const { switched, by, to } = payload as { switched: boolean; by: string; to: string };
    assert.deepEqual([switched, by, to], [false, 'already', 'hilink']);
    assert.equal(stick.events.filter((event) => event.what === 'cbw' && event.effect !== undefined).length, 1);
  });

  it('in HiLink mode it tells its status, and SMS go both ways, on the network of the machine', async () => {
    await udhcpc(await interfaceOf(PORT_PATH), { route: true });
    await red.output('status', 0, isRegistered);
    await bothWays('Grüße aus dem Netz');
  });

  it('what nobody switches is said to be a matter of the system, by node, command and doctor', async () => {
    await systemSwitches(false);
    try {
      await stick.fresh({ timing: QUICK });
      await stick.plugged();
      red.inject('modeswitch', { payload: true });
      const caught = (await red.output('catcher', 0, errorOf('modeswitch'))) as unknown as {
        error: { code: string; cause: { reason: string; message: string; hint: string } };
      };
      // Not at the same time: the stick is held while the system has its time.
      const { result } = await e3272('switch');
      for (const { code, reason, message, hint } of [result, { code: caught.error.code, ...caught.error.cause }]) {
        assert.equal(`${code}/${reason}`, 'NO_PERMISSION/addon', JSON.stringify(result));
        assert.match(`${message}`, /^This add-on of Home Assistant has no USB access/);
        assert.match(`${hint}`, /^Home Assistant OS switches sticks itself: plug it in again/);
      }
      const { errors, lines } = await doctor();
      assert.deepEqual(errors, ['usb-closed', 'is-storage'], JSON.stringify(lines));
    } finally {
      await systemSwitches(true);
    }
  });

  it('a switch that the system carries out meanwhile is one', async () => {
    // The system takes a while: the node has asked before, in vain.
    await stick.fresh({ timing: { ...QUICK, switch: 2_000 } });
    stick.plug();
    await red.output('detect', 0, comesAs('storage'));
    const { result } = await e3272('switch');
    assert.equal(result.ok, true, JSON.stringify(result));
    await stick.seen(({ mode }) => mode === 'hilink');
  });

  it('ports that come later are used: AT, status, USSD, SMS both ways, AT^SETPORT', async () => {
    await stick.fresh({ firmware: 'stick', setport: 'FF;10,12', timing: QUICK });
    await stick.plugged();
    await red.shows('at', 'status.ready');
    red.inject('at', { payload: 'AT+CGMM' });
    const isModel = ({ payload }: Message) => (payload as { lines?: string[] }).lines?.includes('E3272') === true;
    await red.output('at', 0, isModel);
    red.inject('ussd', { payload: '*100#' });
    const isBalance = ({ payload }: Message) => /Balance/.test(JSON.stringify(payload));
    await red.output('ussd', 0, isBalance);
    await bothWays('Grüße €uro');
    const { errors, lines } = await doctor();
    assert.deepEqual(errors, [], JSON.stringify(lines));
    red.inject('at', { payload: 'AT^SETPORT="FF;10,12,16"' });
    await stick.event((event) => event.what === 'setport');
    assert.equal((await stick.state()).setport, 'FF;10,12,16');
  });

  it('a conversion goes by the ports, with a warning that this is no place for it', async () => {
    await stick.fresh({ timing: QUICK });
    await stick.plugged({ bootPin: true });
    const [loader, firmware] = ['loader.bin', 'firmware.bin'].map((name) => join(USER_DIR, name)) as [string, string];
    writeFileSync(loader, SMALL.loader);
    writeFileSync(firmware, SMALL.firmware);
    red.inject('flash', { payload: 'go', loader, firmware, confirm: true });
    const report = (await red.output('flash', 0)).payload as JobReport;
    assert.equal(report.ok, true, JSON.stringify(report));
    await assertConverted(stick, report);
    const power = report.checks.find(({ id }) => id === 'power');
    assert.equal(power?.result, 'warned');
    assert.match(power.compared, /an add-on of Home Assistant: .* cannot bring back a stick that hangs/);
  });
});
