/** What becomes of the pieces of an upload on this machine. */

import { realpathSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { type Asked, BadRequest } from './routes';

/** What an upload asks of the machine besides its files. */
export interface Surroundings {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Bytes that are free where `folder` is. */
  free(folder: string): Promise<number>;
  /** Returns how to call it off. */
  later(ms: number, act: () => void): () => void;
}

export const HERE: Surroundings = {
  now: () => performance.now(),
  free: async (folder) => {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  },
  later: (ms, act) => {
    const timer = setTimeout(act, ms).unref();
    return () => clearTimeout(timer);
  },
};

/** Whether a link leads from `path` to outside of its folder. */
export function leadsOut(path: string): boolean {
  try {
    return !realpathSync(path).startsWith(`${realpathSync(dirname(path))}${sep}`);
  } catch {
    return false;
  }
}

/** The bytes of a request, `most` at most. What breaks off harms nothing. Error: BadRequest. */
export async function bodyOf(asked: Asked, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of asked) {
      length += (chunk as Buffer).length;
      if (length > most) throw new BadRequest(413, 'The piece is larger than what is missing.');
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    throw error instanceof BadRequest ? error : new BadRequest(400, 'The piece did not come whole.');
  }
  if (length === 0) throw new BadRequest(400, 'The piece is empty.');
  return Buffer.concat(chunks);
}
