/** Whether the firmware that runs is the one that the file says it holds: the end of check 9. */

import { type DriverError, failure } from '../errors';
import type { ModemReport } from './events';
import type { Job } from './job';

/**
 * `21.436.11.00.372`, with its build (`B012`, `.B012`), its service pack (`SP1`, `_SP01`) and what else is fixed to it:
 * those are other builds. Text in brackets is the customer's: `10.0.5.1(H195SP3C983)`.
 */
const VERSION = /(?<![\d.])(\d+(?:\.\d+)+)((?:[ _.-]?(?:SP|B)\d+)*[a-z0-9]*)(?:\s*\(([^()]*)\))?/gi;

interface Version {
  numbers: string[];
  /** What is fixed to the numbers. */
  suffix: string;
  /** Customer's text, where there is one. */
  customer: string | undefined;
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[ _.-]/g, '')
    .replace(/sp0+(?=\d)/g, 'sp');

/** The full version in a text, which may hold shorter ones of other things; undefined where there is none, or no only one. */
function versionIn(text: string): Version | undefined {
  if (/^\d+$/.test(text)) return { numbers: [text], suffix: '', customer: undefined };
  const all = [...text.matchAll(VERSION)].map(
    ([, numbers = '', suffix = '', customer]): Version => ({
      numbers: numbers.split('.'),
      suffix: plain(suffix),
      customer: customer === undefined ? undefined : plain(customer),
    }),
  );
  const most = all.reduce((length, { numbers }) => Math.max(length, numbers.length), 0);
  const [first, ...more] = all.filter(({ numbers }) => numbers.length === most);
  return first && more.every((other) => isSame(first, other)) ? first : undefined;
}

function isSame(one: Version, other: Version): boolean {
  if (one.suffix !== other.suffix || one.numbers.length !== other.numbers.length) return false;
  // Firmware adds a customer's text to its version that the file does not name.
  if (one.customer !== undefined && other.customer !== undefined && one.customer !== other.customer) return false;
  return one.numbers.every((number, i) => Number(number) === Number(other.numbers[i]));
}

/**
 * Versions as a whole: `1` is not the version of what runs 21.1, nor 21.180.01.00.00 that of what runs 21.180.01.00.00SP1.
 * `unknown` where one text names no version (`V7R1`), or several: then there is nothing to compare.
 */
export function compareVersions(said: string, runs: string): 'same' | 'other' | 'unknown' {
  const [a, b] = [said.trim(), runs.trim()];
  if (a !== '' && a.toLowerCase() === b.toLowerCase()) return 'same';
  const [one, other] = [versionIn(a), versionIn(b)];
  if (!one || !other) return 'unknown';
  return isSame(one, other) ? 'same' : 'other';
}

/**
 * Check 9. Acknowledgements say that bytes were taken; what runs now says whether they were the right ones. Returns the
 * error for another version than the file's, which is told in the end, when the stick has its ports.
 */
export function judgeVersion(job: Job, { revision: runs }: ModemReport): DriverError | undefined {
  const firmware = job.plan.files[0]?.firmware;
  const said = firmware?.version;
  const warned = (text: string) => job.checks.set('after', 'warned', text);
  if (!said || !runs) {
    warned(`It answers AT; ${said ? 'it does not name its version' : 'the file names no version to compare'}.`);
    return undefined;
  }
  const verdict = compareVersions(said, runs);
  if (verdict === 'same') {
    const text = `It answers AT and runs ${runs}, as the file says.`;
    if (job.host.hasBus) job.checks.set('after', 'passed', text);
    else
      warned(
        `${text} That it came back by itself, and is the same stick, nobody has seen: there is no bus to look at.`,
      );
  }
  if (verdict === 'unknown') {
    warned(`It answers AT and runs "${runs}"; the file says "${said}": these cannot be compared.`);
  }
  if (verdict !== 'other') return undefined;
  const error = failure(
    'VERSION_MISMATCH/after-write',
    { runs, name: firmware?.name ?? 'the file', said },
    { stick: job.place },
  );
  warned(error.message);
  job.warn(error.message);
  if (job.overridden('other-version')) return undefined;
  return error;
}

/** Nothing is written to a stick that works: then it may run something else than the file that was named. */
export function warnOtherVersion(job: Job, { revision: runs }: ModemReport): void {
  const firmware = job.plan.files[0]?.firmware;
  if (!firmware?.version || !runs || compareVersions(firmware.version, runs) === 'same') return;
  job.warn(
    `The stick at ${job.place} works and runs ${runs}; ${firmware.name} (${firmware.version}) was not written. Ask for a reflash to write it.`,
  );
}
