/**
 * Soak: very many commands from several users of one stick, with URCs, every fault of the AT stage, restarts, jobs that take
 * the stick and replugs mixed in, on the virtual clock. Each command carries a number, and its reply spells the number in
 * the order of its lines: a reply that reached another command can't be right.
 *
 * `node build/test/soak/at.js 1000000` runs the full form and prints the figures.
 */

import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type AtHandle, openAt } from '../../src/device/at/open-at';
import { type ErrorCode, isDriverError } from '../../src/errors';
import { sleep } from '../../src/host/host';
import { holdStick } from '../../src/stick/hold';
import type { FaultOrder } from '../../src/virtual/faults';
import { sessionBench, until } from '../support/at-bench';
import { random } from '../support/random';

/** Sixteen commands of one distinct line each: the digits of a number. */
const DIGITS =
  '+CGMI +CGMM +CGMR +CGSN +CIMI ^ICCID? +GCAP ^HWVER ^FHVER ^SETPORT? ^DLOADVER? +CPIN? ^SYSINFOEX ^RFSWITCH? ^CARDLOCK? +COPS?'.split(
    ' ',
  );
const PLACES = 5;
const USERS = 4;

/** How often what happens: once in so many commands, on average. */
const EVERY = { fault: 40, urc: 5, reset: 4_000, replug: 6_000, job: 5_000 };

/** What a command may end in, when the world is as it is made here. */
const EXPECTED: readonly ErrorCode[] = ['TIMEOUT', 'STICK_GONE', 'STICK_NOT_FOUND', 'BUSY', 'CANCELLED', 'PROTOCOL'];

export interface SoakReport {
  commands: number;
  /** Answered by OK and their own lines. */
  answered: number;
  /** Answered by an error: the fault `nak`. */
  refused: number;
  /** Rejected, by code. */
  rejected: Record<string, number>;
  faults: number;
  enumerations: number;
  urcs: { sent: number; heard: number };
  /** Hours that passed on the virtual clock. */
  hours: number;
  /** Bytes of live heap after a tenth and at the end. */
  heap: [number, number];
}

