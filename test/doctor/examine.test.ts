/** What is wrong with a machine, a connection or a stick, and what the doctor says of it first. Virtual sticks, virtual clock. */

import assert from 'node:assert/strict';
import { examine, type Finding, type FindingId } from '../../src/doctor';
import { byWeight, finding } from '../../src/doctor/findings';
import { failure } from '../../src/errors';
import type { Connection, Machine } from '../../src/host/facts';
import { holdStick } from '../../src/stick/hold';
import { obey } from '../../src/virtual/orders';
import { webBench } from '../device/hilink/bench';
import { type Bench, type BenchStick, virtualBench } from '../support/bench';
import { watched } from './watched';

const MODEM = { firmware: 'stick', setport: 'FF;10,12', timing: { urcEvery: 0 } } as const;

async function modem(more: BenchStick = {}): Promise<Bench> {
  const bench = virtualBench({ ...MODEM, ...more });
  await bench.plug();
  return bench;
}

async function cdrom(): Promise<Bench> {
  const bench = virtualBench({ firmware: 'hilink' });
  await bench.plug();
  return bench;
}

/** Examined; nothing may have been changed by it. */
async function look(bench: Bench, which = 'auto'): Promise<Finding[]> {
  const seen = watched(bench);
  const found = await bench.run(examine({ host: seen.host, which, version: '1' }));
  assert.deepEqual(seen.changes(), []);
  return found;
}

/** Those that are not as they should be: `error silent`. */
const faults = (found: readonly Finding[]): string[] =>
  found.filter(({ level }) => level !== 'ok').map(({ level, id }) => `${level} ${id}`);

const has = (found: readonly Finding[], id: FindingId): Finding => {
  const one = found.find((each) => each.id === id);
  assert.ok(one, `${id} among ${found.map((each) => each.id).join()}`);
  return one;
};

describe('doctor: the machine', () => {
  const CASES: readonly [string, Partial<Machine>, string[]][] = [
    ['another system', { system: 'darwin' }, ['error system-other']],
    ['no bus in a container', { bus: false, container: 'docker' }, ['error bus-hidden']],
    ['an old Node.js', { node: '18.20.1' }, ['error node-old']],
    ['no rule', { rule: { state: 'none', file: '' } }, ['warn rule-missing']],
    ['a late rule', { rule: { state: 'late', file: '99-e3272.rules' } }, ['warn rule-late']],
    ['half a rule', { rule: { state: 'half', file: '77-x.rules' } }, ['warn rule-half']],
    ['ids told by hand', { newIds: ['12d1 1506'] }, []],
  ];
  for (const [name, state, said] of CASES) {
    it(`${name}: ${said.join() || 'is told'}`, async () => {
      const bench = await modem();
      Object.assign(bench.host.machineState, state);
      assert.deepEqual(faults(await look(bench)), said);
    });
  }

  it('native modules that do not load', async () => {
    const bench = await modem();
    bench.host.brokenModules = { serialport: 'invalid ELF header', usb: 'not found' };
    assert.deepEqual(faults(await look(bench)), ['error native-serial', 'warn native-usb']);
  });

  it('no package usb keeps a CD-ROM from being switched: that is the cause', async () => {
    const bench = await cdrom();
    bench.host.brokenModules = { usb: 'not found' };
    assert.deepEqual(faults(await look(bench)), ['error native-usb', 'error is-storage']);
    bench.host.machineState.container = 'addon';
    assert.deepEqual(
      faults(await look(bench)),
      ['error is-storage', 'warn native-usb'],
      'around an add-on it is not needed',
    );
  });

  it('no stick, no stick there, several sticks, sticks of others', async () => {
    const bench = virtualBench(MODEM, [{ ...MODEM, portPath: '1-2' }]);
    bench.host.machineState.others = [
      { portPath: '1-3', vendorId: 0x19d2, productId: 0x1405 },
      { portPath: '1-4', vendorId: 0x046d, productId: 0xc31c },
    ];
    const none = await look(bench);
    assert.equal(none[0]?.id, 'no-stick');
    assert.equal(has(none, 'foreign-stick').stick, '1-3');
    assert.equal(none.filter(({ id }) => id === 'foreign-stick').length, 1);
    await bench.plug();
    bench.others[0]?.plug();
    await bench.run(new Promise<void>((resolve) => void bench.clock.after(10_000, resolve)));
    assert.deepEqual(has(await look(bench), 'several-sticks').params, { sticks: ['1-1', '1-2'] });
    assert.equal((await look(bench, '1-9'))[0]?.id, 'no-stick-there');
    const one = await look(bench, '1-2');
    assert.deepEqual(
      [...new Set(one.flatMap(({ id, stick }) => (id === 'foreign-stick' ? [] : (stick ?? []))))],
      ['1-2'],
    );
  });

  it('a bus in another process that is not there, and a state folder that is left alone', async () => {
    const bench = virtualBench();
    const unreachable = () =>
      failure('STICK_NOT_FOUND/no-server', { address: '127.0.0.1', port: 3300, errno: 'ECONNREFUSED' });
    Object.assign(bench.host, { unreachable });
    bench.host.problemList = ['The state folder /x is neither read nor written: others may write there.'];
    assert.deepEqual(faults(await look(bench)), ['error bus-unreachable', 'warn state-folder']);
  });
});

