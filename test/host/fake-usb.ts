import type { NativeUsbDevice } from '../../src/host/usb-bulk';

/** A device of the package `usb` that notes its calls; each can be made to fail with a text of that package. */
export class FakeDevice implements NativeUsbDevice {
  calls: string[] = [];
  fail: Record<string, string> = {};
  written: number | undefined;
  answer: Uint8Array | undefined = new Uint8Array(13);

  readonly vendorId = 0x12d1;

  constructor(
    readonly bus = '003',
    readonly address = 17,
    readonly productId = 0x1f01,
  ) {}

  open = () => this.#call('open');
  selectConfiguration = (value: number) => this.#call('selectConfiguration', value);
  close = () => this.#call('close');
  detachKernelDriver = (n: number) => this.#call('detachKernelDriver', n);
  attachKernelDriver = (n: number) => this.#call('attachKernelDriver', n);
  claimInterface = (n: number) => this.#call('claimInterface', n);
  releaseInterface = (n: number) => this.#call('releaseInterface', n);

  clearHalt = (direction: string, n: number) => this.#call('clearHalt', direction, n);
  controlTransferOut = (setup: { requestType: string; request: number; index: number }) =>
    this.#call('controlTransferOut', setup.requestType, setup.request, setup.index);

  async transferOut(endpoint: number, data: Uint8Array, timeout: number) {
    await this.#call('transferOut', endpoint, data.length, timeout);
    return { bytesWritten: this.written ?? data.length };
  }

  async transferIn(endpoint: number, length: number, timeout: number) {
    await this.#call('transferIn', endpoint, length, timeout);
    if (!this.answer) return {};
    // As the package does it: a view that does not start where its buffer does.
    const pool = new Uint8Array(64);
    pool.set(this.answer, 8);
    return { data: new DataView(pool.buffer, 8, this.answer.length) };
  }

  async #call(name: string, ...args: (number | string)[]): Promise<void> {
    this.calls.push([name, ...args].join(' '));
    const text = this.fail[name];
    if (text !== undefined) throw new Error(`${name} error: ${text}`);
  }
}

export const library =
  (...devices: NativeUsbDevice[]) =>
  async () => ({ getDevices: async () => devices });
