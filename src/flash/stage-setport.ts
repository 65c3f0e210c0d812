import { AtChannel } from '../at/channel';
import { parseComposition } from '../at/commands/ports';
import { expectOk } from '../at/reply';
import { formatComposition, getSetport, judgeComposition, setportOptions, setSetport } from '../at/setport';
import { readFirmwareVersion, readIdentity, reset } from '../at/stick-commands';
import { failure, isDriverError } from '../errors';
import { profileOf } from '../family/names';
import { type Stick, stickText } from '../stick/stick';
import { TIMEOUTS } from '../timeouts';
import type { ModemReport } from './events';
import type { AtFound, Found, Job } from './job';

export async function openChannel(job: Job, found: AtFound): Promise<AtChannel> {
  const channel = new AtChannel(found.port, { clock: job.host.clock, stick: found.stick.path });
  await channel.open(job.options.signal);
  return channel;
}

/** What the firmware says of itself, its ports among it. */
export type Modem = ModemReport & { setport: string };

/** Reads who the stick is: stands in the report as `modem`. */
async function readModem(job: Job, channel: AtChannel): Promise<Modem> {
  const identity = await readIdentity(channel);
  // Some firmware has no ^FHVER; what ATI says is enough then.
  const fhver = await readFirmwareVersion(channel).catch((error: unknown) => {
    if (isDriverError(error, 'AT_ERROR', 'CME_ERROR')) return undefined;
    throw error;
  });
  const setport = formatComposition(await getSetport(channel));
  // Check 9 compares it: what ATI leaves out ^FHVER may say.
  const revision = identity.revision || fhver?.software;
  const modem: Modem = {
    ...(identity.manufacturer && { manufacturer: identity.manufacturer }),
    ...(identity.model && { model: identity.model }),
    ...(revision && { revision }),
    ...(fhver?.hardware && { hardware: fhver.hardware }),
    setport,
    at: expectOk(await channel.run('AT'), { stick: channel.stick }).final,
  };
  job.account.fact({ type: 'modem', modem });
  return modem;
}

/** `AT` answers: identity, and the present port set-up. */
export function askModem(job: Job, stick: Stick, channel: AtChannel): Promise<Modem> {
  job.stage('at', `Asking the modem at ${stickText(stick)} for its identity.`);
  return readModem(job, channel);
}

/** Serial ports in the codes of the model that it says it is; undefined where nobody knows them. */
export function usualPorts({ model = '', hardware = '' }: ModemReport): string | undefined {
  const profile = [model, hardware].map(profileOf).find((each) => each?.setport);
  return profile?.setport?.serial;
}

/** Whether the stick already has what is asked for. */
export function hasSetport(present: string, wanted: string): boolean {
  const composition = parseComposition(wanted);
  return composition !== undefined && formatComposition(composition) === present;
}

/** Whether the stick would take `wanted`, asked without setting it. Error: COMMAND_REFUSED with the reason. */
export async function judgeSetport(channel: AtChannel, wanted: string): Promise<void> {
  const composition = parseComposition(wanted);
  const reason = composition && judgeComposition(composition, await setportOptions(channel));
  if (reason) {
    throw failure('COMMAND_REFUSED/setport-judged', { stick: channel.stick, value: wanted, fault: reason });
  }
}

/**
 * Sets the port composition and restarts the stick with it. Returns what came back: a composition with a CD-ROM in its
 * first half has to be switched before its ports can be asked again.
 */
export async function changeSetport(
  job: Job,
  found: AtFound,
  channel: AtChannel,
  wanted: string,
  before: string,
): Promise<Found> {
  job.stage('setport', `Setting the ports of ${stickText(found.stick)} to ${wanted} (now ${before}).`);
  job.checkpoint();
  await job.same.require(found.stick);
  job.account.fact({ type: 'setport', before });
  await setSetport(channel, wanted);
  job.account.fact({ type: 'setport', changed: true });
  job.did('did.ports', { setport: wanted, before: String(before) });
  await reset(channel);
  await channel.close();
  const back = await job.shielded(() => job.finder.awaitReturn(found.stick, TIMEOUTS.at.reset, ['tty', 'storage']));
  if (back && back.kind !== 'other') return back;
  const { path: stick } = found.stick;
  throw back
    ? failure('WRONG_MODE/after-setport', { which: stickText(back.stick), before }, { stick })
    : failure('TIMEOUT/after-setport', { stick, seconds: TIMEOUTS.at.reset / 1000, before });
}

/** The proof: after the restart the stick says the new value itself. */
export function proveSetport(job: Job, stick: string, now: string, wanted: string): void {
  job.account.fact({ type: 'setport', now });
  if (hasSetport(now, wanted)) return;
  throw failure('PROTOCOL/setport', { stick, wanted, now });
}