describe('doctor: how a stick is connected', () => {
  const node = (path: string, state: 'missing' | 'forbidden' | 'closed', more = {}) => ({
    path,
    state,
    holders: [],
    ...more,
  });
  const USB = '/dev/bus/usb/001/007';
  const CDROM: readonly [string, Partial<Connection>, string][] = [
    ['no device node', { usb: node(USB, 'missing') }, 'node-missing'],
    ['no right to its device node', { usb: node(USB, 'forbidden', { group: 'plugdev' }) }, 'usb-forbidden'],
    ['an add-on without usb', { usb: node(USB, 'closed') }, 'usb-closed'],
  ];
  for (const [name, connection, cause] of CDROM) {
    it(`${name}: ${cause}, and the CD-ROM follows from it`, async () => {
      const bench = await cdrom();
      bench.host.connections.set('1-1', connection);
      assert.deepEqual(faults(await look(bench)), [`error ${cause}`, 'error is-storage']);
    });
  }

  it('a medium that is mounted for writing forbids the switch', async () => {
    const bench = await cdrom();
    bench.host.mountList = [{ device: '/dev/sda1', mountPoint: '/media/card', writable: true }];
    assert.deepEqual(faults(await look(bench)), ['error mounted', 'error is-storage']);
    bench.host.mountList = [{ device: '/dev/sr0', mountPoint: '/media/cd', writable: false }];
    assert.deepEqual(faults(await look(bench)), ['error is-storage']);
  });

  it('autosuspend, a hub without a supply, too much current', async () => {
    const bench = await modem();
    bench.host.powerState = { autosuspend: 'allowed', hub: 'unpowered' };
    bench.host.connections.set('1-1', { overCurrent: 3 });
    assert.deepEqual(faults(await look(bench)), ['warn over-current', 'warn autosuspend', 'warn hub-unpowered']);
  });

  it('a stick that the system has not switched on: not enough power, or no reason that is known', async () => {
    const bench = await modem();
    const scan = bench.host.scan.bind(bench.host);
    bench.host.scan = async () => (await scan()).map((device) => ({ ...device, interfaces: [] }));
    assert.deepEqual(faults(await look(bench)), ['error no-interfaces']);
    bench.host.powerState = { autosuspend: 'off', hub: 'unpowered' };
    assert.deepEqual(faults(await look(bench)), ['error not-enough-power']);
    bench.host.connections.set('1-1', { maxPower: 100 });
    assert.deepEqual(faults(await look(bench)), ['error no-interfaces', 'warn hub-unpowered']);
    bench.host.scan = async () =>
      (await scan()).map((device) => ({ ...device, authorized: false as const, interfaces: [] }));
    assert.equal((await look(bench))[0]?.id, 'not-authorized');
  });

  it('no right to its ports: the group, and whether logging in anew is enough', async () => {
    const bench = await modem();
    for (const tty of bench.stick.ttys) bench.host.forbid(tty.path);
    const found = await look(bench);
    assert.deepEqual(faults(found), ['error port-forbidden', 'error port-forbidden']);
    assert.equal(found[0]?.params['group'], 'dialout');
  });

  it('ports that the system keeps from a container: that, once for each, and no more', async () => {
    const bench = await modem();
    const paths = bench.stick.ttys.map(({ path }) => path);
    for (const path of paths) bench.host.forbid(path);
    bench.host.connections.set('1-1', { ttys: paths.map((path) => ({ path, state: 'closed' as const, holders: [] })) });
    assert.deepEqual(faults(await look(bench)), ['error port-closed', 'error port-closed']);
  });

  it('ModemManager that holds a port is the cause, the busy port what follows', async () => {
    const bench = await modem();
    const paths = bench.stick.ttys.map(({ path }) => path);
    for (const path of paths) bench.host.occupy(path, 'ModemManager (pid 812)');
    const holders = ['ModemManager (pid 812)'];
    bench.host.connections.set('1-1', {
      intruders: holders,
      ttys: paths.map((path) => ({ path, state: 'open' as const, holders })),
    });
    bench.host.machineState.rule = { state: 'none', file: '' };
    assert.deepEqual(faults(await look(bench)), ['error modem-manager']);
  });

  it('ModemManager that may come any time is worth a word', async () => {
    const bench = await modem();
    bench.host.connections.set('1-1', { intruders: ['ModemManager (pid 812)'] });
    assert.deepEqual(faults(await look(bench)), ['warn modem-manager']);
  });

  it('a port that somebody has open is not opened; the other one is asked', async () => {
    const bench = await modem();
    const [modemPort = '', pcui = ''] = bench.stick.ttys.map(({ path }) => path);
    const held = { path: pcui, state: 'open' as const, holders: ['minicom (pid 7)'] };
    bench.host.connections.set('1-1', { ttys: [held] });
    const opened: string[] = [];
    const openTty = bench.host.openTty.bind(bench.host);
    bench.host.openTty = (path) => {
      opened.push(path);
      return openTty(path);
    };
    const found = await look(bench);
    assert.deepEqual(opened, [modemPort]);
    assert.deepEqual(faults(found), ['error port-busy']);
    assert.deepEqual(found[0]?.params['holders'], ['minicom (pid 7)']);
  });

  it('a driver that is not loaded, that this kernel lacks, or that has not taken it', async () => {
    for (const state of ['loadable', 'absent', 'there', 'unknown'] as const) {
      const bench = virtualBench(MODEM);
      bench.stick.faults.order({ fault: 'nodriver', at: 'enumerate' });
      bench.stick.plug();
      await bench.run(new Promise<void>((resolve) => void bench.clock.after(2_000, resolve)));
      bench.host.machineState.drivers = { ...bench.host.machineState.drivers, option: state };
      const found = await look(bench);
      assert.deepEqual(faults(found), ['error driver-missing']);
      assert.equal(found[0]?.params['state'], state);
    }
  });

  it('a write that was begun and not completed, on record here or told by others', async () => {
    const journal = { version: 1, firmware: 'x.bin', complete: [], missing: ['System_R1'], files: [], images: {} };
    const bench = await modem();
    bench.host.writeNote('1-1', JSON.stringify(journal));
    const [first] = await look(bench);
    assert.deepEqual([first?.id, first?.params['missing']], ['write-unfinished', ['System_R1']]);
    bench.host.writeNote('1-1', undefined);
    assert.deepEqual(faults(await look(bench)), []);
    bench.host.marks.set('1-1', JSON.stringify(journal));
    assert.equal((await look(bench))[0]?.id, 'write-unfinished');
  });
});

