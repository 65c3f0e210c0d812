/** Check 5: who the loader says the stick is, asked in two ways before anything is written. */

import { failure } from '../errors';
import { MODEL, namesWritten } from '../family/family';
import { isNeverWritten, whyNotWritten } from '../family/names';
import { stickText } from '../stick/stick';
import { LoaderLink } from '../survey/loader-link';
import { TIMEOUTS } from '../timeouts';
import type { LoaderReport } from './events';
import type { Job, LoaderFound } from './job';

const IDENTIFY = Uint8Array.of(0x45);
const SOFTWARE_VERSION = Uint8Array.of(0x46);

const printable = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('latin1')
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim();

/** The value of `key:` in the lines of `AT^DLOADINFO?`. */
function field(lines: readonly string[], key: string): string | undefined {
  const line = lines.find((l) => l.toLowerCase().startsWith(`${key}:`));
  return line?.slice(key.length + 1).trim();
}

/**
 * Asks the loader who it is, before anything is written: `AT^DLOADINFO?` and the identify command must both name a
 * model that may be written. Errors: FIRMWARE_WRONG_DEVICE, PROTOCOL (no answer).
 */
async function identify(link: LoaderLink, stick: string): Promise<LoaderReport> {
  let lines: string[] = [];
  for (let attempt = 0; attempt < 2 && !field(lines, 'product name'); attempt++) {
    // A late answer to an earlier question must not be read as this one.
    if (attempt > 0) await link.ping();
    lines = (await link.at('AT^DLOADINFO?', TIMEOUTS.loader.command))?.lines ?? [];
  }
  const product = field(lines, 'product name');
  const answer = await link.request(IDENTIFY, 0x45, TIMEOUTS.loader.command, 2);
  const version = await link.request(SOFTWARE_VERSION, 0x46, TIMEOUTS.loader.command, 2);
  if (!product || !answer) {
    throw failure('PROTOCOL/loader-nameless', { stick });
  }
  const identity = printable(answer.subarray(1));
  const stranger = [product, identity].find((text) => !namesWritten(text) || isNeverWritten(text));
  if (stranger !== undefined) {
    const why = whyNotWritten(stranger) ?? null;
    throw failure('FIRMWARE_WRONG_DEVICE/loader', { stick, name: stranger, model: MODEL, why });
  }
  return {
    product,
    identity,
    softwareVersion: field(lines, 'swver') || (version ? printable(version.subarray(2)) : ''),
  };
}

/** Opens the download: identity, then DATAMODE, which this loader takes as a courtesy and later chips demand. */
export async function openDownload(job: Job, found: LoaderFound): Promise<Identified> {
  const link = new LoaderLink(found.port, job.host.clock, found.stick.path);
  // Nothing is being written: a cancel need not wait for an answer.
  link.signal = job.signal;
  const device = await identify(link, found.stick.path);
  const answer = await link.at('AT^DATAMODE');
  if (answer && !answer.ok) {
    throw failure('PROTOCOL/datamode', { stick: found.stick.path });
  }
  link.signal = undefined;
  return { link, device };
}

/** A loader that has said who it is, ready for the download. */
export interface Identified {
  link: LoaderLink;
  device: LoaderReport;
}

/** Who the loader says it is; stands in the report as `device`. Files for other sticks were refused when they were read. */
export async function identifyLoader(job: Job, found: LoaderFound): Promise<Identified> {
  job.stage('identify', `Asking the loader of ${stickText(found.stick)} what stick it is.`);
  const { identified } = await job.checks.run('device', async () => {
    const download = await openDownload(job, found);
    const { device } = download;
    job.account.fact({ type: 'device', device });
    const { product, identity, softwareVersion } = device;
    const next = job.plan.files[0]?.firmware.version;
    const compared = `AT^DLOADVER? says 2.0, AT^DLOADINFO? "${product}", identify "${identity}"; version on the stick ${
      softwareVersion || 'not named'
    }${next ? `, in the file ${next}` : ''}.`;
    return { identified: download, compared };
  });
  return identified;
}
