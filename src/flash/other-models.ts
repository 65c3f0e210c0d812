/**
 * Which model a stick is, as far as its firmware or its USB descriptor tells, before its loader can be asked: what names
 * another one is refused here. Operators put names of their own there (`824F`, `HUAWEI Mobile`): these say nothing.
 */

import { read } from '../at/ask';
import type { AtChannel } from '../at/channel';
import { ATI, FHVER, VERSION } from '../at/commands/identity';
import { type DriverError, failure, isDriverError } from '../errors';
import { MODEL, namesWritten } from '../family/family';
import { isNeverWritten, soldAs, whyNotWritten } from '../family/names';
import { openThere } from '../hilink/there';
import { sleep } from '../host/host';
import { modeEntry } from '../stick/modes';
import { type Stick, stickText } from '../stick/stick';
import { TIMEOUTS } from '../timeouts';
import type { WebIdentity } from '../values/web';
import type { Job } from './job';

/** Huawei's numbering: sticks (E3372h, E173, EC1561), modules (ME909u, EM770), Vodafone's sticks (K5150), routers (B310, R216). */
const NUMBERED = /(?<![A-Z0-9])(?:E[CGMT]?|M[EGHSU]|[BKR])\d{3}/i;

export type ModelVerdict = 'ours' | 'other' | 'unknown';

export function judgeModel(name: string): ModelVerdict {
  if (namesWritten(name)) return 'ours';
  return isNeverWritten(name) || NUMBERED.test(name) ? 'other' : 'unknown';
}

/** Ways to ask running firmware, the next one where the one before does not tell. */
const QUESTIONS: readonly ((channel: AtChannel) => Promise<string | undefined>)[] = [
  async (channel) => (await read(channel, ATI))?.model,
  async (channel) => (await read(channel, FHVER))?.product,
  async (channel) => (await read(channel, VERSION))?.product,
];

/** Asks the firmware that answers on `channel`. Errors: FIRMWARE_WRONG_DEVICE, STICK_GONE, CANCELLED. */
export async function refuseOtherModel(job: Job, stick: Stick, channel: AtChannel): Promise<void> {
  const heard: string[] = [];
  for (const question of QUESTIONS) {
    const name = await question(channel).catch((error: unknown) => {
      // Broken firmware is a reason to flash.
      if (isDriverError(error, 'AT_ERROR', 'CME_ERROR', 'TIMEOUT', 'PROTOCOL')) return undefined;
      throw error;
    });
    if (name === undefined) continue;
    const verdict = judgeModel(name);
    if (verdict === 'ours') return;
    if (verdict === 'other') throw otherModel(job, stick, name, 'FIRMWARE_WRONG_DEVICE/model');
    if (!heard.includes(name)) heard.push(name);
  }
  const what =
    heard.length > 0 ? `it calls itself ${heard.map((name) => `"${name}"`).join(' and ')}` : 'it names no model';
  warnUnknown(job, stick, what, heard.flatMap(soldAs));
}

/**
 * Where no firmware can be asked, its USB descriptor may still name it, and its product id may be that of another model
 * alone. Error: FIRMWARE_WRONG_DEVICE.
 */
export function refuseOtherText(job: Job, stick: Stick): ModelVerdict {
  const only = modeEntry(stick.productId)?.only;
  if (only !== undefined && isNeverWritten(only))
    throw otherModel(job, stick, only, 'FIRMWARE_WRONG_DEVICE/model-by-id');
  const { product: text = '' } = stick.device;
  const verdict = judgeModel(text);
  if (verdict === 'other') throw otherModel(job, stick, text, 'FIRMWARE_WRONG_DEVICE/model-on-bus');
  return verdict;
}

export interface ByWeb {
  /** Of its web server, where that cannot be found. */
  address?: string | undefined;
  /** It has just come to the bus: where it has an address, its web server is waited for so many milliseconds. */
  patience: number;
}

/** The same, for firmware that has no port to be asked on: where its descriptor names no model, its web server may. */
export async function judgeByWeb(job: Job, stick: Stick, how: ByWeb): Promise<void> {
  if (refuseOtherText(job, stick) !== 'unknown') return;
  const name = await modelByWeb(job, stick, how);
  if (name === undefined) return warnUnknown(job, stick, 'HiLink firmware has no port to ask it on');
  const verdict = judgeModel(name);
  if (verdict === 'other') throw otherModel(job, stick, name, 'FIRMWARE_WRONG_DEVICE/model');
  if (verdict === 'unknown') warnUnknown(job, stick, `it calls itself "${name}"`, soldAs(name));
}

/** Asked without a login; undefined where it does not say, or nobody answers. Error: the signal's reason. */
async function modelByWeb(job: Job, { device }: Stick, { address, patience }: ByWeb): Promise<string | undefined> {
  const { host, options } = job;
  const signal = options.signal ?? new AbortController().signal;
  let name: string | undefined;
  const recognise = ({ model }: WebIdentity) => {
    name = model;
    return {};
  };
  for (const end = host.clock.now() + patience; ; await sleep(host.clock, TIMEOUTS.hilink.again, signal)) {
    try {
      await (await openThere(host, device, { address, signal, recognise })).close();
      return name;
    } catch (error) {
      if (signal.aborted) throw error;
      const early = isDriverError(error, 'STICK_GONE', 'TIMEOUT', 'HILINK_ERROR/no-web');
      if (!early || host.clock.now() >= end) return undefined;
    }
  }
}

/** `sold`: the models that a name of an operator's is known for, which decides nothing. */
function warnUnknown(job: Job, stick: Stick, why: string, sold: readonly string[] = []): void {
  const [hint] = sold;
  job.warn(
    `Whether the stick at ${stick.path} is an ${MODEL} is not known yet: ${why}. ` +
      (hint === undefined ? '' : `An operator has sold the ${hint} by that name, which says nothing about this one. `) +
      'Its loader is asked before anything is written.',
  );
}

type Told = 'FIRMWARE_WRONG_DEVICE/model' | 'FIRMWARE_WRONG_DEVICE/model-on-bus' | 'FIRMWARE_WRONG_DEVICE/model-by-id';

function otherModel(job: Job, stick: Stick, name: string, told: Told): DriverError {
  const why = whyNotWritten(name) ?? null;
  const error = failure(told, { which: stickText(stick), name, model: MODEL, why }, { stick: stick.path });
  job.checks.fail('device', error);
  return error;
}