describe('doctor: what a stick says', () => {
  const NETWORK: readonly [string, string[], string[]][] = [
    ['no SIM', ['{"do":"removeSim"}'], ['error sim-absent']],
    ['a SIM that wants its PUK', ['{"do":"insertSim","state":"puk"}'], ['error sim-puk']],
    ['a SIM that wants its PIN', ['{"do":"insertSim","state":"pin"}'], ['error sim-pin']],
    ['a network that denies it', ['{"do":"radio","registration":"denied"}'], ['error network-denied']],
    ['a search', ['{"do":"radio","registration":"searching"}'], ['warn network-searching']],
    ['a weak signal', ['{"do":"radio","system":"WCDMA","rssi":-109,"rscp":-119}'], ['warn signal-weak']],
  ];
  for (const [name, orders, said] of NETWORK) {
    it(`${name}: ${said.join()}`, async () => {
      const bench = await modem();
      await bench.run(new Promise<void>((resolve) => void bench.clock.after(40_000, resolve)));
      for (const order of orders) obey(bench.stick, order);
      await bench.run(new Promise<void>((resolve) => void bench.clock.after(40_000, resolve)));
      assert.deepEqual(faults(await look(bench)), said);
    });
  }

  it('a radio that is off', async () => {
    const bench = await modem();
    const port = await bench.host.openTty(bench.stick.ttys[1]?.path ?? '');
    for (const line of ['AT\r', 'AT\r', 'AT+CFUN=4\r']) {
      await port.write(Buffer.from(line));
      await bench.run(new Promise<void>((resolve) => void bench.clock.after(1_000, resolve)));
    }
    await port.close();
    assert.deepEqual(faults(await look(bench)), ['error radio-off']);
  });

  it('a port that hangs while URCs flow is silent, not garbled', async () => {
    const bench = await modem({ timing: { urcEvery: 200 } });
    obey(bench.stick, '{"do":"hang","cure":"replug"}');
    assert.deepEqual(faults(await look(bench)), ['error silent']);
  });

  it('a port in download framing', async () => {
    const bench = await modem();
    for (const port of ['pcui', 'modem']) obey(bench.stick, JSON.stringify({ do: 'hdlc', port }));
    assert.deepEqual(faults(await look(bench)), ['error framed', 'error framed']);
  });

  it('each peculiarity of a firmware but those that hang it is no fault', async () => {
    for (const quirk of [
      'nul-before',
      'double-cr',
      'blank-lines',
      'echo-stays',
      'no-quotes',
      'long-manufacturer',
      'creg-bare',
    ] as const) {
      const bench = await modem({ quirks: [quirk] });
      assert.deepEqual(faults(await look(bench)), [], quirk);
    }
  });

  it('a stick in HiLink mode: its web server, its network, and what both do to the machine', async () => {
    const bench = await webBench();
    const found = await look(bench);
    assert.deepEqual(faults(found), []);
    assert.equal(has(found, 'web').params['address'], 'http://192.168.8.1');
    const own = [{ address: '192.168.8.100', prefix: 24 }];
    const link = { name: 'eth1', addresses: own, gateways: [], rivals: [] };
    const says = async (links: object[]) => {
      bench.host.links.set('1-1', links as never);
      return faults(await look(bench));
    };
    assert.deepEqual(await says([]), ['error web-no-interface']);
    assert.deepEqual(await says([{ ...link, addresses: [] }]), ['error web-no-address']);
    assert.deepEqual(await says([{ ...link, rivals: ['eth0'] }]), ['error lan-taken']);
    bench.host.machineState.managers = ['NetworkManager'];
    await says([{ ...link, addresses: [] }]);
    assert.equal(has(await look(bench), 'web-no-address').params['manager'], 'NetworkManager');
    const [mine] = await (async () => {
      bench.host.links.delete('1-1');
      const device = (await bench.host.scan())[0];
      assert.ok(device);
      return bench.host.network(device);
    })();
    assert.deepEqual(await says([{ ...mine, ownLine: true }]), ['warn default-route']);
  });
});

