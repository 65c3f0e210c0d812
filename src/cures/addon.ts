/**
 * What to do in an add-on of Home Assistant, where the usual cure cannot be had: it is root in a container without tools of the
 * system, sees /dev and /sys and may change neither, and around it is Home Assistant OS, which switches sticks itself, loads
 * drivers and gives addresses, and where nobody installs udev rules, packages or groups (facts of the supervisor, the add-on and the
 * operating system). Names no option, no node and no member of a message.
 */

import type { Findings } from '../doctor';
import type { Messages, ParamsOf } from '../errors';
import { isAddon } from '../host/addon';
import type { Cure, Cures } from './cure';

const REPLUG = 'Unplug the stick, wait five seconds and plug it in again.';
/** Where the add-on has no USB access. */
export const SWITCHED_OUTSIDE =
  'Home Assistant OS switches sticks itself: plug it in again, and wait a few seconds. Ports, AT and SMS need no USB access. ' +
  'What does (another switch message, a conversion) is done on another machine, once.';
const UART =
  'The add-on has to be given serial ports (`uart: true` in its configuration), as the Node-RED add-on is: one of your own is ' +
  'built anew with that.';
const STOP_OTHER = 'Take the port away from whatever else was given it, another add-on or an integration';
const ADDRESS = (name: string) =>
  `Have Home Assistant ask the stick for one: Settings, System, Network, ${name}, IPv4, automatic.`;
const DRIVER =
  'Home Assistant OS loads the driver as the stick comes up with its ports: unplug it, wait five seconds and plug it in again. ' +
  'If it stays so, its kernel does not know the stick, which no add-on can change.';
const ELSEWHERE =
  'Convert it on another machine: an update may restart this add-on in the middle, and it cannot bring back a stick that hangs.';
const SWITCH_AGAIN = `Home Assistant OS switches it as it is plugged in. ${REPLUG}`;
const OWN_CONFIGURATION =
  'An add-on without USB access cannot set it. Home Assistant OS takes udev rules from a USB drive called CONFIG: e3272.rules of ' +
  'this package (docs/) has the line for that.';
const PLUG_IN =
  'Plug the stick in. Where Home Assistant OS is a virtual machine hand it the whole USB port: the stick changes its id.';
const TAKE_CARD = 'Take its memory card out, or unmount it where it was mounted, and repeat.';
const REINSTALL = 'Remove the package under Manage palette and install it there again, from its file.';

export const ADDON_CURES = {
  'NO_PERMISSION/port': UART,
  'NO_PERMISSION/usb': SWITCHED_OUTSIDE,
  'NO_PERMISSION/no-node': SWITCHED_OUTSIDE,
  'NO_PERMISSION/configuration': OWN_CONFIGURATION,
  'NO_PERMISSION/not-authorized': `${REPLUG} If it stays so, restart the machine: an add-on may not change it.`,
  'NATIVE_MISSING/usb': SWITCHED_OUTSIDE,
  'NATIVE_MISSING/switch': SWITCHED_OUTSIDE,
  'NATIVE_MISSING/serial': REINSTALL,
  'DRIVER_MISSING/no-node': REPLUG,
  'DRIVER_MISSING/no-driver': DRIVER,
  'DRIVER_MISSING/no-interfaces': REPLUG,
  'WRONG_MODE/configuration': OWN_CONFIGURATION,
  'WRONG_MODE/no-at-port': (p) =>
    p.mode === 'storage'
      ? SWITCH_AGAIN
      : p.mode === 'hilink'
        ? `In HiLink mode it has none: status, SMS and USSD work without. ${ELSEWHERE}`
        : ELSEWHERE,
  'PORT_BUSY/port': `${STOP_OTHER}, and try again.`,
  'PORT_BUSY/intruders': `${STOP_OTHER}, and repeat.`,
  'PORT_BUSY/mounted': `Nothing was changed. ${TAKE_CARD}`,
  'TIMEOUT/silent': `${STOP_OTHER}. ${REPLUG}`,
  'STICK_NOT_FOUND/none': PLUG_IN,
  'HILINK_ERROR/no-interface': `${DRIVER} The add-on needs the network of the machine (\`host_network: true\`), as Node-RED's has.`,
  'HILINK_ERROR/no-lan-address': (p) => ADDRESS(p.interface),
} satisfies Cures<Messages>;

/** The same about what the doctor finds. */
export const ADDON_FINDING_CURES = {
  'bus-hidden': 'Restart the machine; a virtual machine has to have a USB controller.',
  'node-old': 'Update the add-on, which brings its Node.js.',
  'native-serial': REINSTALL,
  'native-usb':
    'Nothing has to be done: it is of use only in an add-on with USB access. Home Assistant OS switches sticks without it.',
  'modem-manager': 'Remove what brings it, or have it leave Huawei sticks alone: Home Assistant OS itself has none.',
  'no-stick': `${PLUG_IN} If it is plugged in, try another port, without a hub, and another cable.`,
  'not-authorized': `${REPLUG} If it stays so, restart the machine: an add-on may not change it.`,
  'driver-missing': DRIVER,
  'node-missing': REPLUG,
  'usb-forbidden': SWITCHED_OUTSIDE,
  'usb-closed': SWITCHED_OUTSIDE,
  'port-forbidden': UART,
  'port-closed': UART,
  mounted: TAKE_CARD,
  'port-busy': `${STOP_OTHER}.`,
  'is-storage': SWITCH_AGAIN,
  'wrong-configuration': OWN_CONFIGURATION,
  'is-boot': ELSEWHERE,
  'is-loader': ELSEWHERE,
  'no-at-port': ELSEWHERE,
  'web-no-interface': DRIVER,
  'web-no-address': (p) => ADDRESS(p.interface),
  'default-route': (p) =>
    `If that is not wanted, give ${p.interface} a fixed address of the stick's network and no gateway: Settings, System, Network.`,
  autosuspend:
    'Home Assistant OS takes udev rules from a USB drive called CONFIG: e3272.rules of this package (docs/) ends it.',
} satisfies { readonly [K in keyof Findings]?: Cure<ParamsOf<Findings[K]>> };

/** Those of `keys` (code and reason) whose cure here is that of an add-on; none outside of one. */
export const addonCured = (keys: readonly string[]): string[] =>
  isAddon(process.env) ? keys.filter((key) => Object.hasOwn(ADDON_CURES, key)) : [];

/** Whether the cure of a finding here is that of an add-on. */
export const isAddonFinding = (id: string): boolean => isAddon(process.env) && Object.hasOwn(ADDON_FINDING_CURES, id);
