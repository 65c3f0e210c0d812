import assert from 'node:assert/strict';
import { encodeFrame } from '../../src/codec/hdlc';
import { component } from './bootrom-packets';
import { ACK, frames, hex, type Line, loaderImage, NAK7, type Rig, rig, unhex } from './rig';

const OK = '\r\nOK\r\n';

/** Uploads a loader and opens its download port. */
async function loader(r: Rig, image = loaderImage()): Promise<Line> {
  r.stick.plug({ bootPin: true });
  await r.settle('bootrom', 1);
  const line = r.open(0);
  for (const packet of [...component(1, Buffer.alloc(100, 1)), ...component(2, image)]) {
    line.send(packet);
    await line.until((t) => t.length > 0);
  }
  line.tty.close();
  await r.settle('loader', 3);
  return r.open(2);
}

/** Sends a frame, waits for the answer. */
async function ask(line: Line, frame: Uint8Array): Promise<string> {
  line.send(frame);
  return hex(Buffer.from(await line.until((t) => t.length > 1 && t.endsWith('~')), 'latin1'));
}

/** Sends a frame; the answer that is there at once, if any. */
const now = (line: Line, frame: Uint8Array): string => {
  line.send(frame);
  return hex(line.take());
};

describe('virtual stick: loader, AT strings', () => {
  it('answers its eleven strings, byte for byte', () => {
    const r = rig({ timing: { slowAck: 0 } });
    return r.run(async () => {
      const line = await loader(r);
      const table: [string, string][] = [
        ['ATE0', OK],
        ['ATE1', OK],
        ['AT+CMEE=0', OK],
        ['AT^DATAMODE', OK],
        ['AT^GODLOAD', OK],
        ['AT^DLOADVER?', `\r\n2.0\r\n${OK}`],
        ['AT^AUTHORITYVER?', `\r\n1000\r\n${OK}`],
        ['AT^AUTHORITYID?', '\r\nERROR\r\n'],
        ['AT^HWNATQRY?', `\r\n^HWNATQRY:0\r\n${OK}`],
      ];
      for (const [command, answer] of table) {
        line.send(`${command}\r`);
        assert.equal(line.text(), answer, command);
      }
      line.send('AT^DLOADINFO?\r');
      assert.equal(
        line.text(),
        `\r\nswver:22.470.07.00.00\r\n\r\nisover:\r\n\r\nproduct name:E3272\r\n\r\ndload type:1\r\n${OK}`,
      );
      line.send('AT^FLASHINFO?\r');
      assert.ok(line.text().endsWith(OK));
    });
  });

  it('answers nothing else: no plain AT, no other case, no two strings in one transfer, no trailing byte', () => {
    const r = rig();
    return r.run(async () => {
      const line = await loader(r);
      for (const text of [
        'AT\r',
        'ATI\r',
        'at^dloadver?\r',
        'AT^DLOADVER?',
        'AT^DLOADVER?\r\n',
        'ATE0\rATE1\r',
        'AT^RESET\r',
      ]) {
        line.send(text);
        assert.equal(line.text(), '', text);
      }
      assert.equal(now(line, frames.one(0x3a)), hex(frames.one(0x3a)), 'and is alive');
    });
  });

  it('its other two ttys are silent', () => {
    const r = rig();
    return r.run(async () => {
      await loader(r);
      for (const n of [0, 1]) {
        const other = r.open(n);
        other.send('AT^DLOADVER?\r');
        other.send(frames.one(0x45));
        assert.equal(other.text(), '');
      }
    });
  });
});

