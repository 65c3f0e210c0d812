/**
 * The shape of Home Assistant's Node-RED add-on (facts of the supervisor's and the add-on's sources: `uart`, no `usb`), as far as
 * this kernel has it: root with Docker's capabilities, processes of its own, the machine's network, its /dev live and read-only, its
 * /sys read-only, no udev, no tools of the system, and of its devices only those of `uart`. Others of the add-on, such as Alpine's
 * C library and the profile of AppArmor, it does not have. The device filter is that of cgroup v1, where Home Assistant OS may
 * have a program in cgroup v2: the same check of the kernel, and the same errno.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { type Line, linesIn } from './json-lines';
import { run } from './strangers';

/** What Docker lets every container have (null, zero, full, random, urandom, tty, ptmx, terminals; making any), and `uart`. */
const DEVICES = [
  ...['c *:* m', 'b *:* m', 'c 1:3 rwm', 'c 1:5 rwm', 'c 1:7 rwm', 'c 1:8 rwm', 'c 1:9 rwm'],
  ...['c 5:0 rwm', 'c 5:2 rwm', 'c 136:* rwm'],
  ...['c 204:* rwm', 'c 188:* rwm', 'c 166:* rwm'],
];
/** Docker's. */
const CAPABILITIES = [
  ...[
    'chown',
    'dac_override',
    'fowner',
    'fsetid',
    'kill',
    'setgid',
    'setuid',
    'setpcap',
    'net_bind_service',
    'net_raw',
  ],
  ...['sys_chroot', 'mknod', 'audit_write', 'setfcap'],
];
/** Not in the add-on's image. */
const ABSENT = ['udevadm', 'usb_modeswitch', 'systemd-inhibit', 'mmcli', 'lsusb'];

/** Outside: into the cgroup, then into namespaces. */
const ENTER = `set -e
groups=/run/device-groups
mkdir -p $groups
mountpoint -q $groups || mount -t cgroup -o devices devices $groups
if mkdir $groups/addon 2>/dev/null; then
  echo a >$groups/addon/devices.deny
  for rule in ${DEVICES.map((rule) => `'${rule}'`).join(' ')}; do echo "$rule" >$groups/addon/devices.allow; done
fi
echo $$ >$groups/addon/cgroup.procs
script=$1
shift
exec unshare --mount --pid --fork --kill-child --uts --ipc bash -c "$script" addon "$@"
`;

/** Inside: what can be seen, then the program. */
const INSIDE = `set -e
hostname a0d7b954-nodered
mount --rbind /dev /dev
mount -o remount,bind,ro /dev
mount --bind /sys /sys
mount -o remount,bind,ro /sys
mount -t proc proc /proc
mount -t tmpfs run /run
mount -t tmpfs udev /etc/udev
for program in ${ABSENT.join(' ')}; do
  if path=$(command -v $program); then mount --bind /dev/null "$path"; fi
done
mkdir /run/home
exec setpriv --inh-caps=-all --bounding-set=-all,${CAPABILITIES.map((name) => `+${name}`).join(',')} "$@"
`;

/** As the supervisor sets it; a channel to this process is kept. */
const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: '/run/home',
  LANG: 'C.UTF-8',
  SUPERVISOR_TOKEN: 'made-up',
});

const words = (command: readonly string[]): string[] => ['-c', ENTER, 'enter', INSIDE, ...command];

/** Starts `command` in there, with a channel to this process. */
export const startInAddon = (command: readonly string[]): ChildProcess =>
  spawn('bash', words(command), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: environment() });

/** Runs `command` in there to its end; what it says. */
export const runInAddon = async (command: readonly string[]): Promise<string> =>
  (
    await run('env', [
      '-i',
      ...Object.entries(environment()).map(([name, value]) => `${name}=${value}`),
      'bash',
      ...words(command),
    ])
  ).text;

/** `e3272 ... --json` in there: its last line, which is the result, and all of them. */
export async function e3272(...args: readonly string[]): Promise<{ result: Line; lines: Line[] }> {
  const cli = join(__dirname, '../../cli/main.js');
  return linesIn(await runInAddon([process.execPath, cli, '--json', ...args]));
}
