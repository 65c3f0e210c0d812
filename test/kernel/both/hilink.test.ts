/**
 * A stick in HiLink mode on a real kernel: `cdc_ether` makes its network, a DHCP client of the system gets the address, and
 * the driver finds the web server through sysfs. Its log is the witness of what has reached it.
 */

import assert from 'node:assert/strict';
import { rmSync, symlinkSync } from 'node:fs';
import { createLocalHost } from '../../../src/host/local';
import type { StickEvent } from '../../../src/virtual/events';
import {
  deploy,
  type FlowNode,
  inject,
  type Message,
  output,
  outputs,
  startRuntime,
  statusesOf,
  tab,
} from '../../nodes/runtime';
import { replaceMachine, smsInNode, smsOutNode, stickNode } from '../../nodes/sticks';
import { BusStick, PORT_PATH, QUICK } from '../bus-stick';
import { figure } from '../guest';
import { virtualMachine } from '../journey';
import { interfaceOf, must, networkd, udhcpc } from '../lan';
import type { LanAsk, LanTold } from '../lan-user';
import { row } from '../strangers';

const DESKTOP = process.env['E3272_PROFILE'] === 'desktop';
const SWITCH_RULE = '/etc/udev/rules.d/40-usb_modeswitch.rules';
const NUMBER = '+491713920000';
const WEB = '192.168.8.1';

const detect: FlowNode = { id: 'detect', type: 'e3272-detect', stick: 'stick', auto: !DESKTOP, message: 'new' };
const status: FlowNode = {
  ...{ id: 'status', type: 'e3272-status', name: '', stick: 'stick', every: 5, threshold: 3 },
  ...{ signal: true, network: true, sim: true, data: false, temperature: false, identity: true },
};

const requests = (stick: BusStick): number => stick.events.filter(({ what }) => what === 'request').length;
const leased = (event: StickEvent): boolean => event.what === 'lease';

/** In HiLink mode at once, as after a switch. */
async function inHilink(stick: BusStick, seed: number): Promise<void> {
  await stick.fresh({ timing: { ...QUICK, webStart: 0, webAnswer: 1 }, seed });
  stick.order({ fault: 'othermode', at: 'enumerate', mode: 'hilink' });
  await stick.plugged();
  await interfaceOf(stick.portPath);
  // It has another name soon after it has come.
  if (DESKTOP) await must('udevadm', 'settle');
}