describe('virtual stick: loader, HDLC', () => {
  it('answers the recorded frames as recorded', () => {
    const r = rig({ timing: { slowAck: 0 } });
    return r.run(async () => {
      const line = await loader(r);
      const trace: [string, string][] = [
        ['7e0c143a7e', '0d0f37323030422d2d534b434241445a4dc37b7e'],
        ['7e45d1e57e', '7e45485541574549204533323732000000000000000082757e'],
        ['7e4100000101000000100000 0008bd7e', ACK],
        ['7e42000000010010000102030405060708090a0b0c0d0e0fa4c17e', ACK],
        ['7e430000001000000000000101000000000000000000000074937e', ACK],
        ['7e01f1e17e', '7e0300069e4c7e'],
      ];
      for (const [request, answer] of trace) assert.equal(await ask(line, unhex(request)), answer);
      assert.equal(hex(r.stick.flash.get(0x101) ?? Buffer.of()), '000102030405060708090a0b0c0d0e0f');
    });
  });

  it('sees through escapes, also in the CRC', () => {
    const r = rig();
    return r.run(async () => {
      const line = await loader(r);
      await ask(line, frames.start(0x107, 4));
      assert.equal(await ask(line, unhex('7e42000000010004 7d5e7d5d00ff ee5f7e')), ACK);
      assert.equal(hex(r.stick.flash.get(0x107) ?? Buffer.of()), '7e7d00ff');
      // Block 57 is out of order: NAK 07, not silence, so its escaped CRC was understood.
      assert.equal(now(line, unhex('7e42000000390000 7d5d667e')), NAK7);
    });
  });

  it('drops a wrong CRC, a bad escape and an overlong frame without a word, and goes on', () => {
    const r = rig();
    return r.run(async () => {
      const line = await loader(r);
      for (const bad of [
        unhex('7e45d1e67e'),
        unhex('7e457d00d1e57e'),
        Buffer.alloc(9000, 0x11),
        unhex('7e7e7e45d17e'),
      ]) {
        assert.equal(now(line, bad), '');
      }
      assert.equal(now(line, unhex('7e7e7e 45d1e5 7e')).slice(0, 4), '7e45');
    });
  });

  it('wants exact lengths: NAK 03, and NAK 04 where the length field differs', () => {
    const r = rig();
    return r.run(async () => {
      const line = await loader(r);
      assert.equal(now(line, encodeFrame(Uint8Array.of(0x45, 0))), '7e030003331b7e');
      assert.equal(now(line, encodeFrame(Uint8Array.of(0x41, 0, 0, 1, 1))), '7e030003331b7e');
      assert.equal(now(line, encodeFrame(Uint8Array.of(0x42, 0, 0, 0, 1, 0, 5, 1, 2))), '7e0300048c6f7e');
    });
  });
});

describe('virtual stick: loader, images', () => {
  const part = Buffer.alloc(4096, 0x7e);

  it('acknowledges a repeated block and does not store it; any other number is NAK 07 and changes nothing', () => {
    const r = rig({ timing: { slowAck: 0 } });
    return r.run(async () => {
      const line = await loader(r);
      const two = Buffer.alloc(100, 2);
      assert.equal(now(line, frames.start(0x107, 4196)), ACK);
      assert.equal(now(line, frames.block(2, part)), NAK7);
      assert.equal(now(line, frames.block(0, part)), NAK7);
      assert.equal(now(line, frames.block(1, part)), ACK);
      assert.equal(now(line, frames.block(1, part)), ACK);
      assert.equal(now(line, frames.block(3, two)), NAK7);
      assert.equal(now(line, frames.block(2, two)), ACK);
      assert.deepEqual(r.stick.flash.get(0x107), new Uint8Array([...part, ...two]));
    });
  });

  it('acknowledges an end although bytes are missing; what was not written never is', () => {
    const r = rig({ timing: { slowAck: 0 } });
    return r.run(async () => {
      const line = await loader(r);
      now(line, frames.start(0x107, 8192));
      now(line, frames.block(1, part));
      assert.equal(now(line, frames.end(0x107, 8192)), ACK);
      assert.equal(r.stick.flash.get(0x107), undefined);
      const ended = r.events.find((e) => e.what === 'image');
      assert.ok(ended?.what === 'image');
      assert.deepEqual([ended.size, ended.stored], [8192, 0]);
    });
  });

  it('a start resets everything: an image can be sent again from block 1', () => {
    const r = rig({ timing: { slowAck: 0 } });
    return r.run(async () => {
      const line = await loader(r);
      now(line, frames.start(0x107, 8192));
      now(line, frames.block(1, part));
      assert.equal(now(line, frames.start(0x107, 3)), ACK);
      assert.equal(now(line, frames.block(1, Uint8Array.of(1, 2, 3))), ACK);
      assert.equal(r.stick.flash.get(0x107)?.length, 3);
    });
  });

  it('knows its codes: others are NAK 07, also too large an ISO; size 0 is acknowledged', () => {
    const r = rig();
    return r.run(async () => {
      const line = await loader(r);
      for (const code of [0x101, 0x102, 0x103, 0x550103, 0x107, 0xa0000, 0x550000, 0x560000, 0xb0000, 5, 0x66, 0x100]) {
        assert.equal(now(line, frames.start(code, 100)), ACK, code.toString(16));
      }
      for (const code of [0x200, 0x20000, 0x30000, 0x40000, 0x250000, 0x106, 0x1ff]) {
        assert.equal(now(line, frames.start(code, 100)), NAK7, code.toString(16));
      }
      assert.equal(now(line, frames.start(0xb0000, 170 << 20)), ACK);
      assert.equal(now(line, frames.start(0xb0000, (170 << 20) + 1)), NAK7);
      assert.equal(now(line, frames.start(0xa0000, 501)), NAK7);
      assert.equal(now(line, frames.start(0x101, 0)), ACK);
    });
  });

  it('refuses the block that no longer fits into the partition', () => {
    const r = rig({ timing: { slowAck: 0 } });
    return r.run(async () => {
      const line = await loader(r);
      const size = 0x20000 + 1;
      assert.equal(now(line, frames.start(0x101, size)), ACK);
      for (let n = 1; n <= 32; n++) assert.equal(now(line, frames.block(n, part)), ACK);
      assert.equal(now(line, frames.block(33, Uint8Array.of(1))), NAK7);
    });
  });

  it('is slow to acknowledge at 2 MiB and at the last block, and only there', () => {
    const r = rig({ timing: { slowAck: 700 } });
    return r.run(async () => {
      const line = await loader(r);
      const big = Buffer.alloc(8192, 5);
      now(line, frames.start(0x107, 3 << 20));
      const slow: number[] = [];
      for (let n = 1; n <= 384; n++) {
        const before = r.clock.now();
        assert.equal(await ask(line, frames.block(n, big)), ACK);
        if (r.clock.now() - before === 700) slow.push(n);
      }
      assert.deepEqual(slow, [256, 384]);
    });
  });

  it('what arrives while it writes waits and is answered in order', () => {
    const r = rig({ timing: { slowAck: 700 } });
    return r.run(async () => {
      const line = await loader(r);
      now(line, frames.start(0x107, 4));
      line.send(Buffer.concat([frames.block(1, Buffer.alloc(4)), frames.block(1, Buffer.alloc(4))]));
      line.send(frames.one(0x3a));
      assert.equal(hex(line.take()), '');
      const all = await line.until((t) => t.length >= 15);
      assert.equal(Buffer.from(all, 'latin1').toString('hex'), ACK + ACK + hex(frames.one(0x3a)));
    });
  });
});

