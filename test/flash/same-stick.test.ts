/** A stick that is exchanged for another one in the middle of a job is left alone, and nothing is sent before the yes. */

import assert from 'node:assert/strict';
import { AtChannel } from '../../src/at/channel';
import type { Plan } from '../../src/flash/job-types';
import { type ImeiHash, SameStick } from '../../src/flash/same-stick';
import { waitForStick } from '../../src/stick/watch';
import type { StickEvent } from '../../src/virtual/events';
import type { VirtualStick } from '../../src/virtual/stick';
import { type BenchStick, onWrites } from '../support/bench';
import { type Journey, journey, makeFirmware, makeLoader } from './journey';

const images = [
  { code: 0x101, size: 5_000 },
  { code: 0x550103, size: 12_288 },
];
const files = { loader: makeLoader({ size: 20_000 }), firmware: makeFirmware({ images }) };
const modem: BenchStick = { firmware: 'stick', setport: 'FF;10,12' };

/** What changes a stick, of all that it notices. */
function changesOf(stick: VirtualStick): StickEvent[] {
  const changes: StickEvent[] = [];
  stick.onEvent((event) => {
    const bytes = event.what === 'at' && /\^SETPORT=|\^RESET|\^GODLOAD/.test(event.command);
    if (bytes || ['cbw', 'uploaded', 'image', 'setport', 'reset'].includes(event.what)) changes.push(event);
  });
  return changes;
}

/** The stick at 1-1, and another one that somebody may put in its place. */
function exchangeable(
  first: BenchStick,
  second: BenchStick,
): { run: Journey; exchange: () => void; other: VirtualStick } {
  const run = journey(files, first, [{ portPath: '1-1', ...second }]);
  const other = run.others[0] as VirtualStick;
  const exchange = () => {
    run.stick.unplug();
    // Its address is another one too.
    for (let n = 0; n < 2; n++) other.plug({ at: '1-1' });
  };
  return { run, exchange, other };
}

const there = (run: Journey) =>
  run.run(waitForStick(run.host, '1-1', (s) => s !== undefined && s.withoutTty === 0, { timeoutMs: 30_000 }));

describe('before the yes', () => {
  for (const [mode, options, how] of [
    ['a CD-ROM of HiLink firmware', {}, {}],
    ['a CD-ROM of stick firmware', { firmware: 'stick' }, {}],
    ['a boot ROM', {}, { bootPin: true }],
    ['a modem that has to be written', modem, {}],
    ['a modem whose ports are to be set', { ...modem, setport: 'FF;12,10' }, {}],
  ] satisfies [string, BenchStick, { bootPin?: boolean }][]) {
    it(`nothing is sent to ${mode} that changes it`, async () => {
      const run = journey(files, options);
      const changes = changesOf(run.stick);
      await run.plug(how);
      const asked: Plan[] = [];
      const { error } = await run.convert({
        reflash: mode.includes('written'),
        confirm: (plan) => {
          asked.push(plan);
          return false;
        },
      });
      assert.equal(error?.code, 'NOT_CONFIRMED');
      assert.deepEqual(changes, []);
      assert.equal(asked.length, 1);
      assert.ok((asked[0]?.steps.length ?? 0) > 0, 'it says what would happen');
    });
  }

  it('a CD-ROM is asked about once: the yes covers what it turns out to need', async () => {
    const run = journey({ loader: files.loader, firmware: files.firmware }, { firmware: 'stick' });
    await run.plug();
    const asked: Plan[] = [];
    const report = await run.convert({ confirm: (plan) => asked.push(plan) > 0 });
    assert.equal(report.error, undefined);
    assert.deepEqual(
      asked.map((plan) => plan.change),
      ['flash'],
    );
    assert.match(asked[0]?.steps.join(' ') ?? '', /is switched out of its CD-ROM mode.*FF;10,12/);
    assert.deepEqual(
      report.images.map((image) => image.complete),
      [false, false],
    );
    assert.match(report.did.join(' '), /switched.*AT\^SETPORT was set/);
  });
});

