/** Does `work` as in an add-on of Home Assistant, as far as the environment says so. */
export function inAddon<T>(work: () => T): T {
  const before = process.env['SUPERVISOR_TOKEN'];
  process.env['SUPERVISOR_TOKEN'] = 'made-up';
  try {
    return work();
  } finally {
    if (before === undefined) delete process.env['SUPERVISOR_TOKEN'];
    else process.env['SUPERVISOR_TOKEN'] = before;
  }
}

/** The same, until what `work` has begun is done. */
export async function inAddonUntil<T>(work: () => Promise<T>): Promise<T> {
  const before = process.env['SUPERVISOR_TOKEN'];
  process.env['SUPERVISOR_TOKEN'] = 'made-up';
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env['SUPERVISOR_TOKEN'];
    else process.env['SUPERVISOR_TOKEN'] = before;
  }
}

/** Advice that nobody can follow in an add-on, or on Home Assistant OS: it has no such programs, groups, and nobody to set them. */
export const IMPOSSIBLE =
  /sudo|modprobe|udevadm|udev rule|dialout|plugdev|adduser|ModemManager|usb_modeswitch|nmcli|networkctl|systemctl|npm |usbguard|fuser|`umount|as root|[Ii]n a container/;