describe('virtual stick: loader, restart', () => {
  const vxworks = Buffer.from('made up VxWorks VIRTUAL-VERSION:21.420.99.07.00; end', 'latin1');

  async function flash(line: Line, code: number, bytes: Uint8Array): Promise<void> {
    assert.equal(await ask(line, frames.start(code, bytes.length)), ACK);
    assert.equal(await ask(line, frames.block(1, bytes)), ACK);
    assert.equal(await ask(line, frames.end(code, bytes.length)), ACK);
  }

  it('acknowledges a reset, leaves two seconds later and comes back as the flashed firmware', () => {
    const r = rig();
    return r.run(async () => {
      const line = await loader(r);
      await flash(line, 0x550103, vxworks);
      assert.equal(await ask(line, unhex('7e0a225f7e')), ACK);
      const acknowledged = r.clock.now();
      await r.event('mode');
      assert.equal(r.clock.now() - acknowledged, 2_000);
      await r.settle('cdrom-stick', 0);
    });
  });

  it('an image with the HiLink marker makes it HiLink again', () => {
    const r = rig({ firmware: 'stick' });
    return r.run(async () => {
      const line = await loader(r);
      await flash(line, 0x103, Buffer.from('E3272-VIRTUAL-HILINK'));
      await ask(line, frames.one(0x0a));
      await r.settle('cdrom-hilink', 0);
    });
  });

  it('with half a VxWorks it is back in its boot ROM', () => {
    const r = rig();
    return r.run(async () => {
      const line = await loader(r);
      const big = Buffer.alloc(8192, 5);
      now(line, frames.start(0x103, 4 << 20));
      for (let n = 1; n <= 300; n++) await ask(line, frames.block(n, big));
      await ask(line, frames.end(0x103, 4 << 20));
      await ask(line, frames.one(0x0a));
      await r.settle('bootrom', 1);
    });
  });

  it('a BootRom with another partition table needs a restart in between, and then reports dload type:0', () => {
    const r = rig();
    return r.run(async () => {
      const line = await loader(r);
      await flash(line, 0x102, loaderImage('none', 0xf0));
      assert.equal(now(line, frames.start(0x107, 4)), NAK7);
      assert.equal(await ask(line, frames.one(0x0a)), ACK);
      await r.event('mode');
      await r.settle('loader', 3);
      const again = r.open(2);
      again.send('AT^DLOADINFO?\r');
      assert.match(again.text(), /dload type:0/);
      await flash(again, 0x107, Uint8Array.of(1, 2, 3, 4));
      await flash(again, 0x102, loaderImage('none', 0xf0));
      assert.equal(now(again, frames.start(0x107, 4)), ACK, 'the new table is the present one now');
    });
  });

  it('a BootRom with the same partition table needs none', () => {
    const r = rig();
    return r.run(async () => {
      const line = await loader(r);
      await flash(line, 0x102, loaderImage());
      assert.equal(now(line, frames.start(0x107, 4)), ACK);
    });
  });
});
