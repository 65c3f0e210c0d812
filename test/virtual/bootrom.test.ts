import assert from 'node:assert/strict';
import { HOSTILE, type Hostile, makeLoader } from '../../src/virtual/make-files';
import { component, data, end, head } from './bootrom-packets';
import { hex, type Line, loaderImage, type Rig, rig, unhex } from './rig';

const RAMINIT = Buffer.alloc(876, 0x5c);

async function bootrom(r: Rig): Promise<Line> {
  r.stick.plug({ bootPin: true });
  await r.settle('bootrom', 1);
  return r.open(0);
}

/** Sends a packet, gives the answer. */
async function ask(line: Line, packet: Uint8Array): Promise<string> {
  line.send(packet);
  return hex(Buffer.from(await line.until((t) => t.length > 0), 'latin1'));
}

async function upload(line: Line, mode: number, bytes: Uint8Array): Promise<void> {
  for (const packet of component(mode, bytes)) assert.equal(await ask(line, packet), 'aa');
}

/** Uploads both components, and tells as what the stick comes back. */
async function start(r: Rig, loader: Uint8Array): Promise<string | undefined> {
  const line = await bootrom(r);
  await upload(line, 1, RAMINIT);
  await upload(line, 2, loader);
  await r.pass(10_000);
  assert.ok(line.gone);
  return r.stick.appearance;
}

describe('virtual stick: loaders that erase', () => {
  for (const hostile of Object.keys(HOSTILE) as Hostile[]) {
    it(`${hostile}: really erases, NV included`, () => {
      const r = rig();
      return r.run(async () => {
        const file = makeLoader({ hostile, size: 20_000 });
        const line = await bootrom(r);
        await upload(line, 1, file.subarray(0x54, 0x3c0));
        await upload(line, 2, file.subarray(0x3c0));
        await r.settle('loader', 3);
        assert.equal(r.stick.nvErased, true);
        assert.equal(r.events.filter((e) => e.what === 'erased').length, 1);
      });
    });
  }

  it('the made-up ones do not', () => {
    return Promise.all(
      (['safe', 'patched', 'none'] as const).map((erase) => {
        const r = rig();
        return r.run(async () => {
          assert.equal(await start(r, makeLoader({ erase, size: 20_000 }).subarray(0x3c0)), 'loader');
          assert.equal(r.stick.nvErased, false);
        });
      }),
    );
  });
});

