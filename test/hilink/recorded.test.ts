import assert from 'node:assert/strict';
import { isDriverError } from '../../src/errors';
import { sameHex, scramProof } from '../../src/hilink/proofs';
import { readHilink } from '../../src/hilink/read';
import { WEB_VALUES, type WebValues } from '../../src/values/web';
import { fits } from '../support/fits';
import { random } from '../support/random';
import { compared, type Recorded, recorded } from './recorded';

const ALL = recorded();

const ODD = [
  '&',
  '<',
  '>',
  ']]>',
  '<![CDATA[',
  '<!--',
  '-->',
  '<?',
  '&#0;',
  '&#x110000;',
  '\0',
  '-',
  '"',
  '</response>',
  '{',
  '1e999',
  'NaN',
];

/** The values, or the number of the error; an error of another kind fails the test. */
function read({ path }: Pick<Recorded, 'path'>, body: Uint8Array): WebValues | number | 'no answer' {
  try {
    return readHilink(path, body);
  } catch (error) {
    assert.ok(isDriverError(error, 'HILINK_ERROR', 'LOGIN_REFUSED', 'LOGIN_LOCKED'), String(error));
    return error.number ?? 'no answer';
  }
}

describe('hilink: recorded answers', () => {
  for (const answer of ALL) {
    const { id, path, body, expect } = answer;
    it(`${id} is read right`, () => {
      const values = read(answer, body);
      if (!expect.ok) {
        assert.equal(values, expect['code'] ?? 'no answer');
        return;
      }
      assert.ok(typeof values === 'object', String(values));
      for (const [name, actual, wanted] of compared(values, expect)) assert.deepEqual(actual, wanted, name);
      assert.deepEqual(nothing(values), [], 'unknown ones are not there');
      fits(values, WEB_VALUES, path);
    });
  }

  it('say the same twice, and in other bytes', () => {
    for (const answer of ALL) {
      const { id, body } = answer;
      const values = read(answer, body);
      const text = new TextDecoder().decode(body);
      assert.deepEqual(read(answer, Buffer.concat([body, body])), values, `${id}, doubled`);
      if (id === 'hl-cesu8-in') continue;
      const wide = Buffer.from(`\ufeff${text}`, 'utf16le');
      const others = {
        'UTF-16': wide,
        'UTF-16, turned': Buffer.from(wide).swap16(),
        'with a mark': Buffer.from(`\ufeff${text}`),
        'CR LF': Buffer.from(text.replaceAll('\n', '\r\n')),
        declared: Buffer.from(text.replace('encoding="UTF-8"', 'encoding="ISO-8859-1"')),
        'with blanks around': Buffer.from(`\n ${text} \n`),
      };
      for (const [how, bytes] of Object.entries(others)) assert.deepEqual(read(answer, bytes), values, `${id}, ${how}`);
    }
  });

  it('that are cut are no answer, wherever', () => {
    for (const answer of ALL) {
      const { id, body } = answer;
      const values = read(answer, body);
      const whole = body.toString('latin1').trimEnd().length;
      for (let at = 0; at < whole; at++) {
        const cut = read(answer, body.subarray(0, at));
        assert.equal(cut, 'no answer', `${id}, cut at ${at}: ${JSON.stringify(cut)}`);
      }
      assert.deepEqual(read(answer, body.subarray(0, whole)), values, id);
    }
  });

  it('of any path may come to a question for any other', () => {
    const paths = [...new Set(ALL.map(({ path }) => path))];
    for (const path of paths) {
      for (const { body } of ALL) {
        const values = read({ path }, body);
        if (typeof values === 'object') fits(values, WEB_VALUES, path);
      }
    }
  });

  it('that are spoilt anywhere are values of the same kind, or no answer', () => {
    const next = random(20_261_130);
    const spoil: ((bytes: Buffer, at: number) => Buffer)[] = [
      (bytes, at) => {
        bytes[at] = next(256);
        return bytes;
      },
      (bytes, at) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + next(40))]),
      (bytes, at) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(next(bytes.length)), bytes.subarray(at)]),
      (bytes, at) =>
        Buffer.concat([bytes.subarray(0, at), Buffer.from(ODD[next(ODD.length)] ?? ''), bytes.subarray(at)]),
    ];
    for (const answer of ALL) {
      for (let nth = 0; nth < 60; nth++) {
        const bytes = Buffer.from(answer.body);
        const values = read(answer, spoil[nth % spoil.length]?.(bytes, next(bytes.length)) ?? bytes);
        if (typeof values !== 'object') continue;
        fits(values, WEB_VALUES, answer.id);
        assert.deepEqual(nothing(values), [], answer.id);
      }
    }
  });

  it('of a login prove what both sides know', async () => {
    const answer = ALL.find(({ id }) => id === 'hl-auth-a');
    assert.ok(answer);
    const { password, salt, iterations, firstnonce, servernonce } = answer.expect['given'] as Record<string, string>;
    const proof = await scramProof({
      password: String(password),
      salt: String(salt),
      iterations: Number(iterations),
      firstNonce: String(firstnonce),
      serverNonce: String(servernonce),
    });
    const { key } = readHilink(answer.path, answer.body);
    assert.equal(proof.clientProof, answer.expect['clientproof']);
    assert.ok(sameHex(proof.serverSignature, key?.signature ?? ''));
    assert.ok(sameHex(proof.keySignature(key?.modulus ?? ''), key?.keySignature ?? ''));
  });
});

/** Paths of what is null, NaN or ''. */
const nothing = (value: unknown, path = ''): string[] => {
  if (value === null || value === '' || value === undefined || Number.isNaN(value)) return [path];
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, inner]) => nothing(inner, `${path}.${name}`));
};