describe('doctor: a stick that somebody has', () => {
  it('in this program: not asked, not taken, no fault', async () => {
    const bench = await modem();
    let asked = 0;
    const hold = await holdStick(bench.host, '1-1', {
      purpose: 'convert job',
      stepBack: async () => void asked++,
    });
    const found = await bench.run(examine({ host: bench.host, version: '1' }));
    assert.deepEqual(faults(found), []);
    assert.match(has(found, 'held').text, /in use by this program \(convert job\), so it was not asked/);
    assert.equal(asked, 0);
    hold.release();
  });

  it('in another one: who, and what it has noted last', async () => {
    const bench = await modem();
    const lock = await bench.host.lock('1-1');
    assert.match(has(await look(bench), 'held').text, /in use by this process \(\d+\), so it was not asked\.$/);
    const note = { version: 1, state: 'ready', mode: 'tty', sim: 'ready', network: 'registered', pid: 7 };
    const time = new Date(bench.clock.date().getTime() - 12_000).toISOString();
    bench.host.writeNote('status-1-1', JSON.stringify({ ...note, time }));
    assert.match(has(await look(bench), 'held').text, /last state: ready, SIM ready, network registered, 12 s ago\.$/);
    bench.host.writeNote('status-1-1', '{"version":2}');
    assert.doesNotMatch(has(await look(bench), 'held').text, /last state/);
    lock.release();
  });

  it('steps back for a job that begins meanwhile, with its ports closed', async () => {
    const bench = await modem();
    obey(bench.stick, '{"do":"hang","cure":"replug"}');
    const looking = examine({ host: bench.host, version: '1' });
    const job = (async () => {
      await new Promise<void>((resolve) => void bench.clock.after(1_000, resolve));
      const hold = await holdStick(bench.host, '1-1', { purpose: 'job' });
      const open = bench.stick.ttys.filter(({ isOpen }) => isOpen).length;
      hold.release();
      return open;
    })();
    assert.equal(await bench.run(job), 0);
    assert.match(has(await bench.run(looking), 'held').text, /a job that has just begun, so it was not asked/);
  });
});

