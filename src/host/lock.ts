import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { type DriverError, failure } from '../errors';
import { errnoOf } from './files';
import { clearName, lockFolder, nameHolder, signName } from './holder-name';
import type { StickLock } from './host';

export interface LockOptions {
  /** Folder that stands for `/`; another root is another machine. */
  root?: string;
  /** Where the holder is named. */
  folder?: string;
  /** Whether the system has abstract sockets. */
  sockets?: boolean;
  /** The holder is not named: no file is written. */
  unnamed?: true;
}

/** sun_path of the kernel, bytes. */
const SUN_PATH = 108;

/**
 * The abstract UNIX socket that stands for the stick `name`: `\0e3272-<name>`, filled up with NULs. Node.js 20 always
 * binds all 108 bytes, later versions as many as they are given (libuv 1.48), and these would be two names. One that is
 * too long is named by its sha256.
 */
export function socketName(name: string, root = ''): string {
  const plain = `\0e3272-${root}${name}`;
  const hashed = () => `\0e3272-${createHash('sha256').update(`${root}${name}`).digest('hex')}`;
  const path = Buffer.byteLength(plain) < SUN_PATH ? plain : hashed();
  return path + '\0'.repeat(SUN_PATH - Buffer.byteLength(path));
}

/** Where there are no abstract sockets: what this process holds. */
const held = new Set<string>();

/**
 * Takes the lock of the stick `name` (port path, or the path of a tty): an abstract UNIX socket, which is the same for all
 * users of the machine and gone with its process, however that ends. A file in `folder` names the holder to the others, no
 * more: whatever lies there, the socket alone decides. Another network namespace (a container without `--network host`)
 * has sockets of its own: nothing is seen from there.
 *
 * Systems other than Linux have no such sockets. There only this process is kept apart from itself, and others by the
 * port, which is opened exclusively.
 *
 * Errors: BUSY, names the holder where it is known, "another program" where somebody else has the socket; NO_PERMISSION
 * where the system gives this process no socket.
 */
export async function lockStick(name: string, options: LockOptions = {}): Promise<StickLock> {
  const { root = '', folder = lockFolder(root), sockets = process.platform === 'linux' } = options;
  const free = sockets ? await bind(name, root, folder) : reserve(name, root, folder);
  const sign = options.unnamed ? undefined : signName(name, folder);
  let over = false;
  return {
    release() {
      if (over) return;
      over = true;
      // While nobody else can have written it.
      if (sign) clearName(sign);
      free();
    },
  };
}

async function bind(name: string, root: string, folder: string): Promise<() => void> {
  // Nobody has anything to say to it.
  const server = createServer((connection) => connection.destroy());
  try {
    await listen(server, socketName(name, root));
  } catch (error) {
    if (errnoOf(error) === 'EADDRINUSE') throw busy(name, folder);
    throw failure('NO_PERMISSION/socket', { stick: name }, { cause: error });
  }
  // A socket is no reason to go on running. Closing gives its name back at once.
  server.unref();
  return () => void server.close();
}

const listen = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path, exclusive: true }, resolve);
  });

function reserve(name: string, root: string, folder: string): () => void {
  const key = `${root}${name}`;
  if (held.has(key)) throw busy(name, folder);
  held.add(key);
  return () => void held.delete(key);
}

const busy = (stick: string, folder: string): DriverError =>
  failure('BUSY/program', { stick, holder: nameHolder(stick, folder) ?? 'another program' });