describe('a stick that is exchanged in the middle', () => {
  it('between the look and the yes: it is not switched', async () => {
    const { run, exchange, other } = exchangeable({}, {});
    const changes = changesOf(other);
    await run.plug();
    const { error } = await run.convert({
      confirm: async () => {
        exchange();
        await there(run);
        return true;
      },
    });
    assert.equal(error?.code, 'STICK_GONE');
    assert.deepEqual(changes, []);
  });

  it('during the restart after the write: its SETPORT is left alone where both told their IMEI', async () => {
    const { run, exchange, other } = exchangeable(modem, { firmware: 'stick', setport: 'FF;12,10' });
    const changes = changesOf(other);
    await run.plug();
    let left = 0;
    run.stick.onEvent((e) => {
      // The reset that ends the write.
      if (e.what === 'reset' && e.by === 'loader' && left++ === 0) run.clock.after(2_200, exchange);
    });
    const report = await run.convert({ reflash: true });
    assert.equal(left, 1, 'it was written');
    assert.equal(report.error?.code, 'STICK_GONE');
    assert.match(report.error?.message ?? '', /tells another IMEI than before/);
    assert.deepEqual(changes, []);
    assert.equal(other.setport, 'FF;12,10');
  });

  it('that stays: its stay on the bus and its IMEI were compared, and the report says so', async () => {
    const run = journey(files, modem);
    await run.plug();
    const report = await run.convert({ reflash: true });
    assert.equal(report.error, undefined);
    assert.deepEqual(report.compared, ['presence', 'imei']);
  });

  it('before an image is begun: nothing is written to the new one', async () => {
    const { run, exchange, other } = exchangeable({}, {});
    const changes = changesOf(other);
    await run.plug({ bootPin: true });
    run.stick.onEvent((e) => {
      if (e.what === 'image' && e.code === 0x101) run.clock.after(0, exchange);
    });
    const { error } = await run.convert();
    assert.equal(error?.code, 'STICK_GONE');
    assert.deepEqual(changes, []);
  });

  it('when all is written: the new one is neither restarted nor called the result', async () => {
    const { run, exchange, other } = exchangeable({}, {});
    const changes = changesOf(other);
    await run.plug({ bootPin: true });
    const note = run.host.writeNoteAsync.bind(run.host);
    run.host.writeNoteAsync = async (key, text) => {
      if (text?.includes('"whole":true')) exchange();
      return note(key, text);
    };
    const { error, did } = await run.convert();
    assert.equal(error?.code, 'STICK_GONE');
    assert.deepEqual(changes, []);
    assert.ok(!did.some((line) => /restarted/.test(line)));
  });

  it('behind a path that passes to another stick: the other one is left alone, whenever that happens', async () => {
    for (const when of ['uploaded', 'image', 'reset'] as const) {
      const run = journey(files);
      await run.plug({ bootPin: true });
      let place = '1-1';
      let after: string[] = [];
      run.host.place = () => place;
      run.stick.onEvent((e) => {
        after.push(e.what);
        if (e.what !== when || place !== '1-1') return;
        place = '1-2';
        after = [];
      });
      const { error } = await run.convert();
      assert.equal(error?.code, 'STICK_GONE', when);
      assert.match(error?.message ?? '', /it was plugged in at 1-1, now at 1-2/);
      assert.deepEqual(
        after.filter((what) => ['image', 'setport'].includes(what)),
        [],
        when,
      );
    }
  });

  it('behind a path that passes on while a person thinks, or in the last restart: neither is sent anything', async () => {
    const run = journey(files, { ...modem, setport: 'FF;12,10' });
    await run.plug();
    let resets = 0;
    run.stick.onEvent((e) => e.what === 'reset' && resets++);
    let place = '1-1';
    run.host.place = () => place;
    const { error } = await run.convert({
      confirm: () => {
        place = '1-2';
        return true;
      },
    });
    assert.match(error?.message ?? '', /it was plugged in at 1-1, now at 1-2/);
    assert.deepEqual([run.stick.setport, resets], ['FF;12,10', 0]);

    // Its ports are right: there is nothing to change any more, only something to claim.
    const last = journey(files, modem);
    await last.plug();
    last.stick.onEvent((e) => {
      if (e.what === 'reset' && e.by === 'loader') last.host.place = () => '1-2';
    });
    const report = await last.convert({ reflash: true });
    assert.match(report.error?.message ?? '', /it was plugged in at 1-1, now at 1-2/);
  });

  it('behind a tty that has no USB: nothing can be compared, and the report says so', async () => {
    const run = journey(files);
    await run.plug({ bootPin: true });
    Object.assign(run.host, { place: () => undefined });
    const report = await run.convert();
    assert.equal(report.error, undefined);
    assert.ok(!report.compared.includes('presence'));
    assert.equal(report.warnings.filter((w) => /no USB device to compare/.test(w)).length, 1);
  });
});

