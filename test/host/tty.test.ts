import assert from 'node:assert/strict';
import { execFileSync, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import {
  closeSync,
  constants,
  openSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type DriverError, isDriverError } from '../../src/errors';
import type { TtyPort } from '../../src/host/host';
import { openTty } from '../../src/host/open-tty';
import { LinuxTtyPort } from '../../src/host/tty';
import { random } from '../support/random';
import { tempFolder } from '../support/temp-folder';
import { openPtyPair, type PtyPair } from './pty';
import { FakeMachine } from './tree';

const ignore = () => undefined;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Resolves with the error that `port` is lost with. */
const lost = (port: TtyPort) => new Promise<DriverError>((resolve) => port.receive(ignore, resolve));

const isOpenHere = (path: string): boolean =>
  readdirSync('/proc/self/fd').some((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      return false;
    }
  });

describe('a tty', () => {
  let pty: PtyPair;
  beforeEach(async () => {
    pty = await openPtyPair();
  });
  afterEach(() => pty.stop());

  it('carries a megabyte of all bytes there and back', async () => {
    const a = await openTty(pty.a);
    const b = await openTty(pty.b);
    const next = random(7);
    const sent = Buffer.from(Uint8Array.from({ length: 1 << 20 }, (_, i) => (i < 4096 ? i : next(256))));
    b.receive((chunk) => void b.write(chunk).catch(ignore), ignore);
    const got: Buffer[] = [];
    let length = 0;
    await new Promise<void>((resolve, reject) => {
      a.receive((chunk) => {
        got.push(Buffer.from(chunk));
        length += chunk.length;
        if (length >= sent.length) resolve();
      }, reject);
      a.write(sent).catch(reject);
    });
    assert.ok(Buffer.concat(got).equals(sent));
    await a.close();
    await b.close();
  });

  it('keeps the order of writes that overtake the line, and lets the caller have its buffer back', async () => {
    const a = await openTty(pty.a);
    const b = await openTty(pty.b);
    const block = new Uint8Array(30_000);
    const writes: Promise<void>[] = [];
    for (let n = 0; n < 20; n++) {
      block.fill(n);
      writes.push(a.write(block));
    }
    let length = 0;
    let inOrder = true;
    await new Promise<void>((resolve, reject) => {
      b.receive((chunk) => {
        for (const byte of chunk) inOrder &&= byte === Math.floor(length++ / block.length);
        if (length === 20 * block.length) resolve();
      }, reject);
    });
    await Promise.all(writes);
    assert.ok(inOrder);
    await a.close();
    await b.close();
  });

  it('is told to be gone exactly once when the line is hung up, and its descriptor is closed', async () => {
    const a = await openTty(pty.a);
    let told = 0;
    const gone = new Promise<DriverError>((resolve) => {
      a.receive(ignore, (error) => {
        told++;
        resolve(error);
      });
    });
    assert.ok(isOpenHere(pty.a));
    await pty.stop();
    const error = await gone;
    assert.equal(error.code, 'STICK_GONE');
    assert.equal(error.stick, pty.a);
    assert.equal(error.reason, 'port');
    assert.equal(a.isOpen, false);
    await assert.rejects(a.write(Buffer.from('AT\r')), (e) => isDriverError(e, 'STICK_GONE'));
    await a.close();
    assert.equal(isOpenHere(pty.a), false);
    await turn();
    assert.equal(told, 1);
  });

  it('is told to be gone although nobody listened when it happened', async () => {
    const a = await openTty(pty.a);
    await pty.stop();
    await assert.rejects(a.write(Buffer.from('AT\r')), (e) => isDriverError(e, 'STICK_GONE'));
    assert.equal((await lost(a)).code, 'STICK_GONE');
  });

  it('fails a blocked write when the line is hung up', async () => {
    const a = await openTty(pty.a);
    const gone = lost(a);
    const blocked = assert.rejects(a.write(new Uint8Array(1 << 20)), (e) => isDriverError(e, 'STICK_GONE'));
    await pty.stop();
    await blocked;
    assert.equal((await gone).code, 'STICK_GONE');
  });

  it('can be closed in the middle of a blocked write, twice, without a word to the receiver', async () => {
    const a = await openTty(pty.a);
    let words = 0;
    a.receive(
      () => words++,
      () => words++,
    );
    const first = assert.rejects(a.write(new Uint8Array(1 << 20)), (e) => isDriverError(e, 'STICK_GONE'));
    const second = assert.rejects(a.write(Buffer.from('AT\r')), (e) => isDriverError(e, 'STICK_GONE'));
    await turn();
    await Promise.all([a.close(), a.close()]);
    await first;
    await second;
    assert.equal(a.isOpen, false);
    assert.equal(isOpenHere(pty.a), false);
    await turn();
    assert.equal(words, 0);
    // The next to come finds the line free.
    await (await openTty(pty.a)).close();
  });

  it('is refused while this process has it open, and names it', async () => {
    const a = await openTty(pty.a);
    await assert.rejects(openTty(pty.a), (e) => {
      assert.ok(isDriverError(e, 'PORT_BUSY'));
      assert.match(e.message, new RegExp(`this process \\(pid ${process.pid}\\)`));
      return true;
    });
    await a.close();
  });

  it('is refused while another program has locked it, and names that', async () => {
    const other = fork(join(__dirname, 'holder.js'), [pty.a]);
    try {
      await once(other, 'message');
      await assert.rejects(openTty(pty.a), (e) => {
        assert.ok(isDriverError(e, 'PORT_BUSY'));
        assert.match(e.message, new RegExp(`\\(pid ${other.pid}\\)`));
        return true;
      });
    } finally {
      other.kill();
      await once(other, 'exit');
    }
  });

  it('survives a receiver that throws: the port is lost, the process is not', async () => {
    const a = await openTty(pty.a);
    const b = await openTty(pty.b);
    const error = await new Promise<DriverError>((resolve) => {
      a.receive(() => {
        throw new Error('receiver');
      }, resolve);
      b.write(Buffer.from('x')).catch(ignore);
    });
    assert.equal(error.code, 'STICK_GONE');
    assert.match(String(error.cause), /receiver/);
    await b.close();
  });
});

