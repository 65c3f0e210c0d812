import { realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SerialPort } from 'serialport';
import { type DriverError, failure } from '../errors';
import { holdersOf, type Program } from './holders';
import type { TtyPort } from './host';
import { LinuxTtyPort } from './tty';
import { busy, gone, openError } from './tty-errors';

/** What `serialport` opens ports with on this platform. */
type Binding = Pick<typeof SerialPort.binding, 'open'>;

export interface OpenTtyOptions {
  /** Where /proc is looked for, to name the holder of a busy port. */
  root?: string;
  /** Loads the native module; replaced in tests. */
  load?: () => Promise<Binding>;
}

/**
 * Opens the tty at `path`: raw, 115200 8N1, no flow control, locked by `flock`.
 * (Exclusive mode, TIOCEXCL, cannot be set from here: a program that does not lock is not kept out.)
 * Errors: PORT_BUSY (names the holder), NO_PERMISSION, STICK_GONE, NATIVE_MISSING, BAD_ARGUMENT (no tty).
 */
export async function openTty(path: string, { root = '', load = loadBinding }: OpenTtyOptions = {}): Promise<TtyPort> {
  let native: Awaited<ReturnType<Binding['open']>>;
  const binding = await load().catch((cause: unknown) => {
    throw nativeMissing(cause);
  });
  try {
    native = await binding.open({
      path,
      baudRate: 115_200,
      dataBits: 8,
      stopBits: 1,
      parity: 'none',
      rtscts: false,
      hupcl: false,
      lock: true,
    });
  } catch (cause) {
    throw await openError(path, cause, root);
  }
  // On Windows it has neither: this host is Linux.
  if (!('poller' in native) || native.fd === null) throw gone(path, undefined);
  const others = await othersOn(path, root);
  if (others.length > 0) {
    await native.close().catch(() => undefined);
    throw busy(path, others, undefined);
  }
  return new LinuxTtyPort(path, native, native.fd);
}

/**
 * Who else has the port open, without a lock (ModemManager, `cat`): he would eat half of what the stick says, and root gets
 * in all the same. Not asked of a pseudo terminal: its maker holds it too.
 */
async function othersOn(path: string, root: string): Promise<Program[]> {
  const node = await realpath(path).catch(() => path);
  if (node.startsWith('/dev/pts/')) return [];
  return (await holdersOf(node, root).catch(() => [])).filter(({ pid }) => pid !== process.pid);
}

/** What takes longest of `serialport`; each part is loaded in a turn of its own, or Node-RED would stand still for 30 ms. */
const PARTS = ['debug', '@serialport/bindings-cpp', '@serialport/stream', 'serialport'];

/**
 * Only at the first open: nothing else needs the native module, and it may be missing. The binding of `serialport` without
 * its stream, which would double the time per block of a firmware write.
 */
export async function loadBinding(): Promise<Binding> {
  // As its own files find them: where they are installed is its business.
  const inside = createRequire(require.resolve('serialport'));
  let loaded: unknown;
  for (const part of PARTS) {
    await nextTurn();
    loaded = inside(part);
  }
  return (loaded as typeof import('serialport')).SerialPort.binding;
}

const nativeMissing = (cause: unknown): DriverError => failure('NATIVE_MISSING/serial', {}, { cause });