describe('the IMEI', () => {
  /** What is asked with AT+CGSN is answered ERROR the `nth` time, or not at all. */
  function deaf(run: Journey, nth: number, how: 'refused' | 'silent'): void {
    let asked = 0;
    onWrites(run.host, (data) => {
      if (!Buffer.from(data).toString('latin1').startsWith('AT+CGSN') || ++asked !== nth) return data;
      return how === 'refused' ? Buffer.from('AT+XNONE\r') : undefined;
    });
  }

  for (const nth of [1, 2]) {
    for (const how of ['refused', 'silent'] as const) {
      it(`that is not told (question ${nth} is ${how}) is not compared, and no reason to stop`, async () => {
        const run = journey(files, modem);
        await run.plug();
        deaf(run, nth, how);
        const report = await run.convert({ reflash: true });
        assert.equal(report.error, undefined);
        assert.deepEqual(report.compared, ['presence']);
      });
    }
  }

  it('of a stick that goes while it is asked: gone, not silent', async () => {
    const run = journey(files, modem);
    const stick = await run.plug();
    const same = new SameStick(run.host, () => undefined);
    const port = await run.host.openTty(stick.ttys.at(-1)?.path ?? '');
    const channel = new AtChannel(port, { clock: run.clock, stick: '1-1' });
    await run.run(channel.open());
    await run.run(same.ask(stick, channel));
    assert.ok(same.identity !== undefined && same.identity === same.imei);
    run.stick.unplug();
    await assert.rejects(run.run(same.ask(stick, channel)), { code: 'STICK_GONE' });
  });

  it('is certain while nobody has had the stick in his hand, and again when the same one is recalled', () => {
    const { host } = journey(files, modem);
    const same = new SameStick(host, () => undefined);
    const [a, b] = ['a', 'b'] as ImeiHash[];
    assert.ok(a && b);
    assert.deepEqual([same.imei, same.identity], [undefined, undefined]);
    same.recall(a);
    assert.deepEqual([same.imei, same.identity], [a, a]);
    same.replugged();
    assert.deepEqual([same.imei, same.identity], [a, undefined], 'compared, and not written down');
    same.recall(b);
    assert.deepEqual([same.imei, same.identity], [a, undefined], 'it is not the one that was asked');
    same.recall(a);
    assert.deepEqual([same.imei, same.identity], [a, a]);
  });

  it('that an earlier run was told counts for the stick that has not left the bus since', async () => {
    for (const begun of ['block', 'start'] as const) {
      for (const exchanged of [true, false]) {
        const { run, exchange } = exchangeable(modem, modem);
        await run.plug();
        // In the first image, or when that is complete.
        run.stick.faults.order({ fault: 'nak', at: begun, nth: begun === 'block' ? 1 : 2 });
        assert.equal((await run.convert({ reflash: true })).error?.code, 'NAK');
        let left = 0;
        run.stick.onEvent((e) => {
          if (exchanged && e.what === 'reset' && e.by === 'loader' && left++ === 0) run.clock.after(2_200, exchange);
        });
        const report = await run.convert({ reflash: true });
        if (exchanged) assert.match(report.error?.message ?? '', /tells another IMEI than before/);
        else assert.deepEqual([report.error, report.compared], [undefined, ['presence', 'imei']]);
      }
    }
  });
});
