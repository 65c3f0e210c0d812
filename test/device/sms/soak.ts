/**
 * Thousands of SMS in and out, with parts out of order, lost and repeated, a SIM that runs full, refusals and lost answers,
 * and restarts in between. Alone: `node build/test/device/sms/soak.js [messages] [seed]`.
 */

import assert from 'node:assert/strict';
import { decodePdu } from '../../../src/at/sms/decode';
import { Inbox } from '../../../src/device/sms/inbox';
import { Sender } from '../../../src/device/sms/sender';
import { SimNote } from '../../../src/device/sms/sim-note';
import { failure, isDriverError } from '../../../src/errors';
import { VirtualClock } from '../../../src/virtual/clock';
import { VirtualHost } from '../../../src/virtual/host';
import { random } from '../../support/random';
import { deliver, Sim } from './sim';

/** Messages under way at once: the parts of all of them fit on the SIM. */
const AT_ONCE = 5;
const PARTS_OUT = 3;

export interface Figures {
  received: number;
  pdusIn: number;
  repeated: number;
  lost: number;
  kept: number;
  restarts: number;
}

interface OnItsWay {
  text: string;
  /** PDUs that the network has still to deliver, in the order of its whim. */
  pdus: string[];
}

/** Every message that a network sends is handed over exactly once. Throws where not. */
export async function receiveAll(messages: number, seed: number): Promise<Figures> {
  const next = random(seed);
  const clock = new VirtualClock();
  const host = new VirtualHost({ sticks: [], clock });
  const sim = new Sim(20 + next(30));
  const got = new Map<string, number>();
  const figures: Figures = { received: 0, pdusIn: 0, repeated: 0, lost: 0, kept: 0, restarts: 0 };
  let remove = true;
  const start = async (): Promise<Inbox> => {
    const fresh = new Inbox(host, sim.ask, {
      wanted: () => true,
      message: ({ text, missing }) => {
        assert.equal(missing, undefined);
        got.set(text, (got.get(text) ?? 0) + 1);
        return remove ? 'deleted' : 'kept';
      },
      report: () => undefined,
      storage: () => {},
      incompleteAfter: () => undefined,
    });
    await fresh.open(new SimNote(host, sim.imsi));
    return fresh;
  };
  let inbox = await clock.run(start());

  let made = 0;
  const references = new Map<string, number>();
  const make = (): OnItsWay => {
    const n = ++made;
    const total = 1 + (next(3) === 0 ? next(4) : 0);
    const from = `+4917${next(5)}`;
    const reference = ((references.get(from) ?? next(256)) + 1) % 256;
    references.set(from, reference);
    const texts = Array.from({ length: total }, (_, i) => `${n}.${i} ${'x'.repeat(next(60))}`);
    const pdus = texts.map((text, i) => {
      const part = { reference, total, sequence: i + 1 };
      return deliver({ from, text, at: n % 600_000, ...(total > 1 && { part }), more: next(2) === 0 });
    });
    return { text: texts.join(''), pdus };
  };
  const sent: string[] = [];
  let onItsWay: OnItsWay[] = [];
  const { signal } = new AbortController();
  while (made < messages || onItsWay.length > 0) {
    while (made < messages && onItsWay.length < AT_ONCE) {
      const message = make();
      sent.push(message.text);
      onItsWay.push(message);
    }
    const message = onItsWay[next(onItsWay.length)];
    const pdu = message?.pdus[next(message.pdus.length)];
    if (message && pdu !== undefined) {
      const fate = next(10);
      // Lost on the air: the network tries again.
      if (fate === 0) figures.lost++;
      else if (sim.store(pdu) === undefined) figures.kept++;
      else {
        figures.pdusIn++;
        const index = sim.slots.lastIndexOf(pdu);
        if (next(20) === 0) sim.hides = 1;
        inbox.heard({ urc: '+CMTI', line: `+CMTI: "SM",${index}` });
        // The acknowledgement was lost: the network repeats it.
        if (fate === 1) figures.repeated++;
        else message.pdus.splice(message.pdus.indexOf(pdu), 1);
      }
    }
    onItsWay = onItsWay.filter(({ pdus }) => pdus.length > 0);
    if (next(3) === 0 || sim.used === sim.slots.length) {
      if (next(10) === 0) remove = !remove;
      // A command fails now and then, in the middle of a look.
      if (next(25) === 0) sim.once.set(['AT+CMGD', 'AT+CMGL', 'AT+CPMS'][next(3)] ?? '', [() => ['+CMS ERROR: 314']]);
      await clock.run(inbox.look(signal)).catch((error: unknown) => {
        assert.ok(isDriverError(error, 'CMS_ERROR'), String(error));
      });
    }
    if (next(40) === 0) {
      figures.restarts++;
      inbox = await clock.run(start()).catch(() => clock.run(start()));
    }
    if (sim.used === sim.slots.length && next(3) === 0)
      await clock.run(inbox.clear(false, signal)).catch(() => undefined);
  }
  sim.once.clear();
  await clock.run(inbox.look(signal));
  figures.received = got.size;
  assert.deepEqual([...got.keys()].sort(), [...sent].sort());
  for (const [text, times] of got) assert.equal(times, 1, `${text.slice(0, 12)} was handed over ${times} times`);
  return figures;
}