describe('opening a tty', () => {
  const failing = (text: string) => ({
    load: async () => ({ open: () => Promise.reject(new Error(text)) }),
  });
  for (const [text, code] of [
    ['Error: Permission denied, cannot open /dev/ttyUSB0', 'NO_PERMISSION'],
    ['Error: Operation not permitted, cannot open /dev/ttyUSB0', 'NO_PERMISSION'],
    ['Error: Device or resource busy, cannot open /dev/ttyUSB0', 'PORT_BUSY'],
    ['Error: Resource busy, cannot open /dev/ttyUSB0', 'PORT_BUSY'],
    ['Error Resource temporarily unavailable Cannot lock port', 'PORT_BUSY'],
    ['Error: No such file or directory, cannot open /dev/ttyUSB0', 'STICK_GONE'],
    ['Error: No such device or address, cannot open /dev/ttyUSB0', 'STICK_GONE'],
    ['Error: No such device, cannot open /dev/ttyUSB0', 'STICK_GONE'],
    ['Error: Input/output error, cannot open /dev/ttyUSB0', 'STICK_GONE'],
    ['Error: Inappropriate ioctl for device setting custom baud rate of 4098', 'BAD_ARGUMENT'],
  ] as const) {
    it(`${code}: ${text}`, async () => {
      await assert.rejects(openTty('/dev/ttyUSB0', failing(text)), (e) => {
        assert.ok(isDriverError(e, code), String(e));
        assert.ok(e.message.includes('/dev/ttyUSB0'));
        assert.equal(e.reason, code === 'BAD_ARGUMENT' ? 'no-tty' : 'port');
        assert.ok(e.cause instanceof Error);
        return true;
      });
    });
  }

  describe('that a program has open without a lock', () => {
    let machine: FakeMachine;
    let closed: number;
    beforeEach(() => {
      machine = new FakeMachine();
      closed = 0;
    });
    afterEach(() => machine.remove());

    /** The lock is free: the binding opens the port. */
    const open = (path: string) => {
      const native = {
        fd: 99,
        poller: new EventEmitter(),
        close: async () => void closed++,
        flush: async () => undefined,
      };
      const load = async () => ({ open: async () => native as never });
      return openTty(path, { root: machine.root, load });
    };

    it('is refused before anything is written, names the program, and is closed again', async () => {
      machine.run(812, 'ModemManager', ['/dev/null', '/dev/ttyUSB0']);
      machine.run(90, 'cat', ['/dev/ttyUSB0']);
      machine.run(91, 'bash', ['/dev/ttyUSB1']);
      await assert.rejects(open('/dev/ttyUSB0'), (e) => {
        assert.ok(isDriverError(e, 'PORT_BUSY'), String(e));
        assert.match(e.message, /ModemManager \(pid 812\)/);
        assert.match(e.message, /cat \(pid 90\)/);
        assert.doesNotMatch(e.message, /bash/);
        return true;
      });
      assert.equal(closed, 1);
    });

    it('is refused under the name of a link, too', async () => {
      const node = join(machine.root, 'dev/ttyUSB0');
      writeFileSync(node, '');
      symlinkSync(node, join(machine.root, 'dev/modem'));
      machine.run(90, 'cat', [node]);
      await assert.rejects(open(join(machine.root, 'dev/modem')), (e) => isDriverError(e, 'PORT_BUSY'));
    });

    it('is opened while only this process, or nobody, has it', async () => {
      machine.run(process.pid, 'node', ['/dev/ttyUSB0']);
      machine.run(91, 'bash', ['/dev/ttyUSB1']);
      const port = await open('/dev/ttyUSB0');
      assert.equal(port.isOpen, true);
      await port.close();
    });
  });

  it('says so where the native module does not load', async () => {
    const load = () => Promise.reject(new Error('No native build was found'));
    await assert.rejects(openTty('/dev/ttyUSB0', { load }), (e) => {
      assert.ok(isDriverError(e, 'NATIVE_MISSING/serial'));
      assert.ok(e.cause instanceof Error);
      return true;
    });
  });

  it('really refuses a missing node and a plain file', async () => {
    const folder = tempFolder('tty');
    writeFileSync(join(folder, 'file'), '');
    await assert.rejects(openTty(join(folder, 'none')), (e) => isDriverError(e, 'STICK_GONE'));
    await assert.rejects(openTty(join(folder, 'file')), (e) => isDriverError(e, 'BAD_ARGUMENT'));
    rmSync(folder, { recursive: true });
  });
});

