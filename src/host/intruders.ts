import { join } from 'node:path';
import { listIfThere, readIfThere } from './files';
import { listPrograms, programText } from './holders';

/** In the order in which udev prefers them: a file hides those of the same name further down. */
const RULE_FOLDERS = ['/etc/udev/rules.d', '/run/udev/rules.d', '/usr/lib/udev/rules.d', '/lib/udev/rules.d'];

/**
 * Programs that would write into the stick's ports while it is being flashed, in whole sentences: ModemManager, which
 * probes every port of vendor 12d1 within seconds of its appearing, unless a udev rule tells it to ignore them.
 */
export async function findIntruders(root: string): Promise<string[]> {
  const managers = (await listPrograms(root)).filter((p) => p.name === 'ModemManager');
  if (managers.length === 0 || (await hasIgnoreRule(root))) return [];
  return managers.map(
    (manager) =>
      `${programText(manager)} is running and no udev rule tells it to leave Huawei sticks alone: copy e3272.rules of ` +
      'this package (docs/) to /etc/udev/rules.d/77-e3272.rules, run `udevadm control --reload` and plug the stick ' +
      'in again, or stop ModemManager (`systemctl stop ModemManager`).',
  );
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
