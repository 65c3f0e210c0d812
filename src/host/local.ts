import { isAddon } from './addon';
import { systemClock } from './clock';
import { configure } from './configure';
import { readConnection } from './connection';
import type { Clock, Host } from './host';
import { findIntruders } from './intruders';
import { lockStick } from './lock';
import { findBroken, readMachine } from './machine';
import { Marks } from './marks';
import { listMounts } from './mounts';
import { type Interfaces, readNetwork } from './network';
import { Notes } from './notes';
import { loadBinding, type OpenTtyOptions, openTty } from './open-tty';
import { inhibitSleep, readPower } from './power';
import { bootId, machineUptime } from './presence';
import { reauthorize } from './reauthorize';
import { rebind, storageVendor } from './scsi';
import { stateMembers } from './state';
import { switchByTool } from './switch-tool';
import { Sysfs } from './sysfs';
import { loadUsb, openBulk, type UsbLibrary } from './usb-bulk';
import { DeviceNodes } from './waker';
import { Watcher } from './watcher';

export interface LocalHostOptions {
  /**
   * False only in tests, on a machine whose sticks are virtual ones on a real bus: they get made-up files (made-up files stay away from real sticks).
   * An option in code and nothing else: no setting, flag or variable leads here, so no user does by accident.
   * @internal
   */
  real?: boolean;
  /** Folder that stands for `/`: its sys, proc, dev, run and etc are read. */
  root?: string;
  clock?: Clock;
  /** Loads the native module for ttys. @internal */
  loadSerial?: OpenTtyOptions['load'];
  /** Where what lasts is kept: the first is written, all are read. See {@link stateFolders}. */
  stateFolders?: readonly string[];
  /** Loads the package `usb`. @internal */
  loadUsb?: () => Promise<UsbLibrary>;
  /** The machine's network interfaces. @internal */
  interfaces?: () => Interfaces;
  /** The environment, which tells of a container. @internal */
  env?: NodeJS.ProcessEnv;
  /** Search path for `usb_modeswitch`. */
  toolPath?: string;
}

/** This machine: Linux, by sysfs alone; on other systems it sees no sticks. */
export function createLocalHost(options: LocalHostOptions = {}): Host {
  const { real = true, root = '', clock = systemClock, loadSerial, toolPath } = options;
  const sysfs = new Sysfs(root, clock);
  const watcher = new Watcher(sysfs, clock, new DeviceNodes(root));
  sysfs.onLateStrings(() => watcher.invalidate());
  return {
    kind: 'local',
    hasBus: true,
    real,
    clock,
    scan: async () => (await sysfs.census()).devices,
    watch: (listener, watchOptions) => watcher.watch(listener, watchOptions),
    openTty: (path) => openTty(path, { root, ...(loadSerial && { load: loadSerial }) }),
    openBulk: (device, interfaceNumber) => openBulk(device, interfaceNumber, options.loadUsb ?? loadUsb),
    switchByTool: (device, message) =>
      switchByTool(device, message, { clock, ...(toolPath !== undefined && { path: toolPath }) }),
    setConfiguration: (device, value) =>
      configure(device, value, { root, ...(options.loadUsb && { load: options.loadUsb }) }),
    rebind: (device) => rebind(root, device),
    storageVendor: (device, interfaceNumber) => storageVendor(root, device, interfaceNumber),
    mounts: (portPath) => listMounts(root, portPath),
    network: ({ portPath }) => readNetwork(root, portPath, options.interfaces),
    machine: () => readMachine({ root, env: options.env ?? process.env }),
    broken: () => findBroken({ serialport: loadSerial ?? loadBinding, usb: options.loadUsb ?? loadUsb }),
    connection: (device) => readConnection(root, device),
    lock: (portPath, lockOptions) => lockStick(portPath, { root, ...lockOptions }),
    reauthorize: (portPath) => reauthorize(portPath, { root, clock }),
    ...stateMembers(new Notes(options.stateFolders), new Marks(root)),
    boot: () => bootId(root),
    uptime: machineUptime,
    presence: (device) => sysfs.presence(device),
    place: (device) => device.portPath,
    power: async (portPath, change) => ({
      ...(await readPower(root, portPath, change)),
      ...(isAddon(options.env ?? process.env) && { addon: true }),
    }),
    stayAwake: (why) => inhibitSleep(clock, why),
    intruders: (portPath) => findIntruders(root, portPath),
  };
}