describe('a tty whose poller plays up', () => {
  class Poller extends EventEmitter {
    asked: number[] = [];
    failure: Error | undefined;
    poll(flags: number): void {
      if (this.failure) throw this.failure;
      this.asked.push(flags);
    }
  }

  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  /** A port on one end of a named pipe: empty it says EAGAIN, without a writer it says "end". */
  function rig(close: () => Promise<void> = () => Promise.resolve()) {
    const folder = tempFolder('pipe');
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    const poller = new Poller();
    let closed = 0;
    const native = {
      fd,
      poller,
      flush: () => Promise.resolve(),
      close: () => {
        closed++;
        closeSync(fd);
        return close();
      },
    };
    const port = new LinuxTtyPort(path, native, fd);
    folders.push(folder);
    return { port, poller, writer, closes: () => closed };
  }

  it('goes on after a call for nothing', async () => {
    const { port, poller, writer } = rig();
    const got: string[] = [];
    let gone = 0;
    port.receive(
      (chunk) => got.push(Buffer.from(chunk).toString()),
      () => gone++,
    );
    poller.emit('readable', null);
    writeSync(writer, 'OK');
    poller.emit('readable', null);
    await turn();
    assert.deepEqual(got, ['OK']);
    assert.equal(gone, 0);
    assert.deepEqual(poller.asked, [1, 1, 1]);
    await port.close();
    closeSync(writer);
  });

  it('takes zero bytes for a hang-up, once, and lets go of everything', async () => {
    const { port, poller, writer, closes } = rig();
    const gone = lost(port);
    closeSync(writer);
    const [listener] = poller.listeners('readable');
    poller.emit('readable', null);
    // What was on its way from the poller comes all the same.
    listener?.call(poller, new Error('Canceled'));
    assert.equal((await gone).code, 'STICK_GONE');
    assert.equal(closes(), 1);
    assert.equal(poller.eventNames().length, 0);
    await port.close();
    assert.equal(closes(), 1);
  });

  it('takes an error of the poller for a hang-up, with and without a receiver', async () => {
    for (const listen of [true, false]) {
      const { port, poller, writer } = rig();
      const early = listen ? lost(port) : undefined;
      poller.emit('readable', new Error('bad file descriptor'));
      poller.emit('writable', new Error('bad file descriptor'));
      const error = await (early ?? lost(port));
      assert.equal(error.code, 'STICK_GONE');
      assert.equal(port.isOpen, false);
      closeSync(writer);
    }
  });

  it('takes a poller that cannot be asked for a hang-up', async () => {
    const { port, poller, writer } = rig();
    poller.failure = new Error('bad file descriptor');
    assert.equal((await lost(port)).code, 'STICK_GONE');
    closeSync(writer);
  });

  it('never rejects when closing fails', async () => {
    const { port, writer, closes } = rig(() => Promise.reject(new Error('unable to close')));
    await port.close();
    await port.close();
    assert.equal(closes(), 1);
    closeSync(writer);
  });
});
