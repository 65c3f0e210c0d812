/**
 * Signs of a change on the bus, without asking: the kernel makes and removes device nodes on its own file system for /dev,
 * and `fs.watch` tells within milliseconds.
 */

import { type FSWatcher, watch as fsWatch, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What wakes a watcher. */
export interface Waker {
  /**
   * Calls `onSign` at each sign that something has changed on the bus, and `onLost`, once, when no more will come. False
   * where there are no such signs; then neither is called.
   */
  start(onSign: () => void, onLost: () => void): boolean;
  /** Whether ttys that come or go are signs too. */
  hearTtys(wanted: boolean): void;
  stop(): void;
}

const TTY = /^tty(?:USB|ACM)\d/;

/**
 * Each device of the bus has a node `/dev/bus/usb/<bus>/<address>`, made and removed with it. Folders of buses come and go
 * with their controllers.
 *
 * /dev itself, where ttys are, is only watched while they are expected: many kernels count each write to a node as a change
 * of its folder, so a firmware write (or whoever writes to /dev/null all day) would wake this process thousands of times.
 */
export class DeviceNodes implements Waker {
  readonly #root: string;
  readonly #watch: typeof fsWatch;
  readonly #folders = new Map<string, FSWatcher>();
  #onSign: (() => void) | undefined;
  #onLost: (() => void) | undefined;

  /** `root`: folder that stands for `/`. */
  constructor(root: string, watch: typeof fsWatch = fsWatch) {
    this.#root = root;
    this.#watch = watch;
  }

  start(onSign: () => void, onLost: () => void): boolean {
    this.stop();
    if (!isKernels(this.#root)) return false;
    this.#onSign = onSign;
    this.#onLost = onLost;
    try {
      this.#hear(this.#bus, () => {
        this.#trying(() => this.#hearBuses());
        this.#onSign?.();
      });
      this.#hearBuses();
      return true;
    } catch {
      // No more watches allowed (ENOSPC), no descriptors left (EMFILE), no such folder.
      this.stop();
      return false;
    }
  }

  hearTtys(wanted: boolean): void {
    const dev = join(this.#root, '/dev');
    if (!wanted) this.#drop(dev);
    else if (this.#onLost && !this.#folders.has(dev)) {
      this.#trying(() => {
        this.#hear(dev, (name) => {
          if (name !== null && TTY.test(name)) this.#onSign?.();
        });
      });
    }
  }

  stop(): void {
    this.#onSign = undefined;
    this.#onLost = undefined;
    for (const folder of [...this.#folders.keys()]) this.#drop(folder);
  }

  get #bus(): string {
    return join(this.#root, '/dev/bus/usb');
  }

  /** The folders of all buses, as they are now. */
  #hearBuses(): void {
    const now = readdirSync(this.#bus).map((name) => join(this.#bus, name));
    for (const folder of [...this.#folders.keys()]) {
      if (dirname(folder) === this.#bus && !now.includes(folder)) this.#drop(folder);
    }
    for (const folder of now) if (!this.#folders.has(folder)) this.#hear(folder, () => this.#onSign?.());
  }

  /** Tells `heard` what comes or goes in `folder`. */
  #hear(folder: string, heard: (name: string | null) => void): void {
    // The timer of the watcher keeps the process alive.
    const watcher = this.#watch(folder, { persistent: false }, (type, name) => {
      if (type === 'rename') heard(name);
    });
    watcher.on('error', () => this.#lose());
    this.#folders.set(folder, watcher);
  }

  #trying(work: () => void): void {
    try {
      work();
    } catch {
      this.#lose();
    }
  }

  #lose(): void {
    const onLost = this.#onLost;
    this.stop();
    onLost?.();
  }

  #drop(folder: string): void {
    this.#folders.get(folder)?.close();
    this.#folders.delete(folder);
  }
}

/**
 * Whether the kernel itself keeps the nodes of the bus (devtmpfs). In a container they are often copies, which stay as they
 * are whatever is plugged in.
 */
function isKernels(root: string): boolean {
  try {
    // Of two mounts one upon the other the later one is seen.
    const mounts = readFileSync(join(root, '/proc/self/mountinfo'), 'latin1')
      .split('\n')
      .map((line) => line.split(' '));
    const type = ['/dev/bus/usb', '/dev/bus', '/dev']
      .map((folder) => mounts.filter((fields) => fields[4] === folder).at(-1))
      .find((fields) => fields !== undefined);
    return type?.[type.indexOf('-') + 1] === 'devtmpfs';
  } catch {
    return false;
  }
}
