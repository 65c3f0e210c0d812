/** Recorded AT sessions through the channel: the same finals, lines and URCs however the bytes are cut. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isDriverError } from '../../src/errors';
import { random } from '../support/random';
import { byBytes, type Cut, openBench, settled, whole } from './port';
import { checkReply, checkUrc } from './recorded-values';

interface Exchange {
  cmd: string;
  final: string;
  info: string[];
  values?: Record<string, unknown>;
}

interface Session {
  id: string;
  kind: string;
  lines?: boolean;
  raw: [who: 'host' | 'stick', text: string][];
  expect: { exchanges: Exchange[]; urcs: { line: string; values?: Record<string, unknown> }[] };
  final_in_raw?: boolean;
}

const FILE = path.join(process.cwd(), 'test/data/transcripts.jsonl');

const SESSIONS = readFileSync(FILE, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Session)
  .filter((session) => session.kind === 'at');

/** The stick's bytes: line ends put back where only lines are known, U+FFFD = one byte that is no UTF-8. */
function bytesOf(session: Session, text: string): Uint8Array {
  const framed = session.lines && text !== '> ' ? `\r\n${text.replaceAll('\n', '\r\n')}\r\n` : text;
  const pieces = framed.split('\ufffd').map((piece) => Buffer.from(piece, 'utf8'));
  return Buffer.concat(pieces.flatMap((piece, i) => (i === 0 ? [piece] : [Buffer.of(0xe9), piece])));
}

/** One command, the bodies sent at its prompts, and what the stick sends after each of these writes. */
interface Step {
  command: string;
  body: string;
  answers: Uint8Array[][];
}

function takeApart(session: Session): { before: Uint8Array[]; steps: Step[] } {
  const before: Uint8Array[] = [];
  const steps: Step[] = [];
  let prompted = false;
  for (const [who, text] of session.raw) {
    const step = steps.at(-1);
    if (who === 'host' && prompted && step) {
      step.body += text;
      // The channel sends the whole text at once; the prompts in between come after it.
      if (step.answers.length === 1) step.answers.push([]);
    } else if (who === 'host') steps.push({ command: text.replace(/\r$/, ''), body: '', answers: [[]] });
    else (step?.answers.at(-1) ?? before).push(bytesOf(session, text));
    prompted = text.endsWith('> ');
  }
  return { before, steps };
}

/** Sessions whose source left out the final result code: it is put where the recording ends. */
function addFinal(session: Session, step: Step): void {
  if (session.final_in_raw === false) step.answers.at(-1)?.push(Buffer.from('\r\nOK\r\n'));
}

function checkLines(expected: Exchange, lines: string[], id: string): void {
  const { values = {} } = expected;
  if (expected.info.length > 0) assert.deepEqual(lines, expected.info, id);
  else if ('messages' in values) {
    const messages = values['messages'] as { index: number; pdu: string }[];
    const pdus = messages.flatMap(({ index, pdu }) => [index, pdu]);
    const seen = lines.map((line) => (line.startsWith('+CMGL:') ? Number(/\d+/.exec(line)?.[0]) : line));
    assert.deepEqual(seen, pdus, id);
  } else if ('numbers' in values) {
    const numbers = (values['numbers'] as { number: string }[]).map(({ number }) => number);
    assert.deepEqual(
      lines.map((line) => /,"([^"]*)",\d+$/.exec(line)?.[1]),
      numbers,
      id,
    );
  } else if (!('before' in values || 'manufacturer' in values)) assert.deepEqual(lines, [], id);
  if (lines.length > 0 && expected.values) checkReply(expected.cmd, lines, expected.values, id);
}

async function replay(session: Session, cut: Cut): Promise<void> {
  const { clock, port, channel, urcs } = await openBench({ space: 'never' });
  port.cut = cut;
  const { before, steps } = takeApart(session);
  for (const bytes of before) port.feed(bytes);
  for (const [i, step] of steps.entries()) {
    const expected = session.expect.exchanges[i];
    assert.ok(expected, `${session.id}: no expectation for ${step.command}`);
    addFinal(session, step);
    const answers = [...step.answers];
    port.onWrite = () => {
      for (const bytes of answers.shift() ?? []) port.feed(bytes);
    };
    const prompt = step.body === '' ? {} : { prompt: { body: step.body.replace('\u001a', '') } };
    const reply = await clock.run(settled(channel.run(step.command, { force: true, ...prompt })));
    if (expected.final === '(prompt)') {
      assert.ok(isDriverError(reply, 'PROTOCOL'), session.id);
      continue;
    }
    assert.ok(!(reply instanceof Error), `${session.id}: ${reply instanceof Error ? reply.message : ''}`);
    assert.equal(reply.final, expected.final, session.id);
    assert.equal(reply.ok, expected.final === 'OK', session.id);
    checkLines(expected, reply.lines, session.id);
  }
  assert.equal(steps.length, session.expect.exchanges.length, session.id);
  assert.deepEqual(
    urcs.map(({ line }) => line),
    session.expect.urcs.map(({ line }) => line),
    session.id,
  );
  for (const { line, values } of session.expect.urcs) if (values) checkUrc(line, values, session.id);
  assert.equal(clock.pending, 0, `${session.id}: timers are left`);
  await channel.close();
}

function atRandom(seed: number): Cut {
  const next = random(seed);
  return function* (bytes) {
    for (let from = 0; from < bytes.length; ) {
      const to = from + 1 + next(24);
      yield bytes.subarray(from, to);
      from = to;
    }
  };
}

/** Finals, lines, URCs and values of every session; the values of SMS and USSD are checked where those are read. */
describe('recorded AT sessions', () => {
  it('are there', () => assert.ok(SESSIONS.length >= 60, `${SESSIONS.length}`));

  for (const session of SESSIONS) {
    it(`${session.id}: fed whole, byte by byte and cut at random`, async () => {
      await replay(session, whole);
      await replay(session, byBytes);
      for (const seed of [1, 2, 3]) await replay(session, atRandom(seed));
    });
  }
});
