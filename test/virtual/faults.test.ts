import assert from 'node:assert/strict';
import { decodeCsw, encodeCbw } from '../../src/codec/cbw';
import { isDriverError } from '../../src/errors';
import { FAULTS, FAULTS_AT, type Fault, Faults, parseFaultOrder, STAGES, type Stage } from '../../src/virtual/faults';
import { component, end } from './bootrom-packets';
import { ACK, frames, hex, type Line, loaderImage, type Rig, rig } from './rig';

const CBW = encodeCbw({ tag: 7, dataLength: 0, flags: 0, lun: 0, cbLength: 6, cdb: new Uint8Array(16) });

async function bootrom(r: Rig): Promise<Line> {
  r.stick.plug({ bootPin: true });
  await r.settle('bootrom', 1);
  return r.open(0);
}

async function loader(r: Rig): Promise<Line> {
  const line = await bootrom(r);
  for (const packet of [...component(1, Buffer.alloc(9, 1)), ...component(2, loaderImage())]) {
    line.send(packet);
    await line.until((t) => t.length > 0);
  }
  line.tty.close();
  await r.settle('loader', 3);
  return r.open(2);
}

const packets = component(1, Buffer.alloc(1500, 1)) as [Buffer, Buffer, Buffer, Buffer];

/** A request of one stage: how to get there, what to send, what the good answer is. */
interface Scene {
  before(r: Rig): Promise<Line>;
  request: Uint8Array | string;
  good: string;
  nak: string;
}

const bootScene = (sent: Buffer[], request: Uint8Array, good = 'aa'): Scene => ({
  async before(r) {
    const line = await bootrom(r);
    for (const packet of sent) {
      line.send(packet);
      await line.until((t) => t.length > 0);
    }
    return line;
  },
  request,
  good,
  nak: '55',
});
const loaderScene = (request: Uint8Array | string, good: string, sent: Uint8Array[] = []): Scene => ({
  async before(r) {
    const line = await loader(r);
    for (const frame of sent) line.send(frame);
    line.take();
    return line;
  },
  request,
  good,
  nak: typeof request === 'string' ? hex(Buffer.from('\r\nERROR\r\n')) : '7e030007175d7e',
});
const text = (t: string) => hex(Buffer.from(t, 'latin1'));

const SCENES: Partial<Record<Stage, Scene>> = {
  probe: bootScene([], Uint8Array.of(0x41), '55'),
  head: bootScene([], packets[0]),
  data: bootScene([packets[0]], packets[1]),
  end: bootScene(packets.slice(0, 3), end(3)),
  dloadver: loaderScene('AT^DLOADVER?\r', text('\r\n2.0\r\n\r\nOK\r\n')),
  dloadinfo: loaderScene(
    'AT^DLOADINFO?\r',
    text('\r\nswver:21.420.07.00.00\r\n\r\nisover:\r\n\r\nproduct name:E3272\r\n\r\ndload type:1\r\n\r\nOK\r\n'),
  ),
  datamode: loaderScene('AT^DATAMODE\r', text('\r\nOK\r\n')),
  version: loaderScene(frames.one(0x0c), '0d0f37323030422d2d534b434241445a4dc37b7e'),
  identify: loaderScene(frames.one(0x45), '7e45485541574549204533323732000000000000000082757e'),
  ping: loaderScene(frames.one(0x3a), hex(frames.one(0x3a))),
  start: loaderScene(frames.start(0x107, 5000), ACK),
  block: loaderScene(frames.block(1, Buffer.alloc(10)), ACK, [frames.start(0x107, 5000)]),
  close: loaderScene(frames.end(0x107, 5000), ACK, [frames.start(0x107, 5000)]),
  reset: loaderScene(frames.one(0x0a), ACK),
  at: {
    async before(r) {
      r.stick.plug();
      await r.settle('tty', 2);
      const line = r.open(1);
      await line.at('ATE0');
      return line;
    },
    request: 'AT+CGMM\r',
    good: text('\r\nE3272\r\n\r\nOK\r\n'),
    nak: text('\r\nERROR\r\n'),
  },
  sms: {
    async before(r) {
      r.stick.plug();
      await r.settle('tty', 2);
      const line = r.open(1);
      await line.at('ATE0');
      line.send('AT+CMGS=22\r');
      await line.until((t) => t.endsWith('> '));
      return line;
    },
    request: '0001000C9194710121436500000AE8329BFD4697D9EC37\x1a',
    good: text('\r\n+CMGS: 0\r\n\r\nOK\r\n'),
    nak: text('\r\n+CMS ERROR: Unknown error\r\n'),
  },
};

