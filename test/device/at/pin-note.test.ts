import assert from 'node:assert/strict';
import { openAt } from '../../../src/device/at/open-at';
import { noteState, PIN_NOTE, remember, remembered, type Tried } from '../../../src/device/at/pin-note';
import { VirtualClock } from '../../../src/virtual/clock';
import { VirtualHost } from '../../../src/virtual/host';
import { eventsOf, type SessionBench, sessionBench, until } from '../../support/at-bench';

const tried = (n: number): Tried => ({ sim: `sim ${n}`, salt: `${n}`.padStart(32, '0'), hash: 'ab'.repeat(32) });

/** What a session with a wrong PIN says, and how many tries are left then. */
async function withWrongPin(bench: SessionBench): Promise<{ texts: string; tries: number }> {
  await bench.plug();
  const handle = openAt(bench.host, '1-1', { pin: '1234' });
  const events = eventsOf(handle);
  await bench.run(until(handle, 'ready'));
  await bench.run(handle.release());
  return { texts: events.map(({ text }) => text).join(), tries: bench.stick.sim.pinTries };
}

const locked = () => sessionBench({ sim: { state: 'pin', pin: '4711' } });

describe('the note about PINs', () => {
  it('has a version; the list of 0.1 is read, too', async () => {
    const bench = locked();
    await withWrongPin(bench);
    const note = JSON.parse(bench.host.readNote(PIN_NOTE) ?? '') as { version: number; pins: Tried[] };
    assert.equal(note.version, 2);
    assert.equal(note.pins.length, 1);
    const other = locked();
    other.host.writeNote(PIN_NOTE, JSON.stringify(note.pins));
    const { texts, tries } = await withWrongPin(other);
    assert.match(texts, /refused before/);
    assert.equal(tries, 3);
  });

  it('of a newer version is left alone, and a PIN is only sent where none can have been refused', async () => {
    const newer = JSON.stringify({ version: 3, pins: { secret: 'form' } });
    const bench = locked();
    bench.host.writeNote(PIN_NOTE, newer);
    assert.equal(noteState(bench.host), 'newer');
    bench.stick.sim.pinTries = 2;
    const { texts, tries } = await withWrongPin(bench);
    assert.match(texts, /pin\.json\) is of a newer version .* 2 tries left: the PIN was not sent/);
    assert.equal(tries, 2);
    bench.stick.sim.pinTries = 3;
    assert.equal((await withWrongPin(bench)).tries, 2);
    assert.equal((await withWrongPin(bench)).tries, 2);
    assert.equal(bench.host.readNote(PIN_NOTE), newer);
  });

  it('that is damaged may have held any PIN', async () => {
    for (const damaged of ['', '{"version":2', '{"version":2,"pins":[{"sim":1}]}', '7', 'null']) {
      const bench = locked();
      bench.host.writeNote(PIN_NOTE, damaged);
      bench.stick.sim.pinTries = 2;
      const { texts, tries } = await withWrongPin(bench);
      assert.match(texts, /pin\.json\) is damaged/, damaged);
      assert.equal(tries, 2, damaged);
    }
  });

  it('keeps the newest 32', () => {
    const host = new VirtualHost({ sticks: [], clock: new VirtualClock() });
    for (let n = 0; n < 40; n++) remember(host, tried(n), undefined);
    assert.deepEqual(
      remembered(host).map(({ sim }) => sim),
      Array.from({ length: 32 }, (_, i) => `sim ${i + 8}`),
    );
  });
});
