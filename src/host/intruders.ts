import { join } from 'node:path';
import { listIfThere, readIfThere } from './files';
import { listPrograms, type Program, programText } from './holders';
import { HUAWEI } from './host';
import { type Kind, type RuleFile, surelySet } from './udev-rules';

/** In the order in which udev prefers them: a file hides those of the same name further down. */
const RULE_FOLDERS = [
  '/etc/udev/rules.d',
  '/run/udev/rules.d',
  '/usr/local/lib/udev/rules.d',
  '/usr/lib/udev/rules.d',
  '/lib/udev/rules.d',
];

const VENDOR = HUAWEI.toString(16);

/** Any USB device of the vendor, in any of its modes. `bind` comes after `add`, `change` with every `udevadm trigger`. */
const USB_DEVICE: Kind = {
  subsystem: 'usb',
  devtype: 'usb_device',
  actions: ['add', 'change', 'bind'],
  names: ['1-1', '2-1.4', '10-13.2.1'],
  begins: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
  attributes: { idVendor: VENDOR },
  chain: [{ subsystem: 'usb', attributes: { idVendor: VENDOR } }],
  properties: { ID_VENDOR_ID: { value: VENDOR, after: '50-udev-default.rules' } },
};

/** Any tty of such a device: of the driver `option` (ttyUSB) or of `cdc_acm` (ttyACM). */
const TTY: Kind = {
  subsystem: 'tty',
  devtype: '',
  actions: ['add', 'change'],
  names: ['ttyUSB0', 'ttyUSB5', 'ttyUSB123', 'ttyACM0', 'ttyACM14'],
  begins: ['ttyUSB', 'ttyACM'],
  attributes: {},
  chain: [
    { subsystem: 'tty', attributes: {} },
    { subsystem: 'usb', attributes: {} },
    { subsystem: 'usb', attributes: { idVendor: VENDOR } },
  ],
  properties: { ID_VENDOR_ID: { value: VENDOR, after: '60-serial.rules' } },
};

/** From here on it is too late: the file that makes ModemManager look at a port. */
const CANDIDATES = '80-mm-candidate.rules';

/**
 * Programs that would write into the stick's ports while it is being flashed, in whole sentences: ModemManager, which
 * probes every port of vendor 12d1 within seconds of its appearing, unless a udev rule tells it to ignore them, or
 * `mmcli --inhibit-device` runs for the stick at `portPath`.
 */
export async function findIntruders(root: string, portPath: string): Promise<string[]> {
  return (await intruderNames(root, portPath)).map(
    (manager) =>
      `${manager} is running and no udev rule tells it to leave Huawei sticks alone: copy e3272.rules of ` +
      'this package (docs/) to /etc/udev/rules.d/77-e3272.rules, run `udevadm control --reload` and plug the stick ' +
      'in again, or stop ModemManager (`systemctl stop ModemManager`).',
  );
}

/** The same programs by name: `ModemManager (pid 812)`. */
export async function intruderNames(root: string, portPath: string): Promise<string[]> {
  const programs = await listPrograms(root);
  const managers = programs.filter((p) => p.name === 'ModemManager');
  if (managers.length === 0 || (await hasIgnoreRule(root)) || (await isInhibited(root, programs, portPath))) return [];
  return managers.map(programText);
}

/** Whether an `mmcli --inhibit-device=UID` runs; the UID of a stick is its folder in sysfs, which its port path ends. */
async function isInhibited(root: string, programs: readonly Program[], portPath: string): Promise<boolean> {
  for (const { pid } of programs.filter((p) => p.name === 'mmcli')) {
    const bytes = await readIfThere(join(root, '/proc', String(pid), 'cmdline')).catch(() => undefined);
    const uid = inhibited((bytes?.toString('utf8') ?? '').split('\0'));
    if (uid?.startsWith('/sys/devices/') && uid.endsWith(`/${portPath}`)) return true;
  }
  return false;
}

/** The one device that these arguments name; of several the last one counts. */
function inhibited(words: readonly string[]): string | undefined {
  const at = words.findLastIndex((word) => /^--inhibit-device(=|$)/.test(word));
  const word = words[at];
  return word === undefined ? undefined : word.includes('=') ? word.slice(word.indexOf('=') + 1) : words[at + 1];
}

/** All rule files that count; undefined where one of them cannot be read: nobody knows what it does. */
export async function readRules(root: string): Promise<RuleFile[] | undefined> {
  const files = new Map<string, RuleFile>();
  for (const folder of RULE_FOLDERS) {
    for (const name of await listIfThere(join(root, folder))) {
      if (!name.endsWith('.rules') || files.has(name)) continue;
      try {
        files.set(name, { name, text: (await readIfThere(join(root, folder, name)))?.toString('utf8') ?? '' });
      } catch {
        return undefined;
      }
    }
  }
  return [...files.values()];
}

async function hasIgnoreRule(root: string): Promise<boolean> {
  const files = await readRules(root);
  return files !== undefined && ignoresVendor(files);
}

/**
 * Whether these rules make ModemManager leave alone every tty of every device of vendor 12d1: as devices, or each tty of its
 * own. A rule for one product, interface, port or event does not, nor one that is undone later.
 */
export function ignoresVendor(files: readonly RuleFile[]): boolean {
  return (
    surelySet(files, USB_DEVICE, 'ID_MM_DEVICE_IGNORE', CANDIDATES) ||
    surelySet(files, TTY, 'ID_MM_PORT_IGNORE', CANDIDATES)
  );
}