describe('a stick in HiLink mode on a real kernel', () => {
  let stick: BusStick;
  let end: (() => Promise<void>) | undefined;
  before(() => {
    stick = BusStick.start();
  });
  after(async () => {
    await deploy([]);
    await stick.stop();
    await end?.();
  });

  describe('from the plug to the message', () => {
    let restore: () => void;
    before(async () => {
      restore = replaceMachine(virtualMachine());
      await startRuntime();
      if (!DESKTOP) return;
      // As in Home Assistant OS: the system switches what is plugged in.
      rmSync(SWITCH_RULE, { force: true });
      await must('udevadm', 'control', '--reload');
      end = await networkd();
    });
    after(async () => {
      restore();
      if (!DESKTOP) return;
      symlinkSync('/dev/null', SWITCH_RULE);
      await must('udevadm', 'control', '--reload');
    });
    afterEach(function () {
      if (this.currentTest?.state !== 'failed') return;
      for (const id of ['detect', 'status', 'in', 'out']) {
        figure(`${id}: ${JSON.stringify([outputs(id), statusesOf(id)]).slice(0, 2_000)}`);
      }
      figure(`stick: ${JSON.stringify(stick.events).slice(-3_000)}`);
    });

    it('is switched, gets an address, tells its status, and SMS go both ways', async () => {
      await stick.fresh({ timing: QUICK });
      await deploy(tab([stickNode(PORT_PATH), detect, status, smsInNode('in', { poll: 2 }), smsOutNode('out')]));
      const began = performance.now();
      const since = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
      stick.plug();
      const { device } = await stick.seen(({ mode }) => mode === 'hilink');
      const name = await interfaceOf(PORT_PATH);
      const seen = since();
      assert.equal(device.interfaces[0]?.driver, 'cdc_ether');
      if (!DESKTOP) await udhcpc(name, { route: true });
      await stick.event(leased);
      const given = since();
      await stick.event((event) => event.what === 'web' && event.up);
      const up = since();
      await stick.event((event) => event.what === 'request');
      const asked = since();
      const isWhole = ({ payload }: Message) =>
        (payload as { network?: { registered?: boolean } }).network?.registered === true;
      const { payload } = await output('status', 0, isWhole);
      figure(
        `HiLink after the plug: interface ${seen}, address ${given}, web server ${up}, asked ${asked}, first value ${since()}`,
      );
      assert.equal((payload as { identity?: { model?: string } }).identity?.model, 'E3272');

      // Of networkd's lease, although it has set no route; of the route where nobody keeps leases that all may read.
      const [link] = (await createLocalHost().network?.(device)) ?? [];
      assert.deepEqual([link?.name, link?.gateways], [await interfaceOf(PORT_PATH), [WEB]]);
      assert.deepEqual(link?.addresses, [{ address: '192.168.8.100', prefix: 24 }]);

      stick.order({ do: 'sms', from: NUMBER, text: 'Grüße €uro' });
      const got = (await output('in')).payload as { stick: string; from: string; text: string };
      assert.deepEqual([got.stick, got.from, got.text], [PORT_PATH, NUMBER, 'Grüße €uro']);
      inject('out', { to: NUMBER, payload: 'from the flow' });
      assert.equal(((await output('out')).payload as { ok: boolean }).ok, true);
      assert.ok(
        stick.events.some((event) => event.what === 'sms' && event.to === NUMBER && event.whole === 'from the flow'),
      );
      assert.equal(stick.events.filter((event) => event.what === 'cbw' && event.effect !== undefined).length, 1);
      const [program, from] = DESKTOP ? ['systemd-networkd', 'systemd'] : ['udhcpc', 'busybox-static'];
      await row(program, from, 'an address of the stick in HiLink mode', `${link?.addresses[0]?.address}, of ${WEB}`);
    });
  });

  describe('two at one address', () => {
    let second: BusStick;
    before(async () => {
      await deploy([]);
      await end?.();
      end = undefined;
      second = BusStick.start(2);
      await inHilink(stick, 1);
      await inHilink(second, 2);
    });
    after(() => second.stop());

    /** `lan-user`, in the namespace `netns` or here. */
    async function use(asks: LanAsk[], netns?: string): Promise<LanTold[]> {
      const own = [process.execPath, require.resolve('../lan-user'), JSON.stringify(asks)];
      const [program = '', ...args] = netns ? ['ip', 'netns', 'exec', netns, ...own] : own;
      return JSON.parse(await must(program, ...args)) as LanTold[];
    }
    const byHand = `http://${WEB}`;
    const namesBoth = /1-1.*1-2|1-2.*1-1/;

    it('are refused where they share the network: both are named, and nothing is sent to either', async () => {
      for (const path of ['1-1', '1-2']) await udhcpc(await interfaceOf(path));
      const before = [requests(stick), requests(second)];
      const both = await use([
        { portPath: '1-1', times: 1 },
        { portPath: '1-2', times: 1, address: byHand },
      ]);
      for (const { serials, error } of both) {
        assert.deepEqual([serials, error?.key], [[], 'STICK_AMBIGUOUS/same-lan']);
        assert.match(error?.message ?? '', namesBoth);
      }
      assert.deepEqual([requests(stick), requests(second)], before);
    });

    it('each in a network namespace of its own: no request ever reaches the other one', async () => {
      const namespaces = [
        { netns: 'one', mine: stick, other: second },
        { netns: 'two', mine: second, other: stick },
      ];
      for (const { netns, mine } of namespaces) {
        await must('ip', 'netns', 'add', netns);
        const name = await interfaceOf(mine.portPath);
        await must('ip', 'link', 'set', name, 'netns', netns);
        // Without a route to a gateway: the first address of the network is asked.
        await udhcpc(name, { netns });
        assert.match(
          await must('ip', '-n', netns, '-br', 'link'),
          /0c:5b:8f:27:9a:64/,
          'they have the same MAC address',
        );
      }
      const all = new Set<string | undefined>();
      for (const { netns, mine, other } of namespaces) {
        const before = [requests(mine), requests(other)];
        // The other one is not to be had here: who asks for it by hand must not reach this one.
        const [right, wrong] = await use(
          [
            { portPath: mine.portPath, times: 5 },
            { portPath: other.portPath, times: 1, address: byHand },
          ],
          netns,
        );
        assert.equal(right?.error, undefined, JSON.stringify(right?.error));
        assert.deepEqual([right?.serials.length, new Set(right?.serials).size], [5, 1]);
        all.add(right?.serials[0]);
        assert.deepEqual([wrong?.serials, wrong?.error?.key], [[], 'STICK_AMBIGUOUS/other-lan']);
        assert.match(wrong?.error?.message ?? '', namesBoth);
        assert.ok(requests(mine) >= (before[0] ?? 0) + 5);
        assert.equal(requests(other), before[1], 'the other one has heard nothing');
      }
      assert.equal(all.size, 2, 'they are two');
    });
  });
});
