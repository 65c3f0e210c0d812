/** State that outlives the process and the version that wrote it. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openSms, type Receiver, type SmsHandle, type SmsMessage } from '../../src/device/sms/open-sms';
import { TIMEOUTS } from '../../src/timeouts';
import type { Bench } from '../support/bench';
import { tempFolder } from '../support/temp-folder';
import type { Life } from './container-life';
import { type KeptStick, keptBench } from './kept-state';
import { deliver } from './sms/sim';

const OLD = 'test/data/state-0.1';
const FROM = '+491701234567';
const RIGHT = '4711';

const read = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;

let userDir = '';
beforeEach(() => {
  userDir = tempFolder('user');
});
afterEach(() => rmSync(userDir, { recursive: true, force: true }));

/** The folder of 0.1, moved below Node-RED's user folder, with the modes that it had. */
function moveState(): string {
  const folder = join(userDir, 'e3272');
  cpSync(join(OLD, 'e3272'), folder, { recursive: true });
  chmodSync(folder, 0o700);
  for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o600);
  return folder;
}

const smsNote = (folder: string): string => join(folder, readdirSync(folder).find((name) => /^sms-/.test(name)) ?? '');

interface Run {
  bench: Bench;
  got: SmsMessage[];
  pins: string[];
  /** A life with `pin`; what was received since. */
  life(pin: string, receiver?: Partial<Receiver>): Promise<string[]>;
  sms: SmsHandle | undefined;
}

async function upgraded(): Promise<Run> {
  const bench = await keptBench(userDir, read<KeptStick>(join(OLD, 'stick.json')));
  const pins: string[] = [];
  bench.stick.onEvent((event) => {
    if (event.what === 'at' && event.command.startsWith('AT+CPIN=')) pins.push(event.command.trim());
  });
  const run: Run = {
    bench,
    got: [],
    pins,
    sms: undefined,
    async life(pin, receiver) {
      if (run.sms) await bench.run(run.sms.release());
      const before = run.got.length;
      run.sms = openSms(bench.host, '1-1', { pin });
      run.sms.receive({ onMessage: (message) => run.got.push(message) < 0, ...receiver });
      await bench.run(new Promise<void>((resolve) => bench.clock.after(3 * TIMEOUTS.sms.poll, resolve)));
      return run.got.slice(before).map(({ text, existing }) => `${text}${existing ? ' (existing)' : ''}`);
    },
  };
  return run;
}

const NEW = ['in ME while 0.1 was down (existing)', 'while 0.1 was down, 1', 'while 0.1 was down, 2'];