export interface SentFigures {
  sent: number;
  refused: number;
  unknown: number;
}

/** Every message reaches the network once, or is told as one that nobody knows of. Throws where not. */
export async function sendAll(messages: number, seed: number): Promise<SentFigures> {
  const next = random(seed);
  const clock = new VirtualClock();
  const host = new VirtualHost({ sticks: [], clock });
  const network = new Map<string, number>();
  const figures: SentFigures = { sent: 0, refused: 0, unknown: 0 };
  let reference = 0;
  const outbox = new Sender(host, async (command, options) => {
    const lines: string[] = [];
    const reply = { command, ok: true, final: 'OK', lines, ms: 0 };
    const { prompt } = options ?? {};
    if (!prompt) return reply;
    const fate = next(40);
    const silence = () => failure('TIMEOUT/out-of-step', { path: '/dev/ttyUSB0' });
    if (fate === 0) throw silence();
    prompt.onSent?.();
    await new Promise<void>((resolve) => clock.after(1 + next(3_000), resolve));
    if (fate === 1) {
      figures.refused++;
      throw failure(
        'CMS_ERROR/refused',
        { command: 'AT+CMGS', answer: '+CMS ERROR: 42', words: null, stick: null },
        { number: 42 },
      );
    }
    if (fate === 2) throw silence();
    const decoded = decodePdu(prompt.body);
    assert.ok(decoded.kind === 'submit');
    network.set(decoded.text, (network.get(decoded.text) ?? 0) + 1);
    if (fate === 3) throw silence();
    reference = (reference + 1) % 256;
    lines.push(`+CMGS: ${reference}`);
    return reply;
  });
  const unknown = new Set<string>();
  for (let n = 0; n < messages; n += 10) {
    const texts = Array.from({ length: Math.min(10, messages - n) }, (_, i) => {
      const total = next(4) === 0 ? 1 + next(PARTS_OUT) : 1;
      return Array.from({ length: total }, (_unused, k) => `${n + i}.${k}`.padEnd(total > 1 ? 153 : 20, 'x')).join('');
    });
    const outcomes = await clock.run(Promise.allSettled(texts.map((text) => outbox.send({ to: '22922', text }))));
    outcomes.forEach((outcome, i) => {
      const text = texts[i] ?? '';
      const parts = text.length > 160 ? (text.match(/.{1,153}/g) ?? []) : [text];
      const times = parts.map((part) => network.get(part) ?? 0);
      if (outcome.status === 'fulfilled') {
        figures.sent++;
        assert.deepEqual(
          times,
          parts.map(() => 1),
          text.slice(0, 12),
        );
        return;
      }
      assert.ok(isDriverError(outcome.reason, 'MAYBE_SENT'), String(outcome.reason));
      figures.unknown++;
      unknown.add(text);
      assert.ok(times.every((count) => count <= 1));
    });
  }
  assert.equal(figures.sent + figures.unknown, messages);
  return figures;
}

if (require.main === module) {
  const [messages = '10000', seed = '1'] = process.argv.slice(2);
  const began = performance.now();
  void (async () => {
    const incoming = await receiveAll(Number(messages), Number(seed));
    const outgoing = await sendAll(Number(messages), Number(seed));
    const seconds = (performance.now() - began) / 1000;
    process.stdout.write(`${JSON.stringify({ incoming, outgoing, seconds: Math.round(seconds) })}\n`);
  })();
}
