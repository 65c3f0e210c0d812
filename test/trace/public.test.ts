/** What others have published goes through the redactor: what was private in it is not there any more, and the rest is replayed. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAt, isWeb, readTrace, type TraceRecord, type Who } from '../../src/record/format';
import { AtStream } from '../../src/trace/at-stream';
import { Pseudonyms } from '../../src/trace/pseudonyms';
import { looksPrivate, stringsIn } from '../../src/trace/scan';
import { redactWeb } from '../../src/trace/web';
import { replayTrace } from './replay';
import { leaksIn, type Planted } from './search';

const PRIVATE = [
  'imei',
  'imsi',
  'iccid',
  'msisdn',
  'mac',
  'number',
  'from',
  'to',
  'text',
  'serial',
  'sca',
  'phone',
  'name',
];

const of = (name: string): TraceRecord[] =>
  readTrace(readFileSync(join(__dirname, '../../../test/data', name), 'utf8'));

/** Texts of private members of what is expected, wherever they stand; short ones are in everything. */
function privateIn(value: unknown, key = ''): Planted[] {
  if (typeof value === 'string') {
    return PRIVATE.includes(key.toLowerCase()) && value.length >= 8 ? [{ what: key, value }] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => privateIn(inner, Array.isArray(value) ? key : name));
}

/** Of some only the lines are known. */
const withEnds = (who: Who, said: string): string => {
  if (who === 'stick') return `\r\n${said.replaceAll('\n', '\r\n')}\r\n`;
  return /\p{Cc}$/u.test(said) ? said : `${said}\r`;
};

const file = (records: readonly TraceRecord[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

describe('trace: published sessions', () => {
  for (const cut of [1, 3, 1000]) {
    it(`on AT lose what is private, and are replayed: in pieces of ${cut}`, async () => {
      let exchanges = 0;
      for (const { id = '', raw, lines, expect } of of('transcripts.jsonl').filter(isAt)) {
        const names = new Pseudonyms();
        const records: TraceRecord[] = [];
        const stream = new AtStream({ names, about: { port: 'ttyUSB0' }, emit: (record) => records.push(record) });
        for (const [at, [who, said]] of raw.entries()) {
          const bytes = Buffer.from(lines && said !== '> ' ? withEnds(who, said) : said);
          for (let from = 0; from < bytes.length; from += cut) stream[who](bytes.subarray(from, from + cut), at);
        }
        stream.end();
        assert.deepEqual(leaksIn(file(records), privateIn(expect)), [], id);
        for (const record of records)
          assert.ok(!looksPrivate(names, stringsIn(record)), `${id}: ${JSON.stringify(record)}`);
        exchanges += (await replayTrace(records, id)).exchanges;
      }
      assert.ok(exchanges >= 90, `${exchanges}`);
    });
  }

  it('in HiLink mode lose what is private, and are read as before', async () => {
    let answers = 0;
    for (const { id = '', request, response, expect } of of('hilink.jsonl').filter(isWeb)) {
      if (!response) continue;
      const names = new Pseudonyms();
      const { body = '', bodyBase64, status } = response;
      const redacted = redactWeb(names, {
        request: {
          method: request.method === 'POST' ? 'POST' : 'GET',
          path: request.path,
          headers: {},
          body: Buffer.from(request.body ?? ''),
        },
        answer: { status, headers: {}, body: bodyBase64 ? Buffer.from(bodyBase64, 'base64') : Buffer.from(body) },
      });
      assert.deepEqual(leaksIn(file([redacted]), privateIn(expect)), [], id);
      assert.ok(!looksPrivate(names, stringsIn(redacted)), `${id}: ${JSON.stringify(redacted)}`);
      answers += (await replayTrace([redacted], id)).answers;
    }
    assert.ok(answers >= 30, `${answers}`);
  });
});
