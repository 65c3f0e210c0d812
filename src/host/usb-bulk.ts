import { DriverError, failure, textOf } from '../errors';
import { TIMEOUTS } from '../timeouts';
import { isAddon } from './addon';
import type { BulkPipe, UsbDevice, UsbEndpoint } from './host';

/** What is used of a device of the package `usb`. */
export interface NativeUsbDevice {
  bus: string;
  address: number;
  vendorId: number;
  productId: number;
  open(): Promise<void>;
  close(): Promise<void>;
  selectConfiguration(value: number): Promise<void>;
  detachKernelDriver(interfaceNumber: number): Promise<void>;
  attachKernelDriver(interfaceNumber: number): Promise<void>;
  claimInterface(interfaceNumber: number): Promise<void>;
  releaseInterface(interfaceNumber: number): Promise<void>;
  /** Endpoints go by number, without the direction bit; `timeout` in ms. */
  transferOut(endpointNumber: number, data: Uint8Array, timeout: number): Promise<{ bytesWritten: number }>;
  transferIn(endpointNumber: number, length: number, timeout: number): Promise<{ data?: DataView }>;
  controlTransferOut(setup: ControlSetup, data: Uint8Array, timeout: number): Promise<unknown>;
  clearHalt(direction: 'in' | 'out', endpointNumber: number): Promise<void>;
}

interface ControlSetup {
  requestType: 'class';
  recipient: 'interface';
  request: number;
  value: number;
  index: number;
}

/** Bulk-Only Mass Storage Reset (transport specification, 3.1). */
const MASS_STORAGE_RESET = 0xff;

/**
 * What is used of the package `usb` 3.1. Its listing reads the bus afresh at each call. Its connect and disconnect
 * events are never used: listening to them ends the process where there is no USB, and needs a running udevd.
 */
export interface UsbLibrary {
  getDevices(): Promise<NativeUsbDevice[]>;
}

/** The optional package, loaded when it is first needed. */
export const loadUsb = async (): Promise<UsbLibrary> => (await import('usb')).usb as UsbLibrary;

/**
 * Opens `device`, takes the interface away from its kernel driver and claims it. One try: the caller repeats it while
 * permissions settle. Errors: NO_PERMISSION, PORT_BUSY, STICK_GONE, NATIVE_MISSING, BAD_ARGUMENT (no such endpoints).
 */
export async function openBulk(
  device: UsbDevice,
  interfaceNumber: number,
  load: () => Promise<UsbLibrary> = loadUsb,
): Promise<BulkPipe> {
  const endpoints = device.interfaces.find((i) => i.number === interfaceNumber)?.endpoints ?? [];
  const out = endpoints.find((e) => e.type === 'bulk' && e.address < 0x80);
  const back = endpoints.find((e) => e.type === 'bulk' && e.address >= 0x80);
  if (!out || !back) {
    throw failure('BAD_ARGUMENT/no-bulk', { stick: device.portPath, interface: interfaceNumber });
  }
  const native = await openDevice(device, load);
  const claim = new Claim(native, interfaceNumber);
  try {
    await claim.take(device.portPath);
  } catch (error) {
    await claim.giveBack();
    throw error;
  }
  return new NativeBulkPipe(device.portPath, native, claim, out, back);
}

/** Opens `device` as a whole. Errors: NO_PERMISSION, PORT_BUSY, STICK_GONE, NATIVE_MISSING. */
export async function openDevice(device: UsbDevice, load: () => Promise<UsbLibrary>): Promise<NativeUsbDevice> {
  const usb = await load().catch((cause: unknown) => {
    throw nativeMissing(device.portPath, cause);
  });
  const find = () =>
    attempt(device.portPath, 'open', async () =>
      (await usb.getDevices()).find(
        (d) =>
          Number.parseInt(d.bus, 10) === device.bus &&
          d.address === device.address &&
          // An address is given out again: what has it now must be what was meant.
          d.vendorId === device.vendorId &&
          d.productId === device.productId,
      ),
    );
  const native = await find();
  if (!native) throw gone(device.portPath, undefined);
  await attempt(device.portPath, 'open', () => native.open()).catch(async (error: unknown) => {
    // On the bus, but not under /dev: nobody will find it there by waiting for it.
    if (error instanceof DriverError && error.number === NO_SUCH_FILE && (await find())) throw noNode(device, error);
    throw error;
  });
  return native;
}

/** One interface, taken away from its kernel driver, and given back to it. */
class Claim {
  readonly #native: NativeUsbDevice;
  readonly number: number;
  #detached = false;

  constructor(native: NativeUsbDevice, interfaceNumber: number) {
    this.#native = native;
    this.number = interfaceNumber;
  }

