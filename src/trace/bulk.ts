/** The bulk pipe of a mass-storage interface: messages and statuses of the transport as hex, of other data the length. */

import { CBW_LENGTH, CSW_LENGTH } from '../codec/cbw';
import type { BulkPipe } from '../host/host';
import type { Said } from '../record/format';
import { quietly } from './quietly';
import type { Recorder } from './recorder';

const INQUIRY = 36;

export class BulkTap implements BulkPipe {
  readonly #pipe: BulkPipe;
  readonly #recorder: Recorder;
  readonly #about: { stick: string; interface: number };

  constructor(pipe: BulkPipe, recorder: Recorder, about: { stick: string; interface: number }) {
    this.#pipe = pipe;
    this.#recorder = recorder;
    this.#about = about;
  }

  async transferOut(data: Uint8Array, timeoutMs: number): Promise<void> {
    this.#note('host', data);
    await this.#pipe.transferOut(data, timeoutMs);
  }

  async transferIn(length: number, timeoutMs: number): Promise<Uint8Array> {
    const data = await this.#pipe.transferIn(length, timeoutMs);
    this.#note('stick', data);
    return data;
  }

  recover(): Promise<void> {
    return this.#pipe.recover();
  }

  close(): Promise<void> {
    return this.#pipe.close();
  }

  #note(who: 'host' | 'stick', data: Uint8Array): void {
    quietly(() => {
      const { names } = this.#recorder;
      const hex = Buffer.from(data).toString('hex');
      const t = this.#recorder.now();
      const shown = isFrame(data) || isInquiry(data);
      const said: Said = shown
        ? [who, names.vouch(hex), { t }]
        : [who, '', { t, left: { bytes: data.length, why: 'unread' } }];
      this.#recorder.add({ kind: 'bulk', ...this.#about, raw: [said] });
    });
  }
}

const isFrame = (data: Uint8Array): boolean =>
  (data.length === CBW_LENGTH || data.length === CSW_LENGTH) && /^USB[CS]/.test(Buffer.from(data).toString('latin1'));

/** Vendor, model and revision: the same for all sticks. */
const isInquiry = (data: Uint8Array): boolean =>
  data.length === INQUIRY && /^[\x20-\x7e\0]*$/.test(Buffer.from(data.subarray(8)).toString('latin1'));