const NOISE = text('\r\n^BOOT:27710117,0,0,0,75\r\n');
const BOOT_ROM: Stage[] = ['probe', 'head', 'data', 'end'];

/** What is on the line shortly after the request, and after a while. */
async function observe(r: Rig, stage: Stage, fault: Fault): Promise<{ soon: string; late: string; line: Line }> {
  const scene = SCENES[stage];
  assert.ok(scene);
  const line = await scene.before(r);
  line.take();
  r.stick.faults.order(fault === 'late' ? { fault, at: stage, ms: 1_500 } : { fault, at: stage });
  line.send(scene.request);
  await r.pass(100);
  const soon = hex(line.take());
  await r.pass(1_500);
  return { soon, late: hex(line.take()), line };
}

describe('virtual stick: faults at serial stages', () => {
  for (const [stage, scene] of Object.entries(SCENES) as [Stage, Scene][]) {
    for (const fault of FAULTS_AT[stage]) {
      it(`${fault} at ${stage}`, () => {
        const r = rig({ firmware: 'stick', setport: 'FF;10,12', timing: { sms: 5 } });
        return r.run(async () => {
          const { soon, late, line } = await observe(r, stage, fault);
          assert.equal(r.stick.faults.open, 0, 'it has struck');
          assert.ok(r.events.some((e) => e.what === 'fault' && e.fault === fault && e.at === stage));
          const refused = BOOT_ROM.includes(stage) ? '55' : '';
          switch (fault) {
            case 'silence':
            case 'lost':
              assert.equal(soon + late, '');
              break;
            case 'late':
              assert.deepEqual([soon, late], ['', scene.good]);
              break;
            case 'nak':
              assert.equal(soon, scene.nak);
              break;
            case 'damaged':
              assert.equal(soon, refused);
              break;
            case 'badcrc':
              assert.notEqual(soon, scene.good);
              assert.equal(soon.length, refused ? refused.length : scene.good.length);
              break;
            case 'noise':
              assert.ok(soon.startsWith(NOISE));
              assert.equal(soon.replaceAll(NOISE, ''), scene.good);
              break;
            case 'flood':
              assert.ok(soon.startsWith(scene.good.repeat(3)));
              assert.ok(line.gone || late.startsWith(scene.good.repeat(50)));
              assert.equal((soon + late).replaceAll(scene.good, ''), '');
              break;
            case 'garbage':
              assert.notEqual(soon, '');
              assert.ok(!soon.includes(scene.good));
              break;
            case 'half':
              assert.equal(soon + late, scene.good.slice(0, 2 * Math.floor(scene.good.length / 4)));
              break;
            case 'twice':
              assert.equal(soon + late, scene.good.repeat(2));
              break;
            case 'unplug':
              assert.ok(line.gone);
              assert.equal(r.stick.device, undefined);
              break;
            default:
              assert.fail(`no expectation for ${fault}`);
          }
        });
      });
    }
  }

  it('every stage is covered here, on the bus, in storage or in web/', () => {
    const others: Stage[] = ['enumerate', 'cbw', 'csw', 'web'];
    assert.deepEqual([...Object.keys(SCENES), ...others].sort(), Object.keys(STAGES).sort());
  });
});

