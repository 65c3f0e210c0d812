/**
 * A whole Node-RED that is killed in the middle of a conversion, and started again: with its user folder, as after a crash;
 * with that folder at another place or a new one, as a container made anew. The stick is in another process and goes on;
 * what reached it is in its log, whatever Node-RED believes.
 */

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobReport } from '../../src/flash/events';
import { sha256 } from '../../src/virtual/events';
import { imageData, type MadeImage, makeFirmware, makeLoader } from '../../src/virtual/make-files';
import { HostProcess } from '../cli/host-process';
import { type Entry, MODEM, ServedSticks } from '../support/served';
import { tempFolder } from '../support/temp-folder';
import { RedProcess } from './red-process';
import type { FlowNode } from './runtime';
import { atNode, flashNode, stickNode } from './sticks';

const IMAGES: MadeImage[] = [
  { code: 0x101, size: 20_000 },
  { code: 0x550103, size: 40_000 },
  { code: 0x107, size: 20_000, compression: 'zlib' },
];
const CODES = IMAGES.map(({ code }) => code);
/** A block in the middle of the second image: the first one has five. */
const MIDDLE = 8;

type Report = Omit<JobReport, 'error'> & { error?: { code: string; message: string } };

/** What of an image reached the stick, in order: `begun 257`, `image 257`. */
const sent = (log: Entry[]): string[] =>
  log.filter(({ what }) => what === 'begun' || what === 'image').map(({ what, code }) => `${what} ${code}`);
const whole = (codes: readonly number[]): string[] => codes.flatMap((code) => [`begun ${code}`, `image ${code}`]);

describe('a Node-RED that is killed in the middle of a conversion', () => {
  let folder: string;
  let machine: string;
  let stick: HostProcess | ServedSticks;
  let red: RedProcess | undefined;

  beforeEach(async () => {
    folder = tempFolder('restart');
    machine = join(folder, 'machine');
    // As docs/e3272.tmpfiles.conf makes it.
    mkdirSync(join(machine, 'var/lib/e3272'), { recursive: true });
    writeFileSync(join(folder, 'loader.bin'), makeLoader({ size: 20_000 }));
    writeFileSync(join(folder, 'firmware.bin'), makeFirmware({ images: IMAGES }));
  });
  afterEach(async () => {
    await red?.kill();
    await stick.close();
    rmSync(folder, { recursive: true });
  });

  const files = () => ({ loader: join(folder, 'loader.bin'), firmware: join(folder, 'firmware.bin') });
  /** Where a loader alone is named no firmware is made up, so that nothing is written. */
  const unwritten = () => ({ loader: files().loader });
  const flow = (): FlowNode[] => [
    { id: 'tab', type: 'tab', label: 'tab' },
    stickNode(stick.place),
    flashNode({ z: 'tab', wires: [['sink'], ['sink']] }),
    { ...atNode, z: 'tab', wires: [['sink'], ['sink']] },
    // What goes nowhere is not sent.
    { id: 'sink', type: 'junction', z: 'tab', wires: [[]] },
  ];
  async function start(userDir: string, on = machine): Promise<RedProcess> {
    mkdirSync(join(folder, userDir), { recursive: true });
    red = await RedProcess.start(join(folder, userDir), on, stick.place, flow());
    return red;
  }
  async function convert(on: RedProcess, msg: object): Promise<Report> {
    on.inject('flash', { confirm: true, ...msg });
    return (await on.output('flash', 0)).payload as Report;
  }
  const told = () => readdirSync(join(machine, 'var/lib/e3272'));

  /** Begins to write in `userDir`; the stick falls silent in the middle of the second image, and Node-RED is killed. */
  async function killInTheMiddle(userDir: string, msg: object): Promise<void> {
    const first = await start(userDir);
    stick.order({ fault: 'silence', at: 'block', nth: MIDDLE });
    first.inject('flash', { ...files(), confirm: true, ...msg });
    await stick.logged(({ what }) => what === 'fault');
    await first.kill();
    await stick.logged(({ what, present }) => what === 'client' && present === false);
    assert.deepEqual(sent(stick.log), [...whole(CODES.slice(0, 1)), `begun ${CODES[1]}`], 'what was really sent');
    assert.equal(told().length, 1, 'all users of the machine are told');
  }

  function assertStored(log: Entry[]): void {
    for (const image of IMAGES) {
      const last = log.findLast(({ what, code }) => what === 'image' && code === image.code);
      assert.equal(last?.['sha256'], sha256(imageData(image)), `image ${image.code}`);
    }
  }

  it('takes it up with its user folder, moved or not: what was written as a whole is not written again', async () => {
    stick = await HostProcess.start('boot');
    await killInTheMiddle('before', {});
    renameSync(join(folder, 'before'), join(folder, 'after'));
    const again = await start('after');
    const before = stick.log.length;
    const report = await convert(again, files());
    assert.deepEqual(report.error, undefined);
    assert.deepEqual(
      report.images.map(({ complete, earlier = false }) => [complete, earlier]),
      [
        [true, true],
        [true, false],
        [true, false],
      ],
    );
    await stick.logged(({ what }) => what === 'setport', before);
    assert.deepEqual(sent(stick.log.slice(before)), whole(CODES.slice(1)));
    assertStored(stick.log);
    assert.deepEqual(told(), []);
    await again.shows('at', 'status.ready');
    again.inject('at', { payload: 'AT' });
    assert.equal(((await again.output('at', 0)).payload as { final: string }).final, 'OK');
  });

  it('refuses a stick that was pulled meanwhile and answers AT; with an empty user folder by what is told to all', async () => {
    stick = await ServedSticks.start([MODEM]);
    stick.order({ do: 'plug' });
    await killInTheMiddle('before', { reflash: true });
    const before = stick.log.length;
    stick.order({ do: 'plug' });
    await stick.logged(({ what, present }) => what === 'tty' && present === true, before);
    for (const userDir of ['before', 'empty']) {
      const again = await start(userDir);
      const { ok, error } = await convert(again, unwritten());
      assert.equal(ok, false);
      assert.equal(error?.code, 'BAD_ARGUMENT', error?.message);
      assert.match(
        error?.message ?? '',
        /runs, but an earlier write of .*firmware\.bin .* missing: VxWorks_R1, System_R1/,
      );
      await again.kill();
    }
    assert.deepEqual(sent(stick.log.slice(before)), [], 'nothing was sent');
    // Neither the folder of the user nor the one for all was kept: nothing is known of it any more.
    const lost = await start('lost', join(folder, 'another-machine'));
    const { ok, warnings } = await convert(lost, unwritten());
    assert.equal(ok, true);
    assert.ok(!warnings.join().includes('earlier write'));
    await lost.kill();
    // With the files it is written anew, all of it: no loader has run all the time.
    const last = await start('empty');
    const report = await convert(last, { ...files(), reflash: true });
    assert.deepEqual(report.error, undefined);
    assert.deepEqual(sent(stick.log.slice(before)), whole(CODES));
    assertStored(stick.log);
    assert.deepEqual(told(), []);
  });

  it('with an empty user folder while the loader still runs, writes all of it anew', async () => {
    stick = await ServedSticks.start([{}]);
    stick.order({ do: 'plug', bootPin: true });
    await killInTheMiddle('before', {});
    const before = stick.log.length;
    const again = await start('empty');
    const report = await convert(again, files());
    assert.deepEqual(report.error, undefined);
    assert.deepEqual(sent(stick.log.slice(before)), whole(CODES));
    assertStored(stick.log);
    assert.deepEqual(told(), []);
  });
});
