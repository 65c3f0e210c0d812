/**
 * What to do about each finding of the doctor, as far as it is the same in a flow and in the terminal; each place has the rest.
 * Lines to copy stand on lines of their own.
 */

import type { Finding, FindingId, Findings } from '../doctor';
import type { ParamsOf } from '../errors';
import { isAddon } from '../host/addon';
import { ADDON_FINDING_CURES } from './addon';
import type { Cure } from './cure';

/** A place that leaves one out, or has one too many, does not compile. */
export type FindingCures = { readonly [K in FindingId]: Cure<ParamsOf<Findings[K]>> };

const REPLUG = 'Unplug the stick, wait five seconds and plug it in again.';
const IF_IT_STAYS =
  'Wait a minute and look again. If it stays so, unplug the stick and plug it in again after five seconds.';
const ON_HOST = 'Do that on the host, not in the container.';
const RULE =
  'Copy e3272.rules of this package (docs/) and let udev read it, then plug the stick in again:\n' +
  'sudo cp docs/e3272.rules /etc/udev/rules.d/77-e3272.rules\n' +
  'sudo udevadm control --reload';
const SUPPLY = 'Plug it into the machine itself, or into a hub with a supply of its own.';
const WAIT = 'Wait a minute and look again.';

/** Lines for what gives interfaces their addresses; none of it is done by this package (facts/hilink.md 1.3). */
const ADDRESS_LINES = {
  'systemd-networkd': (name: string) =>
    `systemd-networkd, in /etc/systemd/network/50-e3272.network, then \`networkctl reload\`:\n` +
    `[Match]\nName=${name}\n[Network]\nDHCP=ipv4\n[DHCPv4]\nUseGateway=false\nUseRoutes=false\nUseDNS=false`,
  NetworkManager: (name: string) =>
    `NetworkManager:\nnmcli connection add type ethernet ifname ${name} con-name e3272 ipv4.method auto ` +
    'ipv4.never-default yes ipv4.ignore-auto-dns yes ipv6.method disabled\nnmcli connection up e3272',
  dhcpcd: (name: string) =>
    `dhcpcd, in /etc/dhcpcd.conf, then \`systemctl restart dhcpcd\`:\ninterface ${name}\nnogateway\nnooption domain_name_servers`,
} as const;
type Manager = keyof typeof ADDRESS_LINES;
const isManager = (name: unknown): name is Manager => typeof name === 'string' && Object.hasOwn(ADDRESS_LINES, name);

function addressLines(name: string, manager: string | null): string {
  const lines = isManager(manager)
    ? ADDRESS_LINES[manager](name)
    : Object.values(ADDRESS_LINES)
        .map((say) => say(name))
        .join('\n');
  return `Let the system ask it for one, without taking its default route. ${lines}`;
}

