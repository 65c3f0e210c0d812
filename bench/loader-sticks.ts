/**
 * Virtual sticks with a running loader in a process of their own, each behind a tty that socat makes of its TCP port.
 * Arguments: how many, and the milliseconds that the loader takes to store a full buffer of 2 MiB. Sends the ttys' paths;
 * ends when its parent does.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { upload } from '../src/flash/upload-and-write';
import { systemClock } from '../src/host/clock';
import { waitForStick } from '../src/stick/watch';
import { VirtualHost } from '../src/virtual/host';
import { makeLoader } from '../src/virtual/make-files';
import { serveVirtual } from '../src/virtual/serve';
import { VirtualStick } from '../src/virtual/stick';

/** The loader listens on its third port. */
const TTY = 2;

async function main(count: number, slowAck: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'e3272-bench-'));
  const relays: ReturnType<typeof spawn>[] = [];
  const timing = { plug: 10, firstTty: 5, nextTty: 5, jump: 10, offBus: 10, slowAck };
  const sticks = Array.from({ length: count }, (_, i) => {
    const portPath = `1-${i + 1}`;
    return new VirtualStick({ clock: systemClock, name: `virtual-${i + 1}`, portPath, seed: i + 1, timing });
  });
  const host = new VirtualHost({ sticks, clock: systemClock });
  process.once('disconnect', () => {
    for (const relay of relays) relay.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
    process.exit(0);
  });
  const paths: string[] = [];
  for (const stick of sticks) {
    stick.plug({ bootPin: true });
    await waitForStick(host, stick.portPath, (now) => now?.mode === 'boot' && now.withoutTty === 0, {
      timeoutMs: 10_000,
    });
    const report = await upload(host, { which: stick.portPath, loader: makeLoader(), confirm: () => true });
    if (report.error) throw report.error;
    const { ports } = await serveVirtual({ sticks: [stick], as: { kind: 'ttys', port: 0 } });
    const path = join(folder, stick.portPath);
    const relay = spawn(
      'socat',
      ['-d', '-d', `pty,link=${path},raw,echo=0,ignoreeof`, `tcp:127.0.0.1:${ports.get(TTY)},nodelay`],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    relays.push(relay);
    for (let log = ''; !log.includes('starting data transfer'); ) {
      const [chunk] = (await once(relay.stderr, 'data')) as [Buffer];
      log += chunk.toString();
    }
    relay.stderr.resume();
    paths.push(path);
  }
  process.send?.(paths);
}

main(Number(process.argv[2]), Number(process.argv[3])).catch((error: unknown) => {
  process.stderr.write(`${error}\n`);
  process.exit(1);
});
