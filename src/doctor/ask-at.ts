/** The ports of one stick: who answers on each, and what the modem tells. All of it are questions; see {@link PortQuestions}. */

import type { AtReply } from '../at/channel';
import { replyValue } from '../at/commands/value';
import { askService, OutlookOfStick } from '../device/at/outlook';
import { isDriverError } from '../errors';
import type { Host } from '../host/host';
import { portsToAsk, type Stick, type StickTty } from '../stick/stick';
import { barsOf } from '../values/signal';
import type { Account, Limits } from './account';
import { judgeOutlook } from './outlook';
import { type Answer, PortQuestions } from './port-questions';

/** The version that loaders name, and running firmware too. */
const LOADER_VERSION = '2.0';

interface Open {
  tty: StickTty;
  questions: PortQuestions;
}

interface Answering extends Open {
  /** In front of the CR. */
  ending: string;
  ms: number;
}

/** Answered later than this is answered so late that the next answer may be that of this question. */
const LATE_TRY = 2;

/** What one port is, when it has been asked with plain `AT`. */
type Heard =
  | { kind: 'babbles' }
  | { kind: 'answers'; ending: string; ms: number }
  | { kind: 'refuses'; final: string }
  | Exclude<Answer, { kind: 'reply' }>;

/** The first one may be lost, and some sticks want a blank before the CR. */
const TRIES = [
  { limit: 'glance', ending: '' },
  { limit: 'probe', ending: '' },
  { limit: 'probe', ending: ' ' },
] as const;

async function hear(questions: PortQuestions, limits: Limits, signal: AbortSignal): Promise<Heard> {
  let heard: Heard = { kind: 'silent' };
  if (await questions.babbles(limits.glance)) return { kind: 'babbles' };
  for (const [i, { limit, ending }] of TRIES.entries()) {
    if (signal.aborted) break;
    const answer = await questions.ask('AT', limits[limit], ending);
    if (answer.kind === 'gone' || answer.kind === 'framed') return answer;
    if (answer.kind === 'garbled') heard = answer;
    if (answer.kind !== 'reply') continue;
    const { ok, final, ms: took } = answer.reply;
    if (ok && i === LATE_TRY) return { kind: 'answers', ending, ms: await latency(questions, limits, ending, took) };
    if (ok) return { kind: 'answers', ending, ms: took };
    heard = { kind: 'refuses', final };
  }
  return heard;
}

/** How long an answer really takes, where the last one may have been that of an earlier try. */
async function latency(questions: PortQuestions, limits: Limits, ending: string, took: number): Promise<number> {
  const answer = await questions.ask('AT', limits.late, ending);
  return answer.kind === 'reply' ? answer.reply.ms : took;
}

/** `host` holds the stick for us. Ports are open for as long as this runs. Never rejects. */
export async function askPorts(host: Host, stick: Stick, account: Account, signal: AbortSignal): Promise<void> {
  const { path } = stick;
  const asked = portsToAsk(stick);
  for (const { path: port, role } of stick.ttys.filter((tty) => !asked.includes(tty))) {
    account.add('port-not-asked', 'ok', { stick: path, path: port, role });
  }
  const holders = await holdersOf(host, stick);
  const opened = await Promise.all(asked.map((tty) => open(host, stick, tty, holders, account)));
  const ports = opened.filter((port) => port !== undefined);
  try {
    const heard = await Promise.all(
      ports.map(async (port) => ({ ...port, heard: await hear(port.questions, account.limits, signal) })),
    );
    if (signal.aborted) return;
    if (heard.some((port) => port.heard.kind === 'gone')) {
      account.add('left', 'error', { stick: path });
      return;
    }
    const answering = heard.flatMap(({ heard: found, ...port }): Answering[] =>
      found.kind === 'answers' ? [{ ...port, ending: found.ending, ms: found.ms }] : [],
    );
    judgeSilent(stick, heard, answering.length > 0, account);
    for (const { tty, ms } of answering)
      account.add('answers', 'ok', { stick: path, path: tty.path, role: tty.role, ms });
    const [best] = answering;
    if (best && best.ms > account.limits.slow) account.add('slow', 'warn', { stick: path, ms: best.ms });
    else if (best) await askModem(stick, best, host, account, signal);
    else if (ports.length > 0) await whySilent(stick, heard, account);
  } finally {
    await Promise.all(ports.map(({ questions }) => questions.close()));
  }
}

/** By port. Whoever has one open is not disturbed: to open it would set its line anew. */
async function holdersOf(host: Host, { device }: Stick): Promise<ReadonlyMap<string, readonly string[]>> {
  const { ttys = [] } = (await host.connection?.(device)) ?? {};
  return new Map(ttys.map((tty) => [tty.path, tty.holders]));
}

