/**
 * Facts about a machine and about how a stick is connected to it, for whoever must say why a stick cannot be used. Types only: who
 * reads them is `machine.ts` and `connection.ts`. No private data: no names of hosts or users.
 */

/** `addon`: of Home Assistant. `container`: one that does not say of which kind it is. */
export type ContainerKind = 'addon' | 'docker' | 'podman' | 'lxc' | 'container';

/** What gives interfaces their addresses. */
export type NetworkManager = 'NetworkManager' | 'systemd-networkd' | 'dhcpcd';

/** Drivers of the kernel that sticks need, by the mode in which they need them. */
export const DRIVERS = ['option', 'cdc_ether', 'usb-storage'] as const;
export type DriverName = (typeof DRIVERS)[number];

/** `absent`: this kernel has none. `unknown`: it is not there now, and nobody can tell whether it could be. */
export type DriverState = 'there' | 'loadable' | 'absent' | 'unknown';

export interface Machine {
  /** `linux`, as Node.js names it. */
  system: string;
  /** `6.1.0-18-amd64` */
  kernel: string;
  /** Of Node.js, `22.16.0`. */
  node: string;
  container?: ContainerKind;
  /** Whether the USB bus can be seen at all. */
  bus: boolean;
  drivers: Readonly<Record<DriverName, DriverState>>;
  /** Ids that somebody has told the driver `option` by hand: `12d1 1f01`. */
  newIds: string[];
  /** The udev rule of this package; undefined where no rules can be seen (a container). */
  rule?: Rule;
  /** Those that run. */
  managers: NetworkManager[];
  /** USB devices of other makers, hubs left out, sorted by port path. */
  others: OtherDevice[];
}

/** Why a native module does not load; missing where it does. */
export interface Broken {
  serialport?: string;
  usb?: string;
}

export interface OtherDevice {
  portPath: string;
  vendorId: number;
  productId: number;
}

/**
 * `none`: no rule names the maker of the sticks. `late`: its file comes too late for ModemManager. `half`: ports, USB device or
 * ModemManager, one of them is left out.
 */
export type RuleState = 'none' | 'late' | 'half' | 'right';

export interface Rule {
  state: RuleState;
  /** Name of the file; empty where there is none. */
  file: string;
}

/**
 * `closed`: its permissions would let us, and the kernel does not: a container whose devices are limited. `forbidden`: its
 * permissions do not let us.
 */
export type NodeState = 'open' | 'missing' | 'forbidden' | 'closed';

export interface DeviceNode {
  path: string;
  state: NodeState;
  /** The group that may open it, by name where it has one; missing where no group may. */
  group?: string;
  /** The user is in that group now, and was not when this program was started. */
  later?: true;
}

export interface Connection {
  /** Of the USB device, which the switch needs. */
  usb: DeviceNode;
  ttys: (DeviceNode & {
    /** Who has it open, as far as this process can see: `ModemManager (pid 812)`. */
    holders: string[];
  })[];
  /** Mbit/s. */
  speed?: number;
  /** What the stick may draw, mA, by its own descriptor. */
  maxPower?: number;
  /** How often its port was switched off because of too much current, since the machine was started. */
  overCurrent?: number;
  /** Programs that write into its ports although nobody has asked them to: `ModemManager (pid 812)`. */
  intruders: string[];
}
