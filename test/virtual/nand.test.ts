import assert from 'node:assert/strict';
import { type MadeLoader, makeLoader, partitionsWith, VIRTUAL_PARTITIONS } from '../../src/virtual/make-files';
import { component } from './bootrom-packets';
import { ACK, frames, hex, type Line, loaderImage, type Rig, rig } from './rig';

/** Uploads a loader past every check, and opens its download port. */
async function inLoader(r: Rig, proper: Uint8Array): Promise<Line> {
  r.stick.plug({ bootPin: true });
  await r.settle('bootrom', 1);
  const line = r.open(0);
  for (const packet of [...component(1, Buffer.alloc(100, 1)), ...component(2, proper)]) {
    line.send(packet);
    await line.until((t) => t.length > 0);
  }
  line.tty.close();
  await r.settle('loader', 3);
  return r.open(2);
}

async function ask(line: Line, frame: Uint8Array): Promise<void> {
  line.send(frame);
  assert.equal(hex(Buffer.from(await line.until((t) => t.length > 1 && t.endsWith('~')), 'latin1')), ACK);
}

/** One block of `bytes`, written as an image of this code. */
async function flash(line: Line, code: number, bytes: Uint8Array): Promise<void> {
  await ask(line, frames.start(code, bytes.length));
  await ask(line, frames.block(1, bytes));
  await ask(line, frames.end(code, bytes.length));
}

const proper = (options: MadeLoader) => makeLoader({ size: 20_000, ...options }).subarray(0x3c0);
const events = (r: Rig) => r.events.filter((e) => ['nv', 'bootload', 'erased'].includes(e.what));
const part = Buffer.alloc(4096, 7);

/** What the firmware says its IMEI is after a start. */
async function imei(r: Rig): Promise<string> {
  r.stick.plug();
  await r.settle('tty', 2);
  return /\d{15}/.exec(await r.open(0).at('AT+CGSN'))?.[0] ?? '';
}

describe('virtual stick: where images land', () => {
  it('where its own table has them nothing is destroyed', () => {
    const r = rig({ firmware: 'stick', setport: 'FF;10,12' });
    return r.run(async () => {
      const before = await imei(r);
      const line = await inLoader(r, proper({}));
      for (const code of [0x100, 0x101, 0x102, 0x104, 0x105, 0x107, 0xb0000]) await flash(line, code, part);
      assert.deepEqual(events(r), []);
      assert.equal(r.stick.nvErased, false);
      assert.equal(await imei(r), before);
      assert.match(before, /[1-9]/);
    });
  });

  it('an image that another table puts over NV destroys it, and no IMEI is left', () => {
    const cases: [number, number, number][] = [
      // Type, where it begins, and the first block of NV that is hit.
      [0x104, 0x1, 0x1],
      [0x104, 0xc, 0xc],
      [0x104, 0xd, 0xd],
      [0x107, 0x14, 0x14],
      [0x104, 0x135, 0x135],
      [0x105, 0x194, 0x194],
    ];
    return Promise.all(
      cases.map(([type, start, block]) => {
        const r = rig({ firmware: 'stick', setport: 'FF;10,12' });
        return r.run(async () => {
          const line = await inLoader(r, proper({ partitions: partitionsWith(type, { start }) }));
          await flash(line, type, part);
          await flash(line, type, part);
          assert.deepEqual(events(r), [{ what: 'nv', code: type, block }], `${type.toString(16)} at ${start}`);
          assert.equal(r.stick.nvErased, true);
          assert.equal(await imei(r), '0'.repeat(15));
        });
      }),
    );
  });

  it('beside NV is beside it; what is written counts, not what there is room for', () => {
    const r = rig({ timing: { slowAck: 0 } });
    return r.run(async () => {
      const line = await inLoader(r, proper({ partitions: partitionsWith(0x104, { start: 0x134 }) }));
      const block = Buffer.alloc(8192, 5);
      const write = async (count: number, last = block.length) => {
        await ask(line, frames.start(0x104, (count - 1) * block.length + last));
        for (let n = 1; n < count; n++) await ask(line, frames.block(n, block));
        await ask(line, frames.block(count, block.subarray(0, last)));
      };
      // 128 KiB, and one byte more.
      await write(16);
      assert.deepEqual(events(r), []);
      await write(17, 1);
      assert.deepEqual(events(r), [{ what: 'nv', code: 0x104, block: 0x135 }]);
    });
  });

  it('what is written over block 0 destroys BootLoad: the stick starts in its boot ROM until that is written again', () => {
    const r = rig({ firmware: 'stick', setport: 'FF;10,12' });
    return r.run(async () => {
      const line = await inLoader(r, proper({ partitions: partitionsWith(0x104, { start: 0 }) }));
      await flash(line, 0x104, part);
      assert.deepEqual(events(r), [{ what: 'bootload', code: 0x104 }]);
      r.stick.plug();
      await r.settle('bootrom', 1);
      const again = await inLoader(r, proper({}));
      await flash(again, 0x101, part);
      assert.equal(events(r).length, 1);
      r.stick.plug();
      await r.settle('tty', 2);
    });
  });

  it('BootLoad itself goes where the table has it, too', () => {
    const r = rig();
    return r.run(async () => {
      const line = await inLoader(r, proper({ partitions: partitionsWith(0x101, { start: 0x140 }) }));
      await flash(line, 0x101, part);
      assert.deepEqual(events(r), [{ what: 'nv', code: 0x101, block: 0x140 }]);
    });
  });

  it('a new table out of a boot image counts once the loader has started anew', () => {
    const r = rig();
    return r.run(async () => {
      const line = await inLoader(r, proper({}));
      await flash(
        line,
        0x102,
        proper({ partitions: partitionsWith(0x104, { start: 0x135 }) }).subarray(0x4000, 0x4400),
      );
      line.send(frames.one(0x0a));
      await r.event('mode');
      await r.settle('loader', 3);
      await flash(r.open(2), 0x104, part);
      assert.deepEqual(events(r), [{ what: 'nv', code: 0x104, block: 0x135 }]);
    });
  });

  it('a table that has all at 0 says nothing of places', () => {
    const r = rig();
    return r.run(async () => {
      const line = await inLoader(r, loaderImage());
      await flash(line, 0x107, part);
      assert.deepEqual(events(r), []);
    });
  });

  it('has the geometry of the E3272 when no loader says otherwise', () => {
    const r = rig({ firmware: 'stick', setport: 'FF;10,12' });
    return r.run(async () => {
      r.stick.plug();
      await r.settle('tty', 2);
      assert.match(await r.open(0).at('AT^GODLOAD'), /OK/);
      await r.settle('loader-godload', 2);
      const line = r.open(0);
      for (const { type } of VIRTUAL_PARTITIONS.filter(({ length }) => length > 0x10)) {
        if (type !== 0x106) await flash(line, type, part);
      }
      assert.deepEqual(events(r), []);
    });
  });
});
