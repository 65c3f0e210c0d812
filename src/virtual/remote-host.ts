/**
 * A virtual stick that another process of this machine serves, behind the driver's host seam: bus, ttys and bulk pipes are
 * there (host-server.ts), the lock, the notes and what is told to all are on this machine, as with a real stick. It has a
 * host of its own: whoever looks for a stick among the real ones never finds it.
 */

import { type DriverError, failure } from '../errors';
import { systemClock } from '../host/clock';
import type { Clock, Host, UsbDevice } from '../host/host';
import { lockStick } from '../host/lock';
import { Marks } from '../host/marks';
import { Notes } from '../host/notes';
import { bootId, machineUptime } from '../host/presence';
import { stateMembers } from '../host/state';
import { Listeners } from '../listeners';
import { parseServedName, type ServedName, servedText } from '../served-name';
import type { StickEvent } from './events';
import { RemoteLink } from './remote-link';
import { RemoteBulkPipe, RemoteTtyPort } from './remote-ports';
import { remoteNetwork } from './remote-web';

export interface RemoteVirtualHostOptions extends ServedName {
  clock?: Clock;
  /** Folder that stands for `/`: locks and what is told to all are there. */
  root?: string;
  /** Where what lasts is kept: the first is written, all are read. See {@link import('../host/state-folders').stateFolders}. */
  stateFolders?: readonly string[];
}

export interface RemoteVirtualHost extends Host {
  /** Undefined while nobody can tell: the program that serves it is not there. */
  readonly plugged: boolean | undefined;
  /** As the bus shows it, as far as is known; see {@link Host.scan}. */
  readonly device: UsbDevice | undefined;
  /** An order as in docs/virtual-stick.md. Errors: BAD_ARGUMENT, WRONG_MODE, and those of {@link Host.scan}. */
  order(order: object): Promise<void>;
  /** What happens inside the stick, while its server is there. Returns how to stop that. */
  onEvent(listener: (event: StickEvent) => void): () => void;
  /** Called when {@link plugged} or the bus may have changed. Returns how to stop that. */
  onChange(listener: () => void): () => void;
}

/**
 * The connection is made at the first use. While somebody watches the bus or hears events a server that is not there is
 * looked for again and again; {@link Host.unreachable} says why it is not.
 *
 * Its stick is at the place `<stickName>@127.0.0.1:<port>`. `scan` and all that opens something say STICK_NOT_FOUND where
 * nobody serves it. Error: BAD_ARGUMENT for a name or port that cannot be.
 */
export function createRemoteVirtualHost(options: RemoteVirtualHostOptions): RemoteVirtualHost {
  const { stickName, port, clock = systemClock, root = '', stateFolders } = options;
  const place = servedText({ stickName, port });
  parseServedName(place);
  const link = new RemoteLink({ stickName, port }, clock);
  /** What this process has open: its paths, and the storage interface. */
  const open = new Set<string>();

  const devices = (): UsbDevice[] => {
    const device = link.bus?.device;
    return device ? [{ ...device, portPath: place }] : [];
  };
  const follow = (start: () => () => void): (() => void) => {
    const stop = start();
    const release = link.use();
    return () => {
      stop();
      release();
    };
  };
  /** Opens one thing that nobody else has open. */
  async function claim<T>(what: string, work: (closed: () => void) => Promise<T>): Promise<T> {
    if (open.has(what)) throw busy(place, what);
    open.add(what);
    const closed = () => void open.delete(what);
    try {
      return await work(closed);
    } catch (error) {
      closed();
      throw error;
    }
  }

  return {
    kind: 'virtual',
    hasBus: true,
    real: false,
    clock,
    get plugged() {
      return link.bus?.plugged;
    },
    get device() {
      return devices()[0];
    },
    async scan() {
      await link.ask({ ask: 'scan' });
      return devices();
    },
    watch(listener) {
      let told = false;
      let stopped = false;
      const changes = new Listeners<UsbDevice[]>();
      changes.add(listener);
      const tell = () => {
        told = true;
        changes.tell(devices());
      };
      const stop = follow(() => link.changes.add(tell));
      const first = () => {
        if (!told && !stopped) tell();
      };
      link.ready().then(first, first);
      return {
        stop: () => {
          stopped = true;
          stop();
        },
      };
    },
    openTty: (path) => claim(`The port ${path}`, (closed) => RemoteTtyPort.open(link, path, closed)),
    openBulk: ({ address: usbAddress }, number) =>
      claim(`Interface ${number} (USB address ${usbAddress})`, (closed) =>
        RemoteBulkPipe.open(link, usbAddress, number, closed),
      ),
    network: () => remoteNetwork(link),
    storageVendor: () => Promise.resolve(undefined),
    mounts: () => Promise.resolve([]),
    lock: (portPath) => lockStick(portPath, { root }),
    reauthorize: () =>
      link.ask({ ask: 'reauthorize' }).then(
        (done) => done === true,
        () => false,
      ),
    ...stateMembers(new Notes(stateFolders), new Marks(root)),
    boot: () => bootId(root),
    uptime: machineUptime,
    presence: ({ address: usbAddress }) => {
      const { bus, instance } = link;
      return bus?.device?.address === usbAddress ? `${instance} ${stickName} ${bus.enumeration}` : undefined;
    },
    place: () => place,
    power: () => Promise.resolve({ autosuspend: 'off', hub: 'none' }),
    stayAwake: () => Promise.resolve(() => undefined),
    intruders: () => Promise.resolve([]),
    unreachable: () => link.away,
    async order(order) {
      await link.ask({ ask: 'order', order: { ...order } });
    },
    onEvent: (listener) => follow(() => link.events.add(listener)),
    onChange: (listener) => follow(() => link.changes.add(listener)),
  };
}

const busy = (stick: string, what: string): DriverError => failure('PORT_BUSY/virtual-own', { stick, what });