describe('virtual stick: faults and what was carried out', () => {
  const two = [frames.block(1, Buffer.alloc(4, 1)), frames.block(2, Buffer.alloc(4, 2))] as const;

  for (const [fault, stored] of [
    ['silence', false],
    ['damaged', false],
    ['nak', false],
    ['lost', true],
    ['garbage', true],
    ['badcrc', true],
  ] as [Fault, boolean][]) {
    it(`${fault} on a block: ${stored ? 'stored' : 'not stored'}`, () => {
      const r = rig({ timing: { slowAck: 0 } });
      return r.run(async () => {
        const line = await loader(r);
        line.send(frames.start(0x107, 8));
        r.stick.faults.order({ fault, at: 'block' });
        line.send(two[0]);
        line.take();
        // The next number is in order only if the first one was carried out.
        line.send(two[1]);
        assert.equal(hex(line.take()) === ACK, stored);
      });
    });
  }

  it('late on block n-1 and damaged on block n combine: one stale ACK, and the ping comes after it', () => {
    const r = rig({ timing: { slowAck: 0 } });
    return r.run(async () => {
      const line = await loader(r);
      line.send(frames.start(0x107, 8));
      line.take();
      r.stick.faults.order({ fault: 'late', at: 'block', nth: 1, ms: 5_000 });
      r.stick.faults.order({ fault: 'damaged', at: 'block', nth: 2 });
      line.send(two[0]);
      line.send(two[1]);
      line.send(frames.one(0x3a));
      await r.pass(4_999);
      assert.equal(hex(line.take()), '');
      await r.pass(2);
      assert.equal(hex(line.take()), ACK + hex(frames.one(0x3a)));
      assert.equal(r.stick.flash.get(0x107), undefined, 'the last block never arrived');
      line.send(two[1]);
      assert.equal(hex(line.take()), ACK);
      assert.equal(r.stick.flash.get(0x107)?.length, 8);
    });
  });

  it('a flood of another text, until the stick leaves the bus', () => {
    const r = rig();
    return r.run(async () => {
      const line = await loader(r);
      r.stick.faults.order({ fault: 'flood', at: 'ping', text: '~xy' });
      line.send(frames.one(0x3a));
      await r.pass(35);
      assert.equal(hex(line.take()), hex(frames.one(0x3a)) + '7e7879'.repeat(3));
      r.stick.unplug();
      assert.equal(r.clock.pending, 0);
    });
  });

  it('noise in an AT reply stands between its lines too', () => {
    const r = rig({ firmware: 'stick', setport: 'FF;10,12' });
    return r.run(async () => {
      r.stick.plug();
      await r.settle('tty', 2);
      const line = r.open(1);
      await line.at('ATE0');
      r.stick.faults.order({ fault: 'noise', at: 'at', text: '\r\n^RSSI: 1\r\n' });
      line.send('AT+CGMM;+CGMI\r');
      const answer = await line.until((t) => t.endsWith('OK\r\n'));
      const urc = '\r\n^RSSI: 1\r\n';
      assert.equal(answer, `${urc}\r\nE3272\r\n${urc}\r\nhuawei\r\n${urc}\r\nOK\r\n`);
    });
  });

  it('what else stood in the transfer dies with an unplugged stick', () => {
    const r = rig();
    return r.run(async () => {
      const line = await loader(r);
      r.stick.faults.order({ fault: 'unplug', at: 'ping' });
      line.send(Buffer.concat([frames.one(0x3a), frames.one(0x0a)]));
      await r.pass(20_000);
      assert.equal(r.stick.appearance, undefined);
      assert.equal(r.clock.pending, 0);
    });
  });

  it('nak at an AT command with a code is a CME error', () => {
    const r = rig({ firmware: 'stick', setport: 'FF;10,12' });
    return r.run(async () => {
      r.stick.plug();
      await r.settle('tty', 2);
      const line = r.open(1);
      await line.at('ATE0;+CMEE=1');
      r.stick.faults.order({ fault: 'nak', at: 'at', code: 14 });
      assert.equal(await line.at('AT+CIMI'), '\r\n+CME ERROR: 14\r\n');
    });
  });
});

describe('virtual stick: faults on the bus', () => {
  const plugged = async (r: Rig) => {
    r.stick.plug();
    await r.pass(20_000);
  };

  it('noreturn: stays away until somebody unplugs it', () => {
    const r = rig();
    return r.run(async () => {
      r.stick.faults.order({ fault: 'noreturn', at: 'enumerate' });
      await plugged(r);
      assert.equal(r.stick.appearance, undefined);
      r.stick.plug();
      await r.settle('cdrom-hilink', 0);
    });
  });

  it('othermode, nth: the second enumeration from now on', () => {
    const r = rig();
    return r.run(async () => {
      r.stick.faults.order({ fault: 'othermode', at: 'enumerate', nth: 2 });
      await plugged(r);
      assert.equal(r.stick.appearance, 'cdrom-hilink');
      await plugged(r);
      assert.equal(r.stick.appearance, 'fastboot');
      assert.equal(r.stick.device?.productId, 0x36dd);
    });
  });

  it('nodriver: the interfaces are there, without driver and ttys', () => {
    const r = rig({ firmware: 'stick', setport: 'FF;10,12,A2' });
    return r.run(async () => {
      r.stick.faults.order({ fault: 'nodriver', at: 'enumerate' });
      await plugged(r);
      assert.equal(r.stick.ttys.length, 0);
      assert.deepEqual(
        r.stick.device?.interfaces.map((i) => i.driver),
        [undefined, undefined, 'usb-storage'],
      );
    });
  });

  it('slowtty, late and unplug with a return', () => {
    const r = rig({ firmware: 'stick', setport: 'FF;10,12' });
    return r.run(async () => {
      r.stick.faults.order({ fault: 'slowtty', at: 'enumerate', ms: 9_000 });
      r.stick.plug();
      await r.settle('tty', 0);
      await r.pass(8_999);
      assert.equal(r.stick.ttys.length, 0);
      await r.settle('tty', 2);

      r.stick.faults.order({ fault: 'late', at: 'enumerate', ms: 7_000 });
      r.stick.plug();
      await r.pass(7_299);
      assert.equal(r.stick.appearance, undefined);
      await r.settle('tty', 2);

      r.stick.faults.order({ fault: 'unplug', at: 'enumerate', ms: 1_000 });
      r.stick.plug();
      await r.settle('tty', 0);
      assert.equal(r.stick.plugged, false);
      await r.settle('tty', 2);
    });
  });
});