export const COMMON_FINDING_CURES = {
  machine: null,
  'system-other': 'Use Linux for sticks on the bus.',
  'node-old': (p) => `Install Node.js ${p.least} or newer.`,
  'bus-hidden': 'In a container /sys of the host must be visible; on a machine without USB there is nothing to do.',
  'native-serial':
    'Install the package anew on this machine, for its processor and Node.js version (`npm rebuild`), and not from a copy of another one.',
  'native-usb': 'Install it where it is missing:\nnpm install usb@3.1',
  'modem-manager': `Tell it to leave Huawei sticks alone, or stop it (\`systemctl disable --now ModemManager\`). ${RULE}`,
  'rule-missing': RULE,
  'rule-late': 'Give it a name that stands before 80-mm-candidate.rules, 77-e3272.rules for example.',
  'rule-half': RULE,
  rule: null,
  'new-id': null,
  'state-folder': 'Until then what lasts is kept elsewhere, or only until this program ends.',
  'foreign-stick': null,
  'no-stick': 'Plug it in. If it is plugged in, try another port, without a hub, and another cable.',
  'not-authorized': (p) =>
    'Allow it: with USBGuard `usbguard list-devices -b`, then `usbguard allow-device -p` with its number, also in its other modes, ' +
    `in which it has other ids; without, write 1 to /sys/bus/usb/devices/${p.stick}/authorized.`,
  'not-enough-power': SUPPLY,
  'no-interfaces': `${REPLUG} ${SUPPLY}`,
  'over-current': `${SUPPLY} If it happens there too, the stick or its cable is damaged.`,
  'is-stranger': null,
  stick: null,
  'no-at-port':
    'Its ports can be set anew by AT^SETPORT only where there is an AT port; else by a conversion with the boot pin held.',
  'driver-missing': (p) =>
    p.state === 'absent'
      ? `Use a kernel that has ${p.driver} (Debian and Ubuntu: linux-modules-extra, or another kernel package).`
      : p.state === 'there'
        ? `Wait some seconds and look again. If it stays so, tell the driver of the id:\necho ${p.id} | sudo tee /sys/bus/usb-serial/drivers/option1/new_id`
        : `Load it, and each time that the machine starts. ${ON_HOST}\nsudo modprobe ${p.driver}\necho ${p.driver} | sudo tee /etc/modules-load.d/e3272.conf`,
  'node-missing': (p) =>
    `In a container the host's devices must be passed in: the whole folder /dev/bus/usb for the switch, and ports as they come. ` +
    `They are missing: ${p.paths.join(', ')}.`,
  'usb-forbidden': (p) =>
    (p.group === null ? '' : `Add the user to its group and log in anew:\nsudo adduser YOUR-NAME ${p.group}\n`) +
    `Or give the device to a group of yours. ${RULE}`,
  'usb-closed': 'Give the container the devices (Docker: device_cgroup_rules "c 189:* rwm").',
  'port-forbidden': (p) =>
    p.later
      ? 'Log in anew, or restart the service that runs this program.'
      : p.group === null
        ? RULE
        : `Add the user to that group, log in anew, and restart what runs as a service:\nsudo adduser YOUR-NAME ${p.group}`,
  'port-closed': 'Give the container the ports (Docker: device_cgroup_rules "c 188:* rwm").',
  mounted: (p) => `Unmount it:\n${p.where.map((place) => `umount ${place}`).join('\n')}`,
  'is-fastboot': REPLUG,
  held: null,
  left: `${REPLUG} If it leaves again and again, it is the power or the cable. ${SUPPLY}`,
  'port-busy': (p) =>
    (p.holders.length > 0 ? 'Stop that program' : `Find the program (\`fuser -v ${p.path}\` as root) and stop it`) +
    ', or tell it to leave this stick alone.',
  'port-fault': REPLUG,
  silent: REPLUG,
  framed: REPLUG,
  babbles: REPLUG,
  garbled: `Stop other programs that use the port. If there are none, there is only this. ${REPLUG}`,
  refuses: REPLUG,
  'stops-answering': REPLUG,
  slow: null,
  answers: null,
  'port-silent': null,
  'port-not-asked': null,
  'web-no-interface': `Its driver is cdc_ether. ${ON_HOST}\nsudo modprobe cdc_ether`,
  'web-no-address': (p) => addressLines(p.interface, p.manager),
  'lan-taken':
    'Give the stick another network, on its own web page (192.168.9.1 for example), with the other interface unplugged meanwhile.',
  'same-lan': 'Give one of them another network, on its own web page, while the other is unplugged.',
  'web-silent': `A stick needs up to a minute after it was plugged in. ${IF_IT_STAYS}`,
  'web-faulty': IF_IT_STAYS,
  'web-held': null,
  web: null,
  model: null,
  'sim-absent': 'Put it in, with the stick unplugged; and if there is one, clean its contacts.',
  'sim-failed': 'Try it in a phone, and another card in the stick.',
  'sim-puk': 'Put the card into a phone and enter PUK and a new PIN there; ten wrong ones destroy it.',
  'sim-busy': WAIT,
  'network-denied':
    'Ask the operator whether the card is active, and may use data; a stick may be locked to another operator.',
  'network-searching': `${WAIT} Put the stick where there is a network, away from metal.`,
  'network-none': 'Put the stick where there is a network, away from metal, and check which systems it may use.',
  'signal-weak': 'Put the stick elsewhere, on a cable, or use an outside antenna.',
  network: null,
  'default-route': (p) =>
    `If that is not wanted, forbid it. NetworkManager:\nnmcli connection modify CONNECTION ipv4.never-default yes ipv4.ignore-auto-dns yes\n` +
    `systemd-networkd, in the .network file of ${p.interface}:\n[DHCPv4]\nUseGateway=false\nUseRoutes=false\nUseDNS=false\n` +
    `dhcpcd, in /etc/dhcpcd.conf:\ninterface ${p.interface}\nnogateway`,
  autosuspend: (p) =>
    `The udev rule of this package ends that; until the stick is plugged in anew:\necho on | sudo tee /sys/bus/usb/devices/${p.stick}/power/control`,
  'hub-unpowered': SUPPLY,
  'time-up': 'Look again; what does not answer holds up the rest.',
  'file-bad': 'Take it out of the folder, or get it anew.',
  'loader-made-up': null,
  loader: null,
  'firmware-made-up': null,
  firmware: null,
} satisfies Partial<FindingCures>;

/** Sentences, with lines to copy on lines of their own; undefined where there is nothing to be done. */
export function cureOfFinding(cures: FindingCures, { id, params }: Pick<Finding, 'id' | 'params'>): string | undefined {
  const addon: Readonly<Partial<Record<FindingId, Cure<never>>>> = isAddon(process.env) ? ADDON_FINDING_CURES : {};
  const cure: Cure<never> = addon[id] ?? cures[id];
  const text = typeof cure === 'function' ? cure(params as never) : cure;
  return text ?? undefined;
}
