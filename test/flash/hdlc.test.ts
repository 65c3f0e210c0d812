/** A modem whose port another program has left in download framing: AT gets frames for an answer. */

import assert from 'node:assert/strict';
import { obey } from '../../src/virtual/orders';
import { onWrites } from '../support/bench';
import { cliHint } from '../support/errors';
import { type Journey, journey, makeFirmware, makeLoader } from './journey';

const files = { loader: makeLoader({ size: 20_000 }), firmware: makeFirmware() };
const LEAVE = '7e01f1e17e';
const SAYS_SO = /The port \S+ of the stick at 1-1 was left in download framing .* brought back to AT/;

async function leftInHdlc(setport: string): Promise<Journey> {
  const run = journey(files, { firmware: 'stick', setport });
  await run.plug();
  obey(run.stick, JSON.stringify({ do: 'hdlc', port: 'pcui' }));
  return run;
}

/** Frames and commands that reach the stick; with `deaf` it never gets the one that leads out. */
function wire(run: Journey, deaf = false): string[] {
  const sent: string[] = [];
  onWrites(run.host, (data) => {
    const hex = Buffer.from(data).toString('hex');
    sent.push(hex);
    return deaf && hex === LEAVE ? undefined : data;
  });
  return sent;
}

describe('a port that was left in download framing', () => {
  it('is brought out of it, the job goes on to new ports, and the report says so', async () => {
    const run = await leftInHdlc('FF;10,12,16');
    const sent = wire(run);
    const report = await run.convert({ loader: undefined, firmware: undefined });
    assert.equal(report.error, undefined);
    assert.ok(sent.includes(LEAVE));
    assert.equal(run.stick.setport, 'FF;10,12');
    assert.equal(report.warnings.filter((w) => SAYS_SO.test(w)).length, 1);
    assert.ok(run.events.some((e) => e.type === 'warn' && SAYS_SO.test(e.text)));
    assert.match(run.host.files.get(report.log?.replace('virtual:', '') ?? '') ?? '', SAYS_SO);
  });

  it('and goes on to a write, which is whole', async () => {
    const run = await leftInHdlc('FF;10,12');
    // Nobody has asked it anything since it was plugged in: its first command is lost, as on a real stick.
    const report = await run.convert({ reflash: true });
    assert.equal(report.error, undefined);
    assert.equal(report.wayIn, 'godload');
    assert.ok(report.images.every((i) => i.complete));
    assert.ok(run.stick.flash.get(0x550103));
    assert.ok(report.warnings.some((w) => SAYS_SO.test(w)));
  });

  it('is not taken for a loader: nothing but the way out is sent to it as a frame', async () => {
    const run = await leftInHdlc('FF;10,12');
    const sent = wire(run);
    await run.convert({ loader: undefined, firmware: undefined });
    const frames = sent.filter((hex) => hex.startsWith('7e'));
    assert.deepEqual([...new Set(frames)], ['7e0c143a7e', LEAVE]);
  });

  it('ends the job, with what to do, where the stick does not take the way out', async () => {
    const run = await leftInHdlc('FF;12');
    wire(run, true);
    const report = await run.convert({ reflash: true });
    assert.equal(report.error?.code, 'WRONG_MODE');
    assert.match(report.error?.message ?? '', /stuck in download framing/);
    assert.match(cliHint(report.error), /plug it in again/);
    assert.deepEqual([...run.stick.flash.keys()], []);
  });

  it('and goes on by another port that answers, which the report says', async () => {
    const run = await leftInHdlc('FF;12,10');
    wire(run, true);
    const report = await run.convert({ loader: undefined, firmware: undefined });
    assert.equal(report.error, undefined);
    assert.equal(run.stick.setport, 'FF;10,12');
    assert.ok(
      report.warnings.some((w) => /ttyUSB0 .* stuck in download framing\. The job goes on by \S+ttyUSB1\./.test(w)),
    );
    assert.ok(run.stick.ttys.every((tty) => !tty.isOpen));
  });

  it('nothing of the kind is said of a port that answers AT', async () => {
    const run = journey(files, { firmware: 'stick', setport: 'FF;10,12' });
    await run.plug();
    assert.ok(!(await run.convert()).warnings.some((w) => /download framing/.test(w)));
  });
});
