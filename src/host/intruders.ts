import { join } from 'node:path';
import { listIfThere, readIfThere } from './files';
import { listPrograms, type Program, programText } from './holders';

/** In the order in which udev prefers them: a file hides those of the same name further down. */
const RULE_FOLDERS = ['/etc/udev/rules.d', '/run/udev/rules.d', '/usr/lib/udev/rules.d', '/lib/udev/rules.d'];

/**
 * Programs that would write into the stick's ports while it is being flashed, in whole sentences: ModemManager, which
 * probes every port of vendor 12d1 within seconds of its appearing, unless a udev rule tells it to ignore them, or
 * `mmcli --inhibit-device` runs for the stick at `portPath`.
 */
export async function findIntruders(root: string, portPath: string): Promise<string[]> {
  const programs = await listPrograms(root);
  const managers = programs.filter((p) => p.name === 'ModemManager');
  if (managers.length === 0 || (await hasIgnoreRule(root)) || (await isInhibited(root, programs, portPath))) return [];
  return managers.map(
    (manager) =>
      `${programText(manager)} is running and no udev rule tells it to leave Huawei sticks alone: copy e3272.rules of ` +
      'this package (docs/) to /etc/udev/rules.d/77-e3272.rules, run `udevadm control --reload` and plug the stick ' +
      'in again, or stop ModemManager (`systemctl stop ModemManager`).',
  );
}

/** Whether an `mmcli --inhibit-device=UID` runs; the UID of a stick is its folder in sysfs, which its port path ends. */
async function isInhibited(root: string, programs: readonly Program[], portPath: string): Promise<boolean> {
  for (const { pid } of programs.filter((p) => p.name === 'mmcli')) {
    const bytes = await readIfThere(join(root, '/proc', String(pid), 'cmdline')).catch(() => undefined);
    const words = (bytes?.toString('utf8') ?? '').split(/[\0=]/);
    if (words.includes('--inhibit-device') && words.some((word) => word.endsWith(`/${portPath}`))) return true;
  }
  return false;
}

async function hasIgnoreRule(root: string): Promise<boolean> {
  const seen = new Set<string>();
  for (const folder of RULE_FOLDERS) {
    for (const name of await listIfThere(join(root, folder))) {
      if (!name.endsWith('.rules') || seen.has(name)) continue;
      seen.add(name);
      const bytes = await readIfThere(join(root, folder, name)).catch(() => undefined);
      if (bytes && ignoresVendor(bytes.toString('utf8'))) return true;
    }
  }
  return false;
}

/** Whether a rule file holds a line that makes ModemManager ignore all of vendor 12d1, not one product of it only. */
export function ignoresVendor(rules: string): boolean {
  return rules
    .replace(/\\\r?\n/g, ' ')
    .split('\n')
    .some(
      (line) =>
        !/^\s*#/.test(line) &&
        /(?:idVendor\}|ID_VENDOR_ID\})\s*==\s*"12d1"/i.test(line) &&
        !/(?:idProduct\}|ID_MODEL_ID\})\s*==/i.test(line) &&
        /ENV\{ID_MM_(?:DEVICE|PORT)_IGNORE\}\s*:?=\s*"1"/.test(line),
    );
}
