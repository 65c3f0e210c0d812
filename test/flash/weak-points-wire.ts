/** Weak points on the wire: answers, ports, restarts, what is left after a failure. */

import assert from 'node:assert/strict';
import { TIMEOUTS } from '../../src/timeouts';
import { onWrites } from '../support/bench';
import { cliHint } from '../support/errors';
import { makeFirmware, makeLoader } from './journey';
import { assertStored, files, images, inLoader, type WeakPoint, writing } from './weak-points';

export const WIRE: readonly WeakPoint[] = [
  {
    weak: 'No retry: the first lost, garbled or late answer ends the run in the middle of a partition.',
    ours: 'After a silence the loader is pinged; its answer proves that all before is worked off. Then the block is sent again and exactly one ACK counts for it.',
    async prove() {
      for (const fault of ['silence', 'lost', 'garbage', 'late', 'damaged'] as const) {
        const run = await inLoader();
        run.stick.faults.order({ fault, at: 'block', nth: 3, ms: 12_000 });
        const report = await writing(run);
        assert.equal(report.error, undefined, fault);
        assert.ok(
          report.warnings.some((w) => /sent again/.test(w)),
          fault,
        );
        assertStored(run);
      }
    },
  },
  {
    weak: 'The CRC of an answer is not checked: a damaged frame passes for an ACK.',
    ours: 'Only a frame with the right CRC counts; after a damaged one the block is sent again.',
    async prove() {
      const run = await inLoader();
      run.stick.faults.order({ fault: 'badcrc', at: 'block', nth: 2 });
      const report = await writing(run);
      assert.equal(report.error, undefined);
      assert.ok(report.warnings.some((w) => /1 frames had to be sent again/.test(w)));
      assertStored(run);
    },
  },
  {
    weak: 'Text that comes unasked before an answer (`^BOOT` lines) is read as an error code.',
    ours: 'What is no frame, or another frame, is passed over; the answer behind it counts.',
    async prove() {
      const run = await inLoader();
      for (const at of ['dloadinfo', 'identify', 'start', 'block', 'ping', 'close'] as const) {
        run.stick.faults.order({ fault: 'noise', at });
      }
      assert.equal((await writing(run)).error, undefined);
      assert.equal(run.stick.faults.open, 0);
      assertStored(run);
    },
  },
  {
    weak: 'Buffers of 100 to 4096 bytes are filled from up to 14000 received bytes.',
    ours: 'Frames and lines are cut at the limits of the protocol, whatever arrives.',
    async prove() {
      const run = await inLoader();
      const text = `~${'x'.repeat(20_000)}~`;
      for (const at of ['dloadinfo', 'identify', 'block'] as const)
        run.stick.faults.order({ fault: 'noise', at, text });
      assert.equal((await writing(run)).error, undefined);
      assertStored(run);
    },
  },
  {
    weak: 'The port is not locked, and ModemManager may type into it.',
    ours: 'The port is opened for one program alone, a holder is named, and nothing is written while ModemManager runs without a rule that keeps it away.',
    async prove() {
      const held = await inLoader();
      for (const tty of held.stick.ttys) held.host.occupy(tty.path, 'minicom (pid 99)');
      const busy = await writing(held);
      assert.equal(busy.error?.code, 'PORT_BUSY');
      assert.match(busy.error?.message ?? '', /minicom/);
      const run = await inLoader();
      run.host.intruderList = ['ModemManager runs (pid 7).'];
      assert.equal((await writing(run)).error?.code, 'PORT_BUSY');
      assert.deepEqual([...run.stick.flash.keys()], []);
    },
  },
  {
    weak: 'After a write without reboot the command 0x01 is sent, which this loader refuses; nobody notices.',
    ours: 'With `--keep` nothing is sent behind the last END; the loader goes on and takes the next file.',
    async prove() {
      const run = await inLoader();
      const frames: string[] = [];
      onWrites(run.host, (data) => {
        frames.push(Buffer.from(data).toString('hex'));
        return data;
      });
      const report = await writing(run, { keep: true });
      assert.equal(report.mode, 'loader');
      assert.match(frames.at(-1) ?? '', /^7e43/);
      assert.ok(!frames.includes('7e01f1e17e'));
      assert.equal((await writing(run, { keep: true })).error, undefined);
    },
  },
  {
    weak: 'A mute port: "already in HDLC" after 10 s, and a misleading error after 20 s.',
    ours: 'Every port of the stick is asked, and the error names them and what to do.',
    async prove() {
      const run = await inLoader();
      run.stick.faults.order({ fault: 'silence', at: 'dloadver', count: 99 });
      run.stick.faults.order({ fault: 'silence', at: 'version', count: 99 });
      const began = run.clock.now();
      const report = await writing(run);
      assert.equal(report.error?.code, 'TIMEOUT');
      assert.match(report.error?.message ?? '', /No port .*ttyUSB\d.*ttyUSB\d.*ttyUSB\d/);
      // AT after a glance, and four times; the version and a frame twice each, and AT once more behind a prompt that is left.
      const { probe, glance, quiet } = TIMEOUTS.at;
      const perPort = glance + 5 * probe + 4 * TIMEOUTS.loader.at + quiet;
      assert.ok(run.clock.now() - began <= 3 * perPort);
    },
  },
  {
    weak: 'A BootRom image with another partition table: the loader asks for a restart in the middle, which is reported as "header rejected, code 07".',
    ours: 'The stick is restarted, comes back as a loader, and the write goes on with the next image.',
    async prove() {
      const other = Buffer.from(makeLoader({ size: 20_000 }));
      const at = other.indexOf('cdromiso') + 24;
      other.writeUInt32LE(other.readUInt32LE(at) - 0x20000, at);
      other.writeUInt32LE(other.readUInt32LE(at - 8) + 0x20000, at - 8);
      const all = [{ code: 0x102, data: other.subarray(0, 40_000) }, ...images];
      const run = await inLoader();
      const report = await writing(run, { firmware: makeFirmware({ images: all }) });
      assert.equal(report.error, undefined);
      assert.ok(report.warnings.some((w) => /restart in the middle/.test(w)));
      assertStored(run, all);
    },
  },
  {
    weak: 'No progress over all, no rate, no log, and after a failure no list of what is written.',
    ours: 'Progress with rate and time left, a log file, and in report and error which images are complete.',
    async prove() {
      const run = await inLoader();
      run.stick.faults.order({ fault: 'nak', at: 'block', nth: 5 });
      const seen: { left?: number; rate: number }[] = [];
      const report = await writing(run, {
        onEvent: (e: { type: string; stage?: string }) => {
          if (e.type === 'progress' && e.stage === 'write') seen.push(e as unknown as (typeof seen)[0]);
        },
      });
      assert.ok(seen.some((p) => p.rate > 0 && (p.left ?? -1) >= 0));
      assert.match(report.error?.message ?? '', /Complete: Ptable_R1\. Not complete: VxWorks_R1, System_R1/);
      assert.deepEqual(
        report.images.map((i) => i.complete),
        [true, false, false],
      );
      assert.match(run.host.files.get(report.log?.replace('virtual:', '') ?? '') ?? '', /VxWorks_R1.*not complete/);
    },
  },
  {
    weak: 'After a failure everything is written again from the start.',
    ours: 'The same call goes on behind the images that are complete, also after the process was killed; anew when file, stick or loader may be others.',
    async prove() {
      const run = await inLoader();
      run.stick.faults.order({ fault: 'nak', at: 'start', nth: 3 });
      assert.equal((await writing(run)).error?.code, 'NAK');
      const codes: number[] = [];
      run.stick.onEvent((event) => event.what === 'image' && codes.push(event.code));
      assert.equal((await writing(run)).error, undefined);
      assert.deepEqual(codes, [0x107]);
      assertStored(run);
    },
  },
  {
    weak: 'Messages in one language, numbers without a meaning.',
    ours: 'Every error has a code, a sentence that names stick and image, the meaning of the number, and what to do next.',
    async prove() {
      const run = await inLoader();
      run.stick.faults.order({ fault: 'nak', at: 'start', nth: 2, code: 7 });
      const { error } = await writing(run);
      assert.equal(error?.code, 'NAK');
      assert.equal(error?.number, 7);
      assert.equal(error?.stick, '1-1');
      assert.match(error?.message ?? '', /stick at 1-1.*VxWorks_R1.*NAK 07, operation failed/);
      assert.ok(cliHint(error));
    },
  },
  {
    weak: 'Slow answers: the loader erases and writes when its buffer is full, and 10 s are not always enough.',
    ours: 'Blocks that fill the buffer, the last one and the END have 30 s; nothing is repeated for it.',
    async prove() {
      const run = await inLoader({ timing: { slowAck: 20_000 } });
      const report = await writing(run);
      assert.equal(report.error, undefined);
      assert.deepEqual(report.warnings, []);
      assertStored(run);
    },
  },
  {
    weak: 'A late ACK: the host stays one answer ahead, and a last block that was lost is covered by a stale ACK.',
    ours: 'A ping before each END and after each silence throws stale answers away.',
    async prove() {
      const run = await inLoader();
      run.stick.faults.order({ fault: 'late', at: 'block', nth: 5, ms: 10_500 });
      run.stick.faults.order({ fault: 'damaged', at: 'block', nth: 6 });
      assert.equal((await writing(run)).error, undefined);
      assertStored(run);
    },
  },
  {
    weak: 'END is acknowledged although bytes are missing.',
    ours: 'Every block is counted; when the ACK of a block that made the loader write was lost, the image is written anew.',
    async prove() {
      const run = await inLoader();
      // The last block of the second image: its repeat is acknowledged, whatever became of the write.
      run.stick.faults.order({ fault: 'lost', at: 'block', nth: 6 });
      const codes: number[] = [];
      run.stick.onEvent((event) => event.what === 'image' && codes.push(event.code));
      assert.equal((await writing(run)).error, undefined);
      assertStored(run);
      assert.deepEqual(codes, [0x100, 0x550103, 0x107]);
    },
  },
  {
    weak: 'A loader that runs already is "not in USB Boot mode".',
    ours: 'What answers on the port decides: the upload is left out.',
    async prove() {
      const run = await inLoader();
      const uploads: unknown[] = [];
      run.stick.onEvent((event) => event.what === 'uploaded' && uploads.push(event));
      const report = await run.convert();
      assert.equal(report.error, undefined);
      assert.deepEqual(uploads, []);
      assertStored(run);
    },
  },
  {
    weak: 'A port that another program left in the middle of a download frame.',
    ours: 'The half frame is passed over: questions are repeated until loader and driver are in step.',
    async prove() {
      const run = await inLoader();
      const path = run.stick.ttys[2]?.path ?? '';
      const port = await run.host.openTty(path);
      await port.write(Buffer.from('7e4100000101', 'hex'));
      await run.run(port.close());
      assert.equal((await writing(run)).error, undefined);
      assertStored(run);
    },
  },
  {
    weak: 'Upload: the answer to the end packet is not looked at, and "done" is printed after a failure.',
    ours: 'Only the return of the stick as a loader proves the upload.',
    async prove() {
      const run = await inLoader();
      await run.plug({ bootPin: true });
      run.stick.faults.order({ fault: 'silence', at: 'end', nth: 2 });
      const report = await run.convert();
      assert.equal(report.error?.code, 'TIMEOUT');
      assert.match(report.error?.message ?? '', /did not come back.*as a loader/);
    },
  },
  {
    weak: 'Cancelling kills the tool in the middle of a partition.',
    ours: 'A cancelled job ends between two images.',
    async prove() {
      const run = await inLoader();
      const cancel = new AbortController();
      const report = await writing(run, {
        signal: cancel.signal,
        onEvent: (e: { type: string; image?: { index: number } }) => {
          if (e.type === 'progress' && e.image?.index === 1) cancel.abort();
        },
      });
      assert.equal(report.error?.code, 'CANCELLED');
      assert.deepEqual(
        report.images.map((i) => i.complete),
        [true, true, false],
      );
      assertStored(run, images.slice(0, 2));
      assert.equal((await writing(run, { firmware: files.firmware })).error, undefined);
    },
  },
];