/** The number as a command line: S7, a register without effect here, names it once more for the stick's own log. */
function lineOf(id: number): string {
  let line = `ATS7=${id}`;
  for (let place = 0; place < PLACES; place++) line += `;${DIGITS[(id >> (4 * place)) & 15]}`;
  return line;
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

export async function soak(commands: number, seed = 1): Promise<SoakReport> {
  assert.ok(commands <= 16 ** PLACES * 2, 'more numbers than can be told apart');
  const next = random(seed);
  const once = (every: number): boolean => next(every) === 0;
  const bench = sessionBench({ setport: 'FF;10,12', seed, losesFirstAt: true });
  const { stick, host, clock } = bench;
  await bench.plug();

  const report: SoakReport = {
    commands,
    answered: 0,
    refused: 0,
    rejected: {},
    faults: 0,
    enumerations: 0,
    urcs: { sent: 0, heard: 0 },
    hours: 0,
    heap: [0, 0],
  };
  /** How often the stick has carried out each number. */
  const executed = new Uint8Array(commands);
  stick.onEvent((event) => {
    bench.commands.length = 0;
    if (event.what === 'fault') report.faults++;
    else if (event.what === 'mode' && event.mode !== 'off') report.enumerations++;
    else if (event.what === 'at') {
      const id = Number(/^ATS7=(\d+)/.exec(event.command)?.[1] ?? -1);
      if (id >= 0) executed[id] = (executed[id] ?? 0) + 1;
    }
  });

  const handles = Array.from({ length: USERS }, (_, i) => openAt(host, i === 0 ? 'auto' : '1-1'));
  const [first] = handles;
  assert.ok(first);
  const lines = await bench.run(learn(first));

  let heardLast = 0;
  first.onUrc(({ urc, line }) => {
    if (urc !== '^TIME') return;
    const number = Number(/^\^TIME: (\d+)$/.exec(line)?.[1]);
    assert.ok(number > heardLast, `URC "${line}" came after ${heardLast}: doubled, late or damaged`);
    heardLast = number;
    report.urcs.heard++;
  });

  let issued = 0;
  const disturb = (): void => {
    if (once(EVERY.urc)) {
      clock.after(next(20), () => {
        // While nobody has the port open what the stick says is lost, as it must be.
        if (first.state.state === 'ready' && stick.plugged) stick.urc(`^TIME: ${++report.urcs.sent}`);
      });
    }
    if (once(EVERY.fault)) stick.faults.order(someFault(next));
    if (once(EVERY.replug)) {
      clock.after(next(50), () => stick.unplug());
      clock.after(60 + next(20_000), () => {
        if (!stick.plugged) stick.plug();
      });
    }
  };

  const user = async (handle: AtHandle): Promise<void> => {
    while (issued < commands) {
      const id = issued++;
      disturb();
      const special = once(EVERY.reset) ? handle.run('AT^RESET') : once(EVERY.job) ? job() : undefined;
      await special?.catch(() => undefined);
      try {
        const reply = await handle.run(lineOf(id), { timeout: 3_000 });
        if (reply.ok) {
          const wanted = Array.from({ length: PLACES }, (_, place) => lines[(id >> (4 * place)) & 15]);
          assert.deepEqual(reply.lines, wanted, `the reply to ${id}`);
          assert.equal(executed[id], 1, `${id} was carried out ${executed[id]} times`);
          report.answered++;
        } else report.refused++;
      } catch (error) {
        if (!isDriverError(error, ...EXPECTED)) throw error;
        report.rejected[error.code] = (report.rejected[error.code] ?? 0) + 1;
        assert.ok((executed[id] ?? 0) <= 1, `${id} was carried out ${executed[id]} times`);
        // Whoever is refused at once asks again a little later.
        await sleep(clock, 1_000);
      }
      if (issued === Math.floor(commands / 10)) report.heap[0] = heapUsed();
    }
  };
  const job = async (): Promise<void> => {
    const hold = await holdStick(host, '1-1', { purpose: 'soak job' });
    await sleep(clock, 500 + next(5_000));
    hold.release();
  };

  await clock.run(Promise.all(handles.map(user)), Number.POSITIVE_INFINITY);
  stick.faults.clear();
  if (!stick.plugged) stick.plug();
  await bench.run(until(first, 'ready'));
  assert.equal((await bench.run(first.run('AT'))).ok, true);
  report.heap[1] = heapUsed();
  report.hours = clock.now() / 3600_000;
  await bench.run(Promise.all(handles.map((handle) => handle.release())));
  stick.unplug();
  assert.equal(clock.pending, 0, 'timers are left');
  const { answered, refused, rejected } = report;
  const ended = answered + refused + Object.values(rejected).reduce((sum, n) => sum + n, 0);
  assert.equal(ended, commands, 'every command ends once');
  return report;
}

/** The line of each digit, asked for one by one before anything is disturbed. */
async function learn(handle: AtHandle): Promise<string[]> {
  const lines: string[] = [];
  for (const command of DIGITS) {
    const reply = await handle.run(`AT${command}`);
    assert.equal(reply.lines.length, 1, command);
    lines.push(reply.lines[0] ?? '');
  }
  assert.equal(new Set(lines).size, DIGITS.length, 'the digits are told apart');
  return lines;
}

function someFault(next: (n: number) => number): FaultOrder {
  const nth = 1 + next(4);
  switch (next(8)) {
    case 0:
      return { fault: 'silence', at: 'at', nth };
    case 1:
      return { fault: 'lost', at: 'at', nth };
    case 2:
      return { fault: 'garbage', at: 'at', nth };
    case 3:
      return { fault: 'nak', at: 'at', nth, code: 3 };
    case 4:
      return { fault: 'noise', at: 'at', nth };
    case 5:
      return { fault: 'unplug', at: 'at', nth, ms: 100 + next(5_000) };
    default:
      // Also later than the timeout: the late reply must reach nobody.
      return { fault: 'late', at: 'at', nth, ms: 200 + next(8_000) };
  }
}

async function main(commands: number): Promise<void> {
  const began = performance.now();
  const report = await soak(commands);
  const seconds = (performance.now() - began) / 1000;
  const mb = report.heap.map((bytes) => (bytes / 1_048_576).toFixed(1));
  process.stdout.write(
    `${JSON.stringify({ ...report, heap: `${mb[0]} MB, ${mb[1]} MB`, seconds: Math.round(seconds) })}\n`,
  );
}

if (require.main === module) void main(Number(process.argv[2] ?? 20_000));