describe('virtual stick: boot ROM', () => {
  it('comes up as 1443 with one tty when the boot pin is held, whatever is flashed', () => {
    const r = rig({ firmware: 'stick', setport: 'FF;10,12' });
    return r.run(async () => {
      await bootrom(r);
      assert.equal(r.stick.device?.productId, 0x1443);
      assert.equal(r.stick.ttys.length, 1);
    });
  });

  it('answers the probe 41 with 55', () => {
    const r = rig();
    return r.run(async () => assert.equal(await ask(await bootrom(r), Uint8Array.of(0x41)), '55'));
  });

  it("takes the recorded packets of the real loader's first component", () => {
    const r = rig();
    return r.run(async () => {
      const line = await bootrom(r);
      assert.equal(await ask(line, unhex('fe00ff010000036c2ffe4000f288')), 'aa');
      // Nothing but the head has arrived: an end packet is too early.
      assert.equal(await ask(line, end(1)), '55');
      assert.equal(await ask(line, head(1, 8, 0x2ffe4000)), 'aa');
      assert.equal(await ask(line, unhex('da01fe00000000000000009224')), 'aa');
      assert.equal(await ask(line, unhex('ed02fdbab0')), 'aa');
    });
  });

  it('stores both components and returns as loader with three ttys', () => {
    const r = rig();
    return r.run(async () => {
      assert.equal(await start(r, loaderImage()), 'loader');
      assert.equal(r.stick.device?.productId, 0x1c05);
      assert.equal(r.stick.ttys.length, 3);
      const uploads = r.events.filter((e) => e.what === 'uploaded');
      assert.deepEqual(
        uploads.map((e) => [e.mode, e.size]),
        [
          [1, 876],
          [2, 4096],
        ],
      );
    });
  });

  it('answers 55 to a bad CRC, a wrong number, a wrong complement, and takes the right packet then', () => {
    const r = rig();
    return r.run(async () => {
      const line = await bootrom(r);
      const [first, one, ending] = component(1, RAMINIT) as [Buffer, Buffer, Buffer];
      const broken = Buffer.from(one);
      broken[100] = (broken[100] as number) ^ 1;
      const complement = Buffer.from(data(1, RAMINIT));
      complement[2] = 0;
      assert.equal(await ask(line, one), '55', 'data without a head');
      assert.equal(await ask(line, first), 'aa');
      assert.equal(await ask(line, broken), '55');
      assert.equal(await ask(line, complement), '55');
      assert.equal(await ask(line, data(2, RAMINIT)), '55');
      assert.equal(await ask(line, one), 'aa');
      assert.equal(await ask(line, end(3)), '55');
      assert.equal(await ask(line, ending), 'aa');
    });
  });

  for (const [acceptsRepeats, answer] of [
    [false, '55'],
    [true, 'aa'],
  ] as const) {
    it(`a repeated data packet is answered ${answer} when made so, and never stored twice`, () => {
      const r = rig({ acceptsRepeats });
      return r.run(async () => {
        const line = await bootrom(r);
        const packets = component(1, Buffer.alloc(2048, 3));
        assert.equal(await ask(line, packets[0] as Buffer), 'aa');
        assert.equal(await ask(line, packets[1] as Buffer), 'aa');
        assert.equal(await ask(line, packets[1] as Buffer), answer);
        assert.equal(await ask(line, packets[2] as Buffer), 'aa');
        assert.equal(await ask(line, packets[3] as Buffer), 'aa');
      });
    });
  }

  it('a new head starts the component anew', () => {
    const r = rig();
    return r.run(async () => {
      const line = await bootrom(r);
      const packets = component(1, Buffer.alloc(2048, 3));
      await ask(line, packets[0] as Buffer);
      await ask(line, packets[1] as Buffer);
      for (const packet of packets) assert.equal(await ask(line, packet), 'aa');
    });
  });

  it('puts packets together that arrive in pieces, and numbers wrap after 255', () => {
    const r = rig();
    return r.run(async () => {
      const line = await bootrom(r);
      for (const packet of component(1, Buffer.alloc(260 * 1024 + 10, 9))) {
        line.send(packet.subarray(0, 3));
        assert.equal(await ask(line, packet.subarray(3)), 'aa');
      }
    });
  });

  it('has no memory for a loader before the DDR is set up', () => {
    const r = rig();
    return r.run(async () => assert.equal(await ask(await bootrom(r), head(2, 4096, 0x30004000)), '55'));
  });

  it('hangs off the bus when the component is no loader for this chip, until it is plugged in anew', () => {
    const r = rig();
    return r.run(async () => {
      assert.equal(await start(r, Buffer.alloc(3000, 1)), undefined);
      r.stick.plug();
      await r.settle('cdrom-hilink', 0);
    });
  });

  for (const [erase, erased] of [
    ['none', false],
    ['live', true],
    ['call patched', false],
    ['callee patched', false],
  ] as const) {
    it(`a loader whose erase call is ${erase} ${erased ? 'erases the NAND, NV included' : 'erases nothing'}`, () => {
      const r = rig();
      return r.run(async () => {
        assert.equal(await start(r, loaderImage(erase)), 'loader');
        assert.equal(r.stick.nvErased, erased);
        r.stick.plug();
        await r.settle(erased ? 'bootrom' : 'cdrom-hilink', erased ? 1 : 0);
      });
    });
  }
});