  async take(stick: string): Promise<void> {
    await this.#native.detachKernelDriver(this.number).then(
      () => {
        this.#detached = true;
      },
      (error: unknown) => {
        // Also said when there was none; what really stands in the way shows at the claim.
        if (/errno 19\b|disconnected/i.test(textOf(error))) throw translate(stick, 'open', error);
      },
    );
    await attempt(stick, 'open', () => this.#native.claimInterface(this.number));
  }

  /** Released first: closing alone leaves the interface claimed until the object is collected. Never rejects. */
  async giveBack(): Promise<void> {
    const ignore = () => undefined;
    await this.#native.releaseInterface(this.number).catch(ignore);
    // On a stick that has left the bus there is nothing to bind to, and the library says so.
    if (this.#detached) await this.#native.attachKernelDriver(this.number).catch(ignore);
    await this.#native.close().catch(ignore);
  }
}

class NativeBulkPipe implements BulkPipe {
  readonly #stick: string;
  readonly #native: NativeUsbDevice;
  readonly #claim: Claim;
  readonly #out: number;
  readonly #in: number;
  #closing: Promise<void> | undefined;

  constructor(stick: string, native: NativeUsbDevice, claim: Claim, out: UsbEndpoint, back: UsbEndpoint) {
    this.#stick = stick;
    this.#native = native;
    this.#claim = claim;
    this.#out = out.address & 0x0f;
    this.#in = back.address & 0x0f;
  }

  async transferOut(data: Uint8Array, timeoutMs: number): Promise<void> {
    const { bytesWritten } = await attempt(this.#stick, 'send', () =>
      this.#native.transferOut(this.#out, data, timeoutMs),
    );
    if (bytesWritten !== data.length) {
      const params = { stick: this.#stick, sent: bytesWritten, bytes: data.length };
      throw failure('PROTOCOL/short-transfer', params);
    }
  }

  async transferIn(length: number, timeoutMs: number): Promise<Uint8Array> {
    const { data } = await attempt(this.#stick, 'receive', () => this.#native.transferIn(this.#in, length, timeoutMs));
    return data ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array();
  }

  async recover(): Promise<void> {
    const setup: ControlSetup = {
      requestType: 'class',
      recipient: 'interface',
      request: MASS_STORAGE_RESET,
      value: 0,
      index: this.#claim.number,
    };
    const steps = [
      () => this.#native.controlTransferOut(setup, new Uint8Array(0), TIMEOUTS.usb.bulk),
      () => this.#native.clearHalt('in', this.#in),
      () => this.#native.clearHalt('out', this.#out),
    ];
    for (const step of steps) await step().catch(() => undefined);
  }

  close(): Promise<void> {
    this.#closing ??= this.#claim.giveBack();
    return this.#closing;
  }
}

type Step = 'open' | 'send' | 'receive';

/** What the library says, in this driver's words. */
export async function attempt<T>(stick: string, step: Step, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translate(stick, step, error);
  }
}

const LATE = { open: 'TIMEOUT/open', send: 'TIMEOUT/send', receive: 'TIMEOUT/receive' } as const satisfies Record<
  Step,
  string
>;

/** The library's errors are text: `open error: permission denied (errno 13)`, `transferIn error: Cancelled`. */
function translate(stick: string, step: Step, cause: unknown): DriverError {
  if (cause instanceof DriverError) return cause;
  const text = textOf(cause);
  const errno = Number(/errno (\d+)/.exec(text)?.[1]);
  const details = { cause, ...(errno > 0 && { number: errno }) };
  // What a group forbids is 13; 1 is what keeps devices from containers, whatever the groups.
  if (errno === 1 && isAddon(process.env)) return failure('NO_PERMISSION/addon', { stick }, details);
  if (errno === 13 || errno === 1) return failure('NO_PERMISSION/usb', { stick }, details);
  if (errno === 16) return failure('PORT_BUSY/interface', { stick }, details);
  if (errno === 19 || errno === NO_SUCH_FILE || /disconnected/i.test(text)) return gone(stick, cause, errno);
  if (/cancelled|timed out/i.test(text)) return failure(LATE[step], { stick }, details);
  if (/stall/i.test(text)) return failure('PROTOCOL/stall', { stick }, details);
  return failure('PROTOCOL/usb', { stick, text }, details);
}

/** errno ENOENT. */
const NO_SUCH_FILE = 2;

export const gone = (stick: string, cause: unknown, errno = 0): DriverError =>
  failure('STICK_GONE/left', { stick }, { ...(cause !== undefined && { cause }), ...(errno > 0 && { number: errno }) });

function noNode({ portPath, bus, address }: UsbDevice, cause: unknown): DriverError {
  const node = ['/dev/bus/usb', ...[bus, address].map((n) => String(n).padStart(3, '0'))].join('/');
  return failure('NO_PERMISSION/no-node', { stick: portPath, node }, { cause });
}

const nativeMissing = (stick: string, cause: unknown): DriverError =>
  failure('NATIVE_MISSING/usb', { stick }, { cause });
