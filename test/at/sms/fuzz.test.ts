/** Whatever the hex holds: the exported decoders never throw, and what they give is of the shape that they promise. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeSubmit } from '../../../src/at/sms/submit';
import { type Decoded, decodeMessage, decodePdu } from '../../../src/index';
import { random } from '../../support/random';

const good = readFileSync(join(__dirname, '../../../../test/data/pdus.jsonl'), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .flatMap((line) => (JSON.parse(line) as { pdu: string[] }).pdu)
  .concat(encodeSubmit({ to: '22922', text: 'ş'.repeat(200), reference: 1, validity: 5 }).map(({ hex }) => hex));

function checkShape(decoded: Decoded, hexes: string): void {
  switch (decoded.kind) {
    case 'undecodable':
      assert.ok(decoded.reason.length > 0, hexes);
      return;
    case 'report':
      assert.ok(decoded.reference < 256 && decoded.status < 256, hexes);
      assert.match(decoded.outcome, /^(?:delivered|pending|failed)$/, hexes);
      return;
    default:
      assert.equal(typeof (decoded.kind === 'deliver' ? decoded.from : decoded.to), 'string', hexes);
      assert.ok(typeof decoded.text === 'string' && decoded.text.length <= 1_000, hexes);
      assert.ok(decoded.parts >= 1 && decoded.parts <= 255, hexes);
  }
}

describe('PDUs of chance', () => {
  it('30 000 of them, made up or changed in a few octets, alone and as parts, do no harm', function () {
    this.timeout(60_000);
    const next = random(1313);
    const kinds = new Map<string, number>();
    const octets = (length: number) => Buffer.from(Array.from({ length }, () => next(256)));
    let last = '';
    for (let i = 0; i < 30_000; i++) {
      const changed = Buffer.from(good[next(good.length)] ?? '', 'hex');
      if (i % 4 === 0) changed.set(octets(Math.min(8, changed.length - 8)), 8);
      else for (let k = next(4); k >= 0; k--) changed[next(changed.length)] = next(256);
      const cut = i % 7 === 0 ? changed.subarray(0, next(changed.length)) : changed;
      const hex = (i % 5 === 0 ? octets(next(180)) : cut).toString('hex');
      const one = decodePdu(hex);
      checkShape(one, hex);
      if ('data' in one) assert.equal(one.text, '', hex);
      kinds.set(one.kind, (kinds.get(one.kind) ?? 0) + 1);
      if (i % 3 === 0) checkShape(decodeMessage([last, hex]), `${last} ${hex}`);
      last = hex;
    }
    for (const kind of ['deliver', 'submit', 'report', 'undecodable']) assert.ok((kinds.get(kind) ?? 0) > 500, kind);
  });

  it('nor does what is no hex, nor even a string', () => {
    const odd: unknown[] = [
      '',
      '0',
      'XY',
      '00',
      '00 04',
      'é',
      `00${'04'.repeat(400)}`,
      undefined,
      null,
      7,
      {},
      [],
      Symbol('x'),
    ];
    for (const value of odd) {
      assert.equal(decodePdu(value as string).kind, 'undecodable');
      assert.equal(decodeMessage([value as string]).kind, 'undecodable');
      assert.equal(decodeMessage(value as string[]).kind, 'undecodable');
    }
    for (const [thrown, reason] of [
      [new Error('no list at all'), 'no list at all'],
      ['no list at all', 'no list at all'],
      // Nothing that could become a string.
      [Object.create(null), 'no PDU'],
    ]) {
      const hostile = {
        get [Symbol.iterator](): never {
          throw thrown;
        },
      };
      const message = decodeMessage(hostile as unknown as string[]);
      assert.deepEqual(message, { kind: 'undecodable', reason });
    }
  });

  it('nor does what is longer than any message, which is not even read to its end', () => {
    assert.equal(decodePdu(`${good[0]}${' '.repeat(10_000)}`).kind, 'undecodable');
    let read = 0;
    const endless = {
      *[Symbol.iterator]() {
        for (;;) {
          assert.ok(++read < 2_000);
          yield good[0];
        }
      },
    };
    const reason = 'the PDUs are more than one message has';
    assert.deepEqual(decodeMessage(endless as unknown as string[]), { kind: 'undecodable', reason });
    assert.deepEqual(decodeMessage(new Array(2 ** 32 - 1)), { kind: 'undecodable', reason });
  });
});
