import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface PtyPair {
  /** Paths of the two ends: what is written to one is read from the other. */
  a: string;
  b: string;
  /** Hangs up both ends, as if a stick had been unplugged. */
  stop(): Promise<void>;
}

/** Two ttys that are joined in the kernel's and socat's hands: real descriptors, real line discipline. */
export async function openPtyPair(): Promise<PtyPair> {
  const socat = spawn('socat', ['-d', '-d', 'pty,raw,echo=0', 'pty,raw,echo=0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  const ready = new Promise<void>((resolve, reject) => {
    socat.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes('starting data transfer')) resolve();
    });
    socat.once('error', (error) => reject(new Error(`socat does not start (apt-get install socat): ${error.message}`)));
    socat.once('exit', () => reject(new Error(`socat has ended: ${log}`)));
  });
  await ready;
  const [a, b] = [...log.matchAll(/PTY is (\S+)/g)].map((m) => m[1]);
  if (a === undefined || b === undefined) throw new Error(`socat named no two ttys: ${log}`);
  return {
    a,
    b,
    async stop() {
      if (socat.exitCode !== null || socat.signalCode !== null) return;
      const ended = once(socat, 'exit');
      socat.kill('SIGKILL');
      await ended;
    },
  };
}