describe('virtual stick: faults in storage', () => {
  const cases: [Stage, Fault, (f: NonNullable<ReturnType<Rig['stick']['storage']>>, r: Rig) => Promise<void> | void][] =
    [
      ['cbw', 'silence', (f) => assert.equal(f.bulkIn(13), 'pending')],
      [
        'cbw',
        'late',
        async (f, r) => {
          assert.equal(f.bulkIn(13), 'pending');
          await r.pass(2_000);
          assert.ok(f.bulkIn(13) instanceof Uint8Array);
        },
      ],
      ['cbw', 'unplug', (_f, r) => assert.equal(r.stick.device, undefined)],
      ['csw', 'lost', (f) => assert.equal(f.bulkIn(13), 'pending')],
      ['csw', 'garbage', (f) => assert.equal(decodeCsw(f.bulkIn(13) as Uint8Array), undefined)],
      ['csw', 'nak', (f) => assert.equal(decodeCsw(f.bulkIn(13) as Uint8Array)?.status, 1)],
      ['csw', 'unplug', (_f, r) => assert.equal(r.stick.device, undefined)],
      [
        'csw',
        'late',
        async (f, r) => {
          assert.equal(f.bulkIn(13), 'pending');
          await r.pass(2_000);
          assert.equal(decodeCsw(f.bulkIn(13) as Uint8Array)?.status, 0);
        },
      ],
    ];
  for (const [stage, fault, check] of cases) {
    it(`${fault} at ${stage}`, () => {
      const r = rig();
      return r.run(async () => {
        r.stick.plug();
        await r.settle('cdrom-hilink', 0);
        const f = r.stick.storage(0);
        assert.ok(f);
        r.stick.faults.order({ fault, at: stage });
        assert.equal(f.bulkOut(CBW), 'ok');
        await check(f, r);
        assert.equal(r.stick.faults.open, 0);
      });
    });
  }

  it('nak at cbw is a stall that passes', () => {
    const r = rig();
    return r.run(async () => {
      r.stick.plug();
      await r.settle('cdrom-hilink', 0);
      r.stick.faults.order({ fault: 'nak', at: 'cbw' });
      assert.equal(r.stick.storage(0)?.bulkOut(CBW), 'stall');
      assert.equal(r.stick.storage(0)?.bulkOut(CBW), 'ok');
    });
  });
});

describe('virtual stick: fault orders', () => {
  it('count by stage, nth and count', () => {
    const faults = new Faults();
    faults.order({ fault: 'silence', at: 'block', nth: 2, count: 2 });
    faults.order({ fault: 'nak', at: 'ping' });
    assert.deepEqual(
      ['block', 'block', 'ping', 'block', 'block', 'ping'].map((stage) => faults.take(stage as Stage)?.fault),
      [undefined, 'silence', 'nak', 'silence', undefined, undefined],
    );
    assert.equal(faults.open, 0);
  });

  it('what makes no sense is refused', () => {
    const bad: object[] = [
      {},
      { fault: 'silence' },
      { fault: 'sillence', at: 'data' },
      { fault: 'silence', at: 'toString' },
      { fault: 'badcrc', at: 'at' },
      { fault: 'silence', at: 'data', nth: 0 },
      { fault: 'silence', at: 'data', count: 1.5 },
      { fault: 'late', at: 'data', ms: -1 },
      { fault: 'othermode', at: 'enumerate', mode: 'toaster' },
      { fault: 'noise', at: 'at', text: 3 },
    ];
    for (const order of bad) {
      assert.throws(
        () => parseFaultOrder(order),
        (error: unknown) => isDriverError(error, 'BAD_ARGUMENT'),
        JSON.stringify(order),
      );
    }
  });

  it('appearances by the names of version 0.1 are taken', () => {
    const taken = (mode: string) => parseFaultOrder({ fault: 'othermode', at: 'enumerate', mode }).mode;
    assert.deepEqual(['modem', 'modem-ncm', 'modem-only', 'tty'].map(taken), ['tty', 'tty-ncm', 'tty-only', 'tty']);
  });

  it('every fault is known at some stage', () => {
    const known = new Set(Object.values(FAULTS_AT).flat());
    assert.deepEqual([...known].sort(), Object.keys(FAULTS).sort());
  });
});
