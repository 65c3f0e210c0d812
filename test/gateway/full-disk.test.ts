/** A disk that fails at any write, for any number of them, and a program that is killed meanwhile: nothing is sent twice. */

import assert from 'node:assert/strict';
import { gatewayBench, MemoryStore, OTHER } from './gateway-bench';

const SET = 'e3272/gw1/sms/set';
const NO_LIMITS = { limits: { hour: undefined, day: undefined, number: undefined, reserve: 0 } };

/** Fails at its writes from `from` on, `count` of them; with `half`, a piece of what is appended is on the disk all the same. */
class Failing extends MemoryStore {
  writes = 0;
  constructor(
    readonly from: number,
    readonly count: number,
    readonly half: boolean,
  ) {
    super();
  }
  get #fails(): boolean {
    const n = this.writes++;
    return n >= this.from && n < this.from + this.count;
  }
  override write(key: string, text: string | undefined): boolean {
    return this.#fails ? false : super.write(key, text);
  }
  override append(key: string, text: string): boolean {
    if (!this.#fails) return super.append(key, text);
    if (this.half) super.append(key, text.slice(0, text.length / 2));
    return false;
  }
}

describe('a disk that fails', () => {
  for (const half of [false, true]) {
    it(`at any write sends nothing twice, and loses nothing without a word${half ? ', cut in the middle' : ''}`, async () => {
      for (let from = 1; from < 16; from++) {
        for (const count of [1, 2, 5]) {
          const store = new Failing(from, count, half);
          const it = await gatewayBench({ store, settings: NO_LIMITS });
          const ids = ['a1', 'a2', 'a3'];
          const send = () => {
            for (const id of ids) it.send(SET, { id, to: OTHER, text: id });
          };
          send();
          await it.until(() => it.texts.length > 0 || store.writes > from + count || it.refused.length > 0);
          await it.wait(from * 150);
          try {
            it.restart();
          } catch {
            // It does not begin where it cannot write.
            store.writes = 1_000;
            it.restart();
          }
          it.connect();
          store.writes = 1_000;
          await it.wait(3_000);
          send();
          const fate = (id: string) =>
            it.receipts(id).findLast(({ event_type }) => event_type !== 'accepted')?.event_type;
          await it.until(() => ids.every((id) => ['sent', 'unknown', 'failed'].includes(fate(id) ?? '')));
          const where = `write ${from}, ${count} of them`;
          assert.equal(new Set(it.texts).size, it.texts.length, where);
          for (const id of ids) if (fate(id) === 'sent') assert.ok(it.texts.includes(id), `${id}, ${where}`);
          assert.deepEqual(
            it.errors.filter((error) => error instanceof TypeError),
            [],
            where,
          );
          await it.close();
        }
      }
    }).timeout(60_000);
  }
});
