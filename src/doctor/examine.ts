/**
 * The examination: looks at the machine and its sticks and asks those that nobody has, and says what is wrong, causes first.
 *
 * It reads, and writes nothing: no notes, no file that names the holder (the hold of a stick is a socket without a name for
 * others), no setting of a stick (questions only), no login. Opening a tty raises its control lines and sets the kernel's side of
 * the line; nothing drops when it is closed. A port that somebody has open is not opened. Everything goes by the host that is
 * given, but for the files of `folder`.
 */

import { deviceAt } from '../device/device';
import { type LastState, readLastState, stateNow } from '../device/last-state';
import { isDriverError } from '../errors';
import type { Machine } from '../host/facts';
import type { Host } from '../host/host';
import { heldFor, holdStick } from '../stick/hold';
import { describeStick, listSticks, type Stick } from '../stick/stick';
import { Account, limitsOf, within } from './account';
import { askPorts } from './ask-at';
import { askWeb, judgeNetwork } from './ask-web';
import type { Finding } from './findings';
import { isForeign } from './foreign';
import { judgeOnBus } from './on-bus';
import { judgeFiles } from './on-files';
import { judgeBus, judgeMachine, judgeModules } from './on-machine';

export interface ExamineOptions {
  host: Host;
  /** Port path of the only stick to look at; `auto`, the default: all. */
  which?: string;
  /** Of this package, as its finding says. */
  version: string;
  /** Where loader and firmware files are kept. */
  folder?: string;
  /** Called for each finding as soon as it is there, in no order; some turn out to follow from others. */
  onFinding?: (finding: Finding) => void;
  /** All limits are so many times longer: 1 by default, more on a machine that is slow itself. */
  patience?: number;
  /** Ends it early, with what was found. */
  signal?: AbortSignal;
}

/** All findings, what matters first. Within 10 s. Errors: those of {@link Host.scan}. */
export async function examine(options: ExamineOptions): Promise<Finding[]> {
  const { host, which = 'auto', version, folder, onFinding = () => undefined, patience = 1, signal } = options;
  const account = new Account(onFinding, limitsOf(patience));
  const { machine: ofMachine, stick: ofStick, files, grace } = account.limits;
  const noTime = (what: string, stick: string | null = null) => account.add('time-up', 'warn', { what, stick });
  let machine: Machine | undefined;
  const look = async () => {
    machine = await host.machine?.();
  };
  const looked = await within(host.clock, { ms: ofMachine, grace }, look, signal);
  if (machine) judgeMachine(machine, version, account);
  else if (!looked) noTime('look at the machine');
  const all = await listSticks(host);
  const sticks = all.filter(({ path }) => !host.hasBus || which === 'auto' || path === which);
  judgeBus(host, machine, sticks, which, account);
  await Promise.all([
    ...sticks
      .filter((stick) => !isForeign(stick))
      .map(async (stick) => {
        if (!(await examineStick(host, stick, machine, account, signal))) noTime('ask all questions', stick.path);
      }),
    (async () => {
      const load = async () => judgeModules((await host.broken?.()) ?? {}, sticks, machine, account);
      if (!(await within(host.clock, { ms: ofStick, grace }, load, signal))) noTime('load the native modules');
    })(),
    (async () => {
      if (folder === undefined) return;
      if (!(await within(host.clock, { ms: files, grace }, (over) => judgeFiles(folder, account, over), signal))) {
        noTime('look at all files');
      }
    })(),
  ]);
  return account.sorted();
}

/** False where it was not done in time. */
async function examineStick(
  host: Host,
  stick: Stick,
  machine: Machine | undefined,
  account: Account,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  return within(
    host.clock,
    { ms: account.limits.stick, grace: account.limits.grace },
    async (over) => {
      const worthAsking = await judgeOnBus(host, stick, machine, account);
      await judgeNetwork(host, stick, account);
      if (worthAsking) await ask(host, stick, machine, account, over);
      await judgePresence(host, stick, account, over);
    },
    signal,
  );
}

/** Whoever has the stick is not disturbed: what he knows is shown. */
async function ask(
  host: Host,
  stick: Stick,
  machine: Machine | undefined,
  account: Account,
  signal: AbortSignal,
): Promise<void> {
  const { path, mode } = stick;
  const holder = heldFor(host, path);
  const now = stateNow(deviceAt(host, path));
  if (holder !== undefined) {
    account.add('held', 'ok', { stick: path, holder: `this program (${holder})`, told: stateText(now) });
    return;
  }
  if (mode === 'hilink') {
    if (now.web === undefined) await askWeb(host, stick, machine, account, signal);
    else account.add('web-held', 'ok', { stick: path, told: stateText(now) });
    return;
  }
  const over = new AbortController();
  const stop = () => over.abort();
  signal.addEventListener('abort', stop, { once: true });
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const stepBack = async () => {
    stop();
    await finished;
  };
  try {
    const hold = await holdStick(host, path, { purpose: 'examination', stepBack, unnamed: true });
    if (!over.signal.aborted) await askPorts(host, stick, account, over.signal).finally(hold.release);
    hold.release();
    // Somebody has begun with it in the middle.
    if (over.signal.aborted && !signal.aborted) {
      account.add('held', 'ok', {
        stick: path,
        holder: heldFor(host, path) ?? 'a job that has just begun',
        told: null,
      });
    }
  } catch (error) {
    if (!isDriverError(error, 'BUSY')) throw error;
    const last = readLastState(host, path);
    const by = String(error.params['holder'] ?? error.params['purpose'] ?? 'another program');
    account.add('held', 'ok', { stick: path, holder: by, told: last ? stateText(last, host.clock.date()) : null });
  } finally {
    finish();
    signal.removeEventListener('abort', stop);
  }
}

/** `ready, SIM ready, network registered, 12 s ago`. */
function stateText(last: Omit<LastState, 'time' | 'pid'> & { time?: string }, now?: Date): string {
  const { state, mode, sim, network, web, error, time } = last;
  const ago = time !== undefined && now ? Math.round((now.getTime() - Date.parse(time)) / 1000) : undefined;
  return [
    web ?? state,
    mode !== undefined && state === 'mode' && `mode ${mode}`,
    sim !== undefined && `SIM ${sim}`,
    network !== undefined && `network ${network}`,
    error,
    ago !== undefined && ago >= 0 && `${ago} s ago`,
  ]
    .filter((part) => typeof part === 'string')
    .join(', ');
}

/** What was asked of a stick that has gone, or come back as another one, says nothing. */
async function judgePresence(host: Host, stick: Stick, account: Account, signal: AbortSignal): Promise<void> {
  if (signal.aborted || account.has('left', stick.path)) return;
  const now = (await host.scan()).find(({ portPath }) => portPath === stick.path);
  const same = now !== undefined && describeStick(now).device.address === stick.device.address;
  if (!same) account.add('left', 'error', { stick: stick.path });
}
