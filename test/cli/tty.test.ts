import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFirmware } from '../../src/virtual/make-files';
import { e3272, start } from './e3272';

/** A base whose next ports are free as well, as far as a look can tell. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** A virtual stick in a process of its own, and a real tty of one of its ports, made anew whenever it drops. */
class Served {
  readonly link: string;
  readonly #child: ReturnType<typeof start>;
  readonly #folder: string;
  #socat: ChildProcess | undefined;
  #over = false;

  private constructor(folder: string, child: ReturnType<typeof start>) {
    this.#folder = folder;
    this.link = join(folder, 'tty');
    this.#child = child;
  }

  static async open(mode: string, tty: number): Promise<Served> {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'e3272-tty-'));
    const child = start('--json', 'virtual', '--mode', mode, '--tcp', String(port), '--log', join(folder, 'log'));
    await once(child.child.stdout, 'data');
    const served = new Served(folder, child);
    served.#connect(port + tty);
    await served.#when(() => existsSync(served.link));
    return served;
  }

  /** Resolves when the stick has noticed something of this kind. */
  noticed(what: string): Promise<void> {
    return this.#when(() => readFileSync(join(this.#folder, 'log'), 'utf8').includes(`"what":"${what}"`));
  }

  order(order: object): void {
    this.#child.child.stdin.write(`${JSON.stringify(order)}\n`);
  }

  async close(): Promise<void> {
    this.#over = true;
    this.#socat?.kill('SIGKILL');
    this.#child.child.kill('SIGTERM');
    await this.#child.ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #connect(port: number): void {
    if (this.#over) return;
    const target = `tcp:127.0.0.1:${port},retry=100,interval=0.1`;
    this.#socat = spawn('socat', [`pty,link=${this.link},raw,echo=0`, target], { stdio: 'ignore' });
    this.#socat.once('exit', () => this.#connect(port));
  }

  /** Looks at each change in the folder. */
  #when(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!condition()) return;
        watcher.close();
        resolve();
      };
      const watcher = watch(this.#folder, look);
      look();
    });
  }
}

describe('e3272 --tty, on a real tty of a served virtual stick', function () {
  this.timeout(120_000);
  let served: Served;
  afterEach(() => served.close());

  it('at talks through it, a second process is BUSY meanwhile', async () => {
    served = await Served.open('tty', 1);
    const ran = await e3272('--tty', served.link, 'at', 'AT', 'ATI');
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /Model: E3272/);

    served.order({ fault: 'silence', at: 'at', count: 100 });
    const first = start('--tty', served.link, 'at', 'AT');
    // The lock is taken before the port is asked: the first line that the modem misses proves it.
    await served.noticed('fault');
    const second = await e3272('--tty', served.link, '--json', 'at', 'AT');
    assert.equal(second.code, 1);
    assert.equal(second.result['code'], 'BUSY', second.stderr);
    first.child.kill('SIGKILL');
    await first.ended;
  });

  it('convert sets the ports and waits for the tty to answer again; proven by answers only, and it says so', async () => {
    served = await Served.open('tty', 1);
    const ran = await e3272('--tty', served.link, '--json', 'convert', '--setport', 'FF;10,12,16', '--yes');
    assert.equal(ran.code, 0, ran.stderr);
    assert.equal(ran.result['provenBy'], 'acknowledgements');
    assert.equal((ran.result['modem'] as { setport: string }).setport, 'FF;10,12,16');
  });

  it('write refuses a made-up file, dry run or not', async () => {
    served = await Served.open('loader', 2);
    const firmware = join(tmpdir(), `e3272-tty-${process.pid}.bin`);
    writeFileSync(firmware, makeFirmware());
    try {
      const ran = await e3272('--tty', served.link, '--json', 'write', firmware, '--yes', '--keep');
      // The local machine takes no made-up file, whatever is behind the tty.
      assert.equal(ran.code, 1);
      assert.equal(ran.result['code'], 'FIRMWARE_SYNTHETIC');
      const dry = await e3272('--tty', served.link, '--json', 'write', firmware, '--dry-run');
      assert.equal(dry.result['code'], 'FIRMWARE_SYNTHETIC');
    } finally {
      rmSync(firmware);
    }
  });

  it('a tty that is none, or is not there, is refused with the reason', async () => {
    served = await Served.open('tty', 1);
    const missing = await e3272('--tty', join(tmpdir(), 'no-such-tty'), '--json', 'at', 'AT');
    assert.equal(missing.result['code'], 'STICK_NOT_FOUND');
    const regular = await e3272('--tty', __filename, '--json', 'at', 'AT');
    assert.equal(regular.code, 2);
    assert.equal(regular.result['code'], 'BAD_ARGUMENT');
  });
});