describe('doctor: order and time', () => {
  it('errors before warnings, causes before what follows', () => {
    const stick = '1-1';
    const all = [
      finding('autosuspend', 'warn', { stick }),
      finding('silent', 'error', { stick, ports: [] }),
      finding('rule', 'ok', { file: 'x' }),
      finding('not-authorized', 'error', { stick }),
    ];
    assert.deepEqual(
      all.sort(byWeight).map(({ id }) => id),
      ['not-authorized', 'silent', 'autosuspend', 'rule'],
    );
  });

  it('tells each finding at once, too', async () => {
    const bench = await modem();
    const told: string[] = [];
    const found = await bench.run(examine({ host: bench.host, version: '1', onFinding: ({ id }) => told.push(id) }));
    assert.deepEqual(told.toSorted(), found.map(({ id }) => id).sort());
    assert.equal(told[0], 'machine');
  });

  it('ends within 10 s whatever hangs: the machine, the bus, a port', async () => {
    const hang = () => new Promise<never>(() => undefined);
    for (const [member, said] of [
      ['machine', 'time-up'],
      ['broken', 'time-up'],
      ['connection', 'time-up'],
      ['power', 'time-up'],
      ['openTty', 'time-up'],
    ] as const) {
      const bench = await modem();
      Object.assign(bench.host, { [member]: hang });
      const began = bench.clock.now();
      const found = await bench.run(examine({ host: bench.host, version: '1' }));
      has(found, said);
      assert.ok(bench.clock.now() - began < 10_000, member);
    }
  });

  it('ends early when it is called off, with what was found', async () => {
    const bench = await modem();
    obey(bench.stick, '{"do":"hang","cure":"replug"}');
    const stop = new AbortController();
    bench.clock.after(600, () => stop.abort());
    const found = await bench.run(examine({ host: bench.host, version: '1', signal: stop.signal }));
    has(found, 'machine');
    assert.ok(bench.stick.ttys.every(({ isOpen }) => !isOpen));
  });
});
