/** A trace against driver and parsers: each exchange through the channel, each line, PDU and answer through its reader. */

import assert from 'node:assert/strict';
import { COMMANDS } from '../../src/at/commands/table';
import { replyValue } from '../../src/at/commands/value';
import { decodePdu } from '../../src/at/sms/decode';
import { parseUssd } from '../../src/at/ussd';
import { isDriverError } from '../../src/errors';
import { readHilink } from '../../src/hilink/read';
import {
  type AtRecord,
  isAt,
  isBus,
  isWeb,
  type Said,
  type TraceRecord,
  type WebRecord,
} from '../../src/record/format';
import { modeOf } from '../../src/stick/modes';
import { WEB_VALUES } from '../../src/values/web';
import { openBench, settled } from '../at/port';
import { fits } from '../support/fits';

/** What was replayed. */
export interface Replayed {
  exchanges: number;
  values: number;
  pdus: number;
  answers: number;
  devices: number;
}

interface Exchange {
  command: string;
  /** Of what was sent at its prompts. */
  body: string;
  answers: string[][];
  /** Something of it was left out. */
  holes: boolean;
}

const FINAL = /^(?:OK|ERROR|COMMAND NOT SUPPORT|TOO MANY PARAMETERS|NO CARRIER|BUSY|CONNECT.*|\+CM[ES] ERROR:[^+]*)$/;

export async function replayTrace(records: readonly TraceRecord[], id: string): Promise<Replayed> {
  const done: Replayed = { exchanges: 0, values: 0, pdus: 0, answers: 0, devices: 0 };
  for (const said of byPort(records.filter(isAt)).values()) await replayPort(said, id, done);
  for (const record of records.filter(isWeb)) replayAnswer(record, id, done);
  for (const { devices } of records.filter(isBus)) {
    for (const device of devices) {
      assert.notEqual(modeOf(device.productId, device.interfaces), 'unknown', id);
      done.devices++;
    }
  }
  return done;
}

/** Everything that was said on each port, in order; recorded sessions of others stand each for itself. */
function byPort(records: readonly AtRecord[]): Map<string, Said[]> {
  const ports = new Map<string, Said[]>();
  for (const { id, stick, port, raw, lines } of records) {
    const key = `${id ?? ''} ${stick ?? ''} ${port ?? ''}`;
    const framed = lines ? raw.map(withLineEnds) : raw;
    ports.set(key, [...(ports.get(key) ?? []), ...framed]);
  }
  return ports;
}

const withLineEnds = ([who, text]: Said): Said =>
  who === 'host' || text === '> ' ? [who, text] : [who, `\r\n${text.replaceAll('\n', '\r\n')}\r\n`];

function exchangesOf(said: readonly Said[]): { exchanges: Exchange[]; before: string } {
  const exchanges: Exchange[] = [];
  let prompted = false;
  let before = '';
  for (const [who, text, { left } = {}] of said) {
    const last = exchanges.at(-1);
    if (who === 'host' && prompted && last) {
      last.body += text;
      // The channel sends the whole text at once: what comes at the prompts in between comes behind it.
      if (last.answers.length === 1) last.answers.push([]);
      prompted = false;
    } else if (who === 'host') {
      if (text.trim() !== '' || left)
        exchanges.push({ command: text.replace(/ ?\r$/, ''), body: '', answers: [[]], holes: left !== undefined });
    } else if (last) {
      last.holes ||= left !== undefined;
      last.answers.at(-1)?.push(text);
    } else before += text;
    if (who === 'stick') prompted = /> ?$/.test(text);
  }
  return { exchanges, before };
}

async function replayPort(said: readonly Said[], id: string, done: Replayed): Promise<void> {
  const { exchanges, before } = exchangesOf(said);
  const bench = await openBench({ space: 'never' });
  const { clock, port, channel } = bench;
  port.feed(octets(before));
  for (const { command, body, answers, holes } of exchanges) {
    const text = answers.flat().join('');
    const lines = text.split(/[\r\n]+/).filter((line) => line !== '');
    const final = lines.filter((line) => FINAL.test(line)).at(0);
    readable(lines, `${id}: ${command}`, done);
    // What was left out may be the command itself, or what its answer consists of; what never ended is no answer.
    if (!/^AT/i.test(command) || holes || final === undefined) continue;
    const left = answers.map((pieces) => pieces.join(''));
    port.onWrite = (written) => {
      // Before it dials the channel asks for emergency numbers by itself.
      const own = /^AT/i.test(written) && written.replace(/ ?\r$/, '') !== command;
      const next = own ? '\r\nERROR\r\n' : left.shift();
      if (next !== undefined && next !== '') port.feed(octets(next));
    };
    const prompt = body === '' ? {} : { prompt: { body: body.replace(/\p{Cc}$/u, '') } };
    const reply = await clock.run(settled(channel.run(command, { force: true, ...prompt })));
    assert.ok(!(reply instanceof Error), `${id}: ${command}: ${reply instanceof Error ? reply.message : ''}`);
    assert.equal(reply.final, final, `${id}: ${command}`);
    done.exchanges++;
    const value: unknown = reply.ok ? replyValue(command, reply.lines) : undefined;
    if (value === undefined) continue;
    const entry = COMMANDS.get(/^AT([+^][A-Z]+|[A-Z])/i.exec(command)?.[1]?.toUpperCase() ?? '');
    const shape = command.endsWith('=?') ? entry?.testValue : entry?.value;
    if (shape) fits(value, shape, `${id}: ${command}`);
    done.values++;
  }
  await channel.close();
}

const octets = (text: string): Uint8Array => {
  const pieces = text.split('\ufffd').map((piece) => Buffer.from(piece, 'utf8'));
  return Buffer.concat(pieces.flatMap((piece, at) => (at === 0 ? [piece] : [Buffer.of(0xe9), piece])));
};

/** Each PDU behind a header is one, each USSD answer can be read. */
function readable(lines: readonly string[], id: string, done: Replayed): void {
  for (const [at, line] of lines.entries()) {
    const before = lines[at - 1] ?? '';
    if (isWhole(line, Number(/^\+(?:CMGL|CMGR|CMT|CDS):.*?(\d+)\s*$/.exec(before)?.[1]))) {
      const decoded = decodePdu(line);
      assert.notEqual(decoded.kind, 'undecodable', `${id}: ${line}`);
      done.pdus++;
    }
    if (line.startsWith('+CUSD:')) assert.notEqual(parseUssd(line, undefined), undefined, id);
  }
}

/** Of the length that its header tells, which does not count the address of the centre: a URC may have cut it. */
const isWhole = (hex: string, length: number): boolean =>
  /^(?:[0-9A-F]{2}){10,}$/i.test(hex) && hex.length / 2 === 1 + Number.parseInt(hex.slice(0, 2), 16) + length;

function replayAnswer({ request, response }: WebRecord, id: string, done: Replayed): void {
  if (response?.status !== 200 || !request.path.startsWith('/api/')) return;
  const { body, bodyBase64 } = response;
  if (body === undefined && bodyBase64 === undefined) return;
  const bytes = bodyBase64 === undefined ? Buffer.from(body ?? '') : Buffer.from(bodyBase64, 'base64');
  try {
    fits(readHilink(request.path, bytes), WEB_VALUES, `${id}: ${request.path}`);
  } catch (error) {
    if (!isDriverError(error)) throw error;
  }
  done.answers++;
}
