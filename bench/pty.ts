import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TtyPort } from '../src/host/host';
import { openTty } from '../src/host/open-tty';
import { openPtyPair } from '../test/host/pty';

/** Runs `work` on one end of a pty whose other end answers as `kind` in a process of its own. */
export function withDevice<T>(kind: 'loader' | 'bootrom', work: (port: TtyPort) => Promise<T>): Promise<T> {
  return withTty(kind, async (path) => {
    const port = await openTty(path);
    try {
      return await work(port);
    } finally {
      await port.close();
    }
  });
}

/** The same with the path of that end, for another process. */
export async function withTty<T>(kind: 'loader' | 'bootrom', work: (path: string) => Promise<T>): Promise<T> {
  const pty = await openPtyPair();
  const device = fork(join(__dirname, 'pty-device.js'), [pty.b, kind]);
  try {
    await once(device, 'message');
    return await work(pty.a);
  } finally {
    device.kill();
    await pty.stop();
  }
}

/** Writes frames one after another, each when the answer to the one before has come: nothing can be plainer. */
export function stopAndWait(port: TtyPort, frames: readonly Uint8Array[], answerLength: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let next = 0;
    let got = 0;
    const send = () => {
      const frame = frames[next++];
      if (!frame) return resolve();
      port.write(frame).catch(reject);
    };
    port.receive((chunk) => {
      got += chunk.length;
      if (got < answerLength) return;
      got -= answerLength;
      send();
    }, reject);
    send();
  });
}

export async function time(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

export const median = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};
