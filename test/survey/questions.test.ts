/** What answers on a port: a loader is known at once when all three signs are there, and anything else the long way. */

import assert from 'node:assert/strict';
import { encodeFrame } from '../../src/codec/hdlc';
import type { TtyPort } from '../../src/host/host';
import type { Stick } from '../../src/stick/stick';
import { surveyStick } from '../../src/survey/survey';
import { TIMEOUTS } from '../../src/timeouts';
import { virtualBench } from '../support/bench';

const VERSION = '\r\n2.0\r\n\r\nOK\r\n';
const OK = '\r\nOK\r\n';
/** As the loader sends it: without a leading flag. */
const FRAME = Buffer.from(encodeFrame(Buffer.from('\x0d\x0f7200B--SKCBADZM', 'latin1')).subarray(1)).toString('latin1');
const REQUEST = Buffer.from(encodeFrame(Uint8Array.of(0x0c))).toString('latin1');
const DAMAGED = FRAME.replace('SKC', 'SKD');

/** What the port says to a text, and how long it takes to, milliseconds. */
type Says = (text: string, nth: number) => { text: string; ms?: number } | string | undefined;

/** The survey of a port that answers as told: what it is, what was written to it, how long it took on the virtual clock. */
async function survey(says: Says, { ambiguous = true, hasBus = true } = {}) {
  const { host, clock } = virtualBench();
  const sent: string[] = [];
  let hear: (chunk: Uint8Array) => void = () => undefined;
  const port: TtyPort = {
    path: '/dev/ttyUSB0',
    isOpen: true,
    receive(onData) {
      hear = onData;
    },
    async write(data) {
      const text = Buffer.from(data).toString('latin1');
      sent.push(text);
      const answer = says(text, sent.filter((other) => other === text).length);
      if (answer === undefined) return;
      const { text: reply, ms = 1 } = typeof answer === 'string' ? { text: answer } : answer;
      clock.after(ms, () => hear(Buffer.from(reply, 'latin1')));
    },
    close: () => Promise.resolve(),
  };
  host.openTty = () => Promise.resolve(port);
  Object.defineProperty(host, 'hasBus', { value: hasBus });
  const tty = { path: port.path, interface: 2, protocol: 0xff, role: 'pcui' as const };
  const stick = { path: '1-1', ambiguous, ttys: [tty] } as unknown as Stick;
  const found = await clock.run(surveyStick(host, stick));
  return { kind: found?.kind ?? 'silent', sent, ms: clock.now() };
}

const plainAt = (text: string) => /^AT ?\r$/.test(text);
/** How often plain `AT` was asked in a row from `from` on. */
const attempts = (sent: string[], from = 0) => sent.slice(from).findIndex((text) => !plainAt(text));

const loader: Says = (text) => (text === 'AT^DLOADVER?\r' ? VERSION : text === REQUEST ? FRAME : undefined);

describe('a port that may be a loader', () => {
  it('is one after its version, a whole frame, and a plain AT that is silent for 1 s: in under 2 s', async () => {
    const { kind, sent, ms } = await survey(loader);
    assert.equal(kind, 'loader');
    assert.deepEqual(sent, ['AT^DLOADVER?\r', 'AT\r', REQUEST, 'AT\r']);
    assert.ok(ms >= TIMEOUTS.at.probe + TIMEOUTS.at.glance && ms < 2_000, `${ms}`);
  });

  it('is so without a bus too, after it was asked for a boot ROM', async () => {
    const { kind, sent } = await survey(loader, { ambiguous: false, hasBus: false });
    assert.equal(kind, 'loader');
    assert.deepEqual(sent, ['A', '\r', 'AT^DLOADVER?\r', 'AT\r', REQUEST, 'AT\r']);
  });

  const missing: [string, Says, string][] = [
    ['whose frame is damaged', (text, nth) => (text === REQUEST && nth === 1 ? DAMAGED : loader(text, nth)), 'loader'],
    [
      'whose frame does not come',
      (text, nth) => (text === REQUEST && nth === 1 ? undefined : loader(text, nth)),
      'loader',
    ],
    [
      'whose version does not come',
      (text, nth) => (text.includes('VER') && nth === 1 ? undefined : loader(text, nth)),
      'loader',
    ],
    [
      'whose version comes late, and once',
      (text, nth) => {
        if (!text.includes('VER')) return loader(text, nth);
        return nth === 1 ? { text: VERSION, ms: TIMEOUTS.at.probe + 100 } : undefined;
      },
      'loader',
    ],
    [
      'that says another version',
      (text, nth) => (text.includes('VER') ? VERSION.replace('2.0', '1.0') : loader(text, nth)),
      'tty',
    ],
    ['that only answers frames', (text, nth) => (text.includes('VER') ? undefined : loader(text, nth)), 'hdlc'],
    ['that says nothing', () => undefined, 'silent'],
  ];
  for (const [name, says, expected] of missing) {
    it(`${name} is asked the long way: plain AT five times before it is called ${expected}`, async () => {
      const { kind, sent } = await survey(says);
      assert.equal(kind, expected);
      const long = sent.findIndex(
        (text, i) => plainAt(text) && plainAt(sent[i + 1] ?? '') && plainAt(sent[i + 2] ?? ''),
      );
      assert.equal(attempts(sent, long), 5, JSON.stringify(sent));
    });
  }

  it('is running firmware when the AT after the frame is answered, although all else is a loader', async () => {
    // The first one is lost.
    const { kind } = await survey((text, nth) => (plainAt(text) && nth > 1 ? OK : loader(text, nth)));
    assert.equal(kind, 'tty');
  });

  it('is running firmware that has the version of loaders: it gets no frame', async () => {
    const { kind, sent } = await survey((text) => (plainAt(text) ? OK : text.includes('VER') ? VERSION : undefined));
    assert.equal(kind, 'tty');
    assert.deepEqual(sent, ['AT^DLOADVER?\r', 'AT\r']);
  });

  it('is running firmware that does not know the question', async () => {
    const { kind, sent } = await survey((text) => (plainAt(text) ? OK : '\r\nERROR\r\n'));
    assert.equal(kind, 'tty');
    assert.deepEqual(sent, ['AT^DLOADVER?\r', 'AT\r']);
  });
});

describe('a port that can be no loader', () => {
  it('is asked with plain AT only, and again after a glance, because the first one may be lost', async () => {
    const { kind, sent, ms } = await survey((text) => (text === 'AT \r' ? OK : undefined), { ambiguous: false });
    assert.equal(kind, 'tty');
    assert.deepEqual(sent, ['AT\r', 'AT \r']);
    assert.ok(ms < TIMEOUTS.at.probe);
  });

  it('a first AT that is answered late is answered', async () => {
    const { kind } = await survey((text) => (text === 'AT\r' ? { text: OK, ms: 600 } : undefined), {
      ambiguous: false,
    });
    assert.equal(kind, 'tty');
  });
});
