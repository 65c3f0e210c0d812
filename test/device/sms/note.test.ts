import assert from 'node:assert/strict';
import { Known } from '../../../src/device/sms/known';
import type { SmsMessage } from '../../../src/device/sms/open-sms';
import { SimNote } from '../../../src/device/sms/sim-note';
import { isDriverError } from '../../../src/errors';
import { VirtualClock } from '../../../src/virtual/clock';
import { VirtualHost } from '../../../src/virtual/host';
import { deliver } from './sim';
import { FROM, opened, type SmsBench } from './sms-bench';

const noteOf = (it: SmsBench) => it.host.listNotes().find(({ key }) => key.startsWith('sms-')) ?? { key: '', text: '' };
const brief = (got: readonly SmsMessage[]) => got.map(({ text, existing }) => [text, existing ?? false]);

function benchOf() {
  const host = new VirtualHost({ sticks: [], clock: new VirtualClock() });
  const fresh = () => new Known(new SimNote(host, '262011234567890'));
  return { host, fresh, known: fresh() };
}

const key = (n: number) => n.toString(16).padStart(16, '0');
const one = (n: number) => ({ key: key(n), hex: `${n}`, decoded: { kind: 'undecodable' as const, reason: '' } });

describe('the note of a SIM', () => {
  it('has a version, and holds neither numbers nor texts', async () => {
    const it = await opened();
    it.stick.receiveSms({ from: FROM, text: 'secret' });
    await it.until(() => it.got.length > 0);
    const { text = '' } = noteOf(it);
    assert.equal((JSON.parse(text) as { version: number }).version, 2);
    assert.doesNotMatch(text, /secret|1701234567|7110325476/);
  });

  it('of a newer version is left alone, which is said once; nothing comes twice in one process', async () => {
    const it = await opened();
    const { key: name } = noteOf(it);
    await it.run(it.sms.release());
    const newer = JSON.stringify({ version: 3, anything: true });
    it.host.writeNote(name, newer);
    it.errors.length = 0;
    await it.restart();
    it.stick.receiveSms({ from: FROM, text: 'one' });
    await it.until(() => it.got.length > 0);
    it.stick.unplug();
    await it.wait(5_000);
    await it.plug();
    await it.wait(70_000);
    assert.deepEqual(it.texts(), ['one']);
    assert.equal(it.host.readNote(name), newer);
    assert.deepEqual(
      it.errors.map((error) => isDriverError(error, 'FILE_UNREADABLE') && /newer version/.test(error.message)),
      [true],
    );
  });

  it('that is damaged makes no old alarm a new one, and no new one an old one', async () => {
    for (const damaged of ['', '{"version":2', '[]', '{"version":"x"}']) {
      const it = await opened();
      await it.wait(2_000);
      await it.run(it.sms.release());
      it.host.writeNote(noteOf(it).key, damaged);
      it.stick.world.storePdu('SM', deliver({ text: 'old', at: 0 }), 1);
      it.stick.world.storePdu('ME', deliver({ text: 'new', at: 1 }), 0);
      await it.restart();
      await it.until(() => it.got.length === 2);
      assert.deepEqual(
        brief(it.got),
        [
          ['old', true],
          ['new', false],
        ],
        damaged,
      );
    }
  });

  it('remembers the newest 512 that lie nowhere any more, and all that are stored', () => {
    const { known, fresh } = benchOf();
    known.add([one(0)], new Set([key(0)]), 'kept');
    for (let n = 1; n <= 600; n++) known.add([one(n)], new Set([key(0)]), 'kept');
    const again = fresh();
    assert.equal(again.fate(one(0)), 'kept', 'stored');
    assert.equal(again.fate(one(88)), undefined);
    assert.equal(again.fate(one(89)), 'kept');
  });

  it('remembers no more than 4096, whatever is stored', () => {
    const { known, fresh } = benchOf();
    const all = Array.from({ length: 5_000 }, (_, n) => one(n));
    known.add(all, new Set(all.map(({ key }) => key)), 'kept');
    const again = fresh();
    assert.equal(again.fate(one(903)), undefined);
    assert.equal(again.fate(one(904)), 'kept');
  });

  it('holds 100 PDUs without a place, the newest, and none that is longer than a PDU can be', () => {
    const { known, fresh } = benchOf();
    for (let n = 0; n < 120; n++) known.keepLoose(`${n}`, false);
    known.keepLoose('00'.repeat(2_000), false);
    assert.deepEqual(
      fresh().loose,
      Array.from({ length: 100 }, (_, i) => `${i + 20}`),
    );
  });
});