async function open(
  host: Host,
  { path }: Stick,
  tty: StickTty,
  all: ReadonlyMap<string, readonly string[]>,
  account: Account,
): Promise<Open | undefined> {
  const port = tty.path;
  const holders = all.get(port) ?? [];
  const busy = (who: readonly string[]) =>
    account.add('port-busy', tty.role === 'modem' ? 'warn' : 'error', { stick: path, path: port, holders: who });
  if (holders.length > 0) {
    busy(holders);
    return undefined;
  }
  try {
    return { tty, questions: new PortQuestions(await host.openTty(port), host.clock) };
  } catch (error) {
    if (isDriverError(error, 'PORT_BUSY/port')) busy(error.params['holders'] as string[]);
    else if (isDriverError(error, 'NO_PERMISSION')) {
      if (!account.has('port-forbidden', path) && !account.has('port-closed', path)) {
        account.add('port-forbidden', 'error', { stick: path, path: port, group: null, later: false });
      }
    } else if (isDriverError(error, 'STICK_GONE')) account.add('left', 'error', { stick: path });
    else if (!isDriverError(error, 'NATIVE_MISSING')) {
      const text = error instanceof Error ? error.message : String(error);
      account.add('port-fault', 'error', { stick: path, path: port, text });
    }
    return undefined;
  }
}

/** What is wrong with single ports. A port that is silent is a fault only where no other one answers. */
function judgeSilent(
  stick: Stick,
  heard: readonly (Open & { heard: Heard })[],
  works: boolean,
  account: Account,
): void {
  const level = works ? 'warn' : 'error';
  for (const { tty, heard: found } of heard) {
    const port = { stick: stick.path, path: tty.path };
    if (found.kind === 'framed') account.add('framed', level, port);
    if (found.kind === 'babbles') account.add('babbles', level, port);
    if (found.kind === 'garbled') account.add('garbled', level, port);
    if (found.kind === 'refuses') account.add('refuses', level, { ...port, final: found.final });
    if (found.kind === 'silent' && works) account.add('port-silent', 'ok', { ...port, role: tty.role });
  }
}

/** No port answers AT: there may be a loader behind an id that it shares with firmware. */
async function whySilent(stick: Stick, heard: readonly (Open & { heard: Heard })[], account: Account): Promise<void> {
  const silent = heard.filter((port) => port.heard.kind === 'silent');
  if (stick.ambiguous) {
    const answers = await Promise.all(
      silent.map(({ questions }) => questions.ask('AT^DLOADVER?', account.limits.probe)),
    );
    if (answers.some((each) => each.kind === 'reply' && each.reply.lines.includes(LOADER_VERSION))) {
      account.add('is-loader', 'error', { stick: stick.path });
      return;
    }
  }
  if (silent.length < heard.length) return;
  account.add('silent', 'error', { stick: stick.path, ports: silent.map(({ tty }) => tty.path) });
}

/** Questions to the modem, until one of them is not answered. */
async function askModem(
  { path }: Stick,
  { tty, questions, ending, ms }: Answering,
  host: Host,
  account: Account,
  signal: AbortSignal,
): Promise<void> {
  const { question, slow } = account.limits;
  const outlook = new OutlookOfStick(() => undefined);
  let slowest = ms;
  let failed = false;
  const ask = async (command: string): Promise<AtReply | undefined> => {
    if (failed || signal.aborted) return undefined;
    const answer = await questions.ask(command, question, ending);
    if (answer.kind === 'reply') {
      outlook.answered(answer.reply);
      slowest = Math.max(slowest, answer.reply.ms);
      return answer.reply;
    }
    failed = true;
    if (signal.aborted) return undefined;
    if (answer.kind === 'gone') account.add('left', 'error', { stick: path });
    else account.add('stops-answering', 'error', { stick: path, path: tty.path, command });
    return undefined;
  };
  // An answer that comes late would be taken for that of the next question: what is asked first names itself.
  const started = host.clock.now();
  const version = await ask('AT+CGMR');
  const model = await ask('AT+CGMM');
  if (version?.ok && model?.ok) {
    account.add('model', 'ok', {
      stick: path,
      model: model.lines[0]?.trim() ?? '',
      revision: version.lines[0]?.trim() ?? null,
    });
  }
  const radio = await ask('AT+CFUN?');
  const functions = radio?.ok ? replyValue('AT+CFUN?', radio.lines) : undefined;
  if (functions?.radio === false) account.add('radio-off', 'error', { stick: path });
  await ask('AT+CPIN?');
  // A command that the firmware does not know is refused, or left unanswered: what is asked then is not asked again.
  await askService(async (command) => {
    const reply = await ask(command);
    return reply ?? { command, ok: false, final: '', lines: [], ms: 0 };
  });
  const signalReply = await ask('AT+CSQ');
  const bars = signalReply?.ok ? barsOf(replyValue('AT+CSQ', signalReply.lines) ?? {}) : undefined;
  if (host.clock.now() - started > slow && slowest > slow) {
    account.add('slow', 'warn', { stick: path, ms: Math.round(slowest) });
  }
  judgeOutlook(path, outlook.now, bars, account);
}
