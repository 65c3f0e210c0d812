/** Whether the udev rule of this package (docs/e3272.rules), or one that does the same, is installed and takes effect. */

import type { Rule } from './facts';
import { ignoresVendor, readRules } from './intruders';

/** What has to be there, each in one line: the USB device for the switch, the ttys for everything else. */
const USB = /SUBSYSTEM=="usb".*"12d1".*(?:MODE|GROUP|TAG\+)(?::?=|=")/;
const TTY = /SUBSYSTEM=="tty".*"12d1".*(?:MODE|GROUP|TAG\+)(?::?=|=")/;
/** The file that makes ModemManager look at a port. */
const CANDIDATES = '80-mm-candidate.rules';

/** Undefined where rules cannot be read. */
export async function readRule(root: string): Promise<Rule | undefined> {
  const files = await readRules(root);
  if (files === undefined) return undefined;
  const lines = (text: string) => text.split('\n').filter((line) => !line.trimStart().startsWith('#'));
  const ours = files.filter(({ text }) => lines(text).some((line) => USB.test(line) || TTY.test(line)));
  const [first] = ours;
  if (!first) return { state: 'none', file: '' };
  const all = ours.flatMap(({ text }) => lines(text));
  const whole = all.some((line) => USB.test(line)) && all.some((line) => TTY.test(line));
  if (whole && ignoresVendor(files)) return { state: 'right', file: first.name };
  const late = whole && ignoresVendor(ours.map((file) => ({ ...file, name: `0-${file.name}` })));
  return { state: late && first.name > CANDIDATES ? 'late' : 'half', file: first.name };
}