describe('after an upgrade from 0.1', () => {
  it('no refused PIN is tried again, nothing comes twice, nothing is lost', async () => {
    const folder = moveState();
    const { wrongPin, pinTries } = read<{ wrongPin: string; pinTries: number }>(join(OLD, 'stick.json'));
    const run = await upgraded();
    const { stick } = run.bench;
    assert.deepEqual(await run.life(wrongPin), []);
    assert.deepEqual([run.pins, stick.sim.pinTries], [[], pinTries]);
    // Somebody corrects the PIN.
    assert.deepEqual((await run.life(RIGHT)).sort(), NEW);
    assert.deepEqual(run.pins, [`AT+CPIN="${RIGHT}"`]);
    assert.deepEqual(await run.life(RIGHT), [], 'nothing comes twice');
    // The stick had refused to delete this one.
    const texts = (await run.bench.run(run.sms?.list() ?? Promise.reject())).map(({ message }) =>
      message?.kind === 'deliver' ? message.text : '',
    );
    assert.ok(!texts.some((text) => text.startsWith('to be deleted')));
    assert.ok(texts.includes('flash, which nobody wanted'));
    // The part that 0.1 had waited for.
    stick.receiveSms({ from: FROM, text: `${'x'.repeat(153)}${'y'.repeat(153)}z`, reference: 200, order: [2] });
    await run.bench.run(new Promise<void>((resolve) => run.bench.clock.after(5_000, resolve)));
    assert.equal(run.got.at(-1)?.text, `${'x'.repeat(153)}${'y'.repeat(153)}z`);
    // What was handed over goes; what nobody wanted and what was written here stay.
    await run.bench.run(run.sms?.clear() ?? Promise.reject());
    const left = [...stick.world.store('SM').entries()].map(([, { status }]) => status);
    assert.deepEqual(left, [1, 2]);
    assert.equal(read<{ version: number }>(smsNote(folder)).version, 2);
    await run.bench.run(run.sms?.release() ?? Promise.reject());
  });

  it('a better decoder makes no old message new: what 0.1 has read counts as handed over', async () => {
    const folder = moveState();
    // As if every message read otherwise now.
    const keys = read<{ keys: string[] }>(smsNote(folder)).keys.map((_key, i) => `${i}`.padStart(16, '0'));
    writeFileSync(smsNote(folder), JSON.stringify({ keys, loose: [] }));
    const run = await upgraded();
    const came = await run.life(RIGHT);
    // In ME nothing tells what 0.1 has seen there.
    assert.deepEqual(came.filter((text) => !text.endsWith('(existing)')).sort(), NEW.slice(1));
    assert.deepEqual(
      came.filter((text) => text.endsWith('(existing)') && !text.startsWith('in ME')),
      [],
    );
    assert.deepEqual(await run.life(RIGHT), []);
    await run.bench.run(run.sms?.release() ?? Promise.reject());
  });

  it('the first look may be cut off at any moment: what came unread stays new', async () => {
    moveState();
    const run = await upgraded();
    for (let commands = 1; run.got.length === 0; commands++) {
      assert.ok(commands < 60);
      let left = commands;
      const sms = openSms(run.bench.host, '1-1', { pin: RIGHT });
      const taken: SmsMessage[] = [];
      sms.receive({ onMessage: (message) => taken.push(message) < 0 });
      await run.bench.run(
        new Promise<void>((resolve) => {
          const off = run.bench.stick.onEvent((event) => {
            if (event.what !== 'at' || --left > 0) return;
            off();
            resolve();
          });
          run.bench.clock.after(60_000, resolve);
        }),
      );
      await run.bench.run(sms.release());
      run.got.push(...taken);
    }
    await run.life(RIGHT);
    assert.deepEqual(run.got.map(({ text, existing }) => `${text}${existing ? ' (existing)' : ''}`).sort(), NEW);
    await run.bench.run(run.sms?.release() ?? Promise.reject());
  });
});

describe('a container that is made anew', () => {
  const life = async (folder: string, kept: KeptStick, pin: string): Promise<Life> => {
    const script = join(__dirname, 'container-life.js');
    const { stdout } = await promisify(execFile)(process.execPath, [script, folder, JSON.stringify(kept), pin]);
    return JSON.parse(stdout) as Life;
  };
  const texts = ({ got }: Life) => got.map(({ text, existing }) => [text, existing ?? false]);
  const stored = (text: string, index: number) => ({ index, status: 0 as const, pdu: deliver({ text, at: index }) });

  it('tries no wrong PIN again, and hands nothing over twice, as long as its user folder stays', async () => {
    const [kept, lost] = ['kept', 'lost'].map((name) => join(userDir, name));
    assert.ok(kept && lost);
    mkdirSync(kept);
    mkdirSync(lost);
    const stick: KeptStick = {
      sim: { state: 'pin', pin: RIGHT },
      pinTries: 3,
      stores: { SM: [stored('one', 0)], ME: [stored('two', 1)] },
    };
    const first = await life(kept, stick, '1234');
    assert.deepEqual([first.pins.length, first.kept.pinTries, texts(first)], [1, 2, []]);
    const second = await life(kept, first.kept, '1234');
    assert.deepEqual([second.pins.length, second.kept.pinTries, texts(second)], [0, 2, []]);
    const third = await life(kept, second.kept, RIGHT);
    assert.deepEqual(texts(third), [
      ['one', true],
      ['two', true],
    ]);
    third.kept.stores.ME.push(stored('three', 5));
    const fourth = await life(kept, third.kept, RIGHT);
    assert.deepEqual(texts(fourth), [['three', false]]);
    // It is the folder that does it.
    const other = await life(lost, fourth.kept, RIGHT);
    assert.equal(other.got.length, 3);
  });
});
