import { DriverError } from '../errors';
import type { BulkPipe, UsbDevice, UsbEndpoint } from './host';

/** What is used of a device of the package `usb`. */
export interface NativeUsbDevice {
  bus: string;
  address: number;
  open(): Promise<void>;
  close(): Promise<void>;
  detachKernelDriver(interfaceNumber: number): Promise<void>;
  claimInterface(interfaceNumber: number): Promise<void>;
  releaseInterface(interfaceNumber: number): Promise<void>;
  /** Endpoints go by number, without the direction bit; `timeout` in ms. */
  transferOut(endpointNumber: number, data: Uint8Array, timeout: number): Promise<{ bytesWritten: number }>;
  transferIn(endpointNumber: number, length: number, timeout: number): Promise<{ data?: DataView }>;
}

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
    throw new DriverError(
      'BAD_ARGUMENT',
      `Interface ${interfaceNumber} of the stick at ${device.portPath} has no pair of bulk endpoints.`,
      { stick: device.portPath, hint: 'Take the mass-storage interface (class 08) of its descriptor.' },
    );
  }
  const usb = await load().catch((cause: unknown) => {
    throw nativeMissing(device.portPath, cause);
  });
  const find = () =>
    attempt(device.portPath, 'open', async () =>
      (await usb.getDevices()).find((d) => Number.parseInt(d.bus, 10) === device.bus && d.address === device.address),
    );
  const native = await find();
  if (!native) throw gone(device.portPath, undefined);
  await attempt(device.portPath, 'open', () => native.open()).catch(async (error: unknown) => {
    // On the bus, but not under /dev: nobody will find it there by waiting for it.
    if (error instanceof DriverError && error.number === NO_SUCH_FILE && (await find())) throw noNode(device, error);
    throw error;
  });
  try {
    await native.detachKernelDriver(interfaceNumber).catch((error: unknown) => {
      // Also said when there was none; what really stands in the way shows at the claim.
      if (/errno 19\b|disconnected/i.test(textOf(error))) throw translate(device.portPath, 'open', error);
    });
    await attempt(device.portPath, 'open', () => native.claimInterface(interfaceNumber));
  } catch (error) {
    await native.close().catch(() => undefined);
    throw error;
  }
  return new NativeBulkPipe(device.portPath, native, interfaceNumber, out, back);
}

class NativeBulkPipe implements BulkPipe {
  readonly #stick: string;
  readonly #native: NativeUsbDevice;
  readonly #interface: number;
  readonly #out: number;
  readonly #in: number;
  #closing: Promise<void> | undefined;

  constructor(stick: string, native: NativeUsbDevice, interfaceNumber: number, out: UsbEndpoint, back: UsbEndpoint) {
    this.#stick = stick;
    this.#native = native;
    this.#interface = interfaceNumber;
    this.#out = out.address & 0x0f;
    this.#in = back.address & 0x0f;
  }

  async transferOut(data: Uint8Array, timeoutMs: number): Promise<void> {
    const { bytesWritten } = await attempt(this.#stick, 'send', () =>
      this.#native.transferOut(this.#out, data, timeoutMs),
    );
    if (bytesWritten !== data.length) {
      throw new DriverError(
        'PROTOCOL',
        `The stick at ${this.#stick} took ${bytesWritten} of ${data.length} bytes of a transfer.`,
        { stick: this.#stick, hint: 'Unplug the stick, plug it in again and repeat.' },
      );
    }
  }

  async transferIn(length: number, timeoutMs: number): Promise<Uint8Array> {
    const { data } = await attempt(this.#stick, 'receive', () => this.#native.transferIn(this.#in, length, timeoutMs));
    return data ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Released first: closing alone leaves the interface claimed until the object is collected. */
  async #close(): Promise<void> {
    await this.#native.releaseInterface(this.#interface).catch(() => undefined);
    await this.#native.close().catch(() => undefined);
  }
}

type Step = 'open' | 'send' | 'receive';

async function attempt<T>(stick: string, step: Step, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translate(stick, step, error);
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The library's errors are text: `open error: permission denied (errno 13)`, `transferIn error: Cancelled`. */
function translate(stick: string, step: Step, cause: unknown): DriverError {
  if (cause instanceof DriverError) return cause;
  const text = textOf(cause);
  const errno = Number(/errno (\d+)/.exec(text)?.[1]);
  const details = { stick, cause, ...(errno > 0 && { number: errno }) };
  if (errno === 13 || errno === 1) {
    return new DriverError('NO_PERMISSION', `You are not allowed to open the USB device of the stick at ${stick}.`, {
      ...details,
      hint: 'Install the udev rule e3272.rules of this package (docs/) and plug the stick in again, or run this as root.',
    });
  }
  if (errno === 16) {
    return new DriverError('PORT_BUSY', `The USB interface of the stick at ${stick} is in use by another program.`, {
      ...details,
      hint: 'The system may be switching the stick itself just now: wait some seconds and try again.',
    });
  }
  if (errno === 19 || errno === NO_SUCH_FILE || /disconnected/i.test(text)) return gone(stick, cause, errno);
  if (/cancelled|timed out/i.test(text)) {
    return new DriverError('TIMEOUT', `The stick at ${stick} did not ${ANSWERS[step]} in time.`, {
      ...details,
      hint: 'Unplug the stick, plug it in again and repeat.',
    });
  }
  const what = /stall/i.test(text) ? 'refused the transfer (stall)' : `could not be reached: ${text}`;
  return new DriverError('PROTOCOL', `The stick at ${stick} ${what}.`, {
    ...details,
    hint: 'Unplug the stick, plug it in again and repeat.',
  });
}

const ANSWERS: Record<Step, string> = { open: 'open', send: 'take the transfer', receive: 'answer' };

/** errno ENOENT. */
const NO_SUCH_FILE = 2;

const gone = (stick: string, cause: unknown, errno?: number): DriverError =>
  new DriverError('STICK_GONE', `The stick at ${stick} has left the bus.`, {
    stick,
    hint: 'Look for it again: it may have come back in another mode.',
    ...(cause !== undefined && { cause }),
    ...(errno !== undefined && errno > 0 && { number: errno }),
  });

function noNode({ portPath, bus, address }: UsbDevice, cause: unknown): DriverError {
  const node = ['/dev/bus/usb', ...[bus, address].map((n) => String(n).padStart(3, '0'))].join('/');
  return new DriverError('NO_PERMISSION', `The USB device of the stick at ${portPath} is not there as ${node}.`, {
    stick: portPath,
    hint: "In a container the host's /dev/bus/usb must be passed in, the whole folder: the stick comes back as another file.",
    cause,
  });
}

const nativeMissing = (stick: string, cause: unknown): DriverError =>
  new DriverError(
    'NATIVE_MISSING',
    `The stick at ${stick} cannot be switched: the optional package "usb" is not installed or does not run here.`,
    {
      stick,
      hint: 'Run `npm install usb@3.1` where this package is installed, or install the tool `usb_modeswitch` of your system.',
      cause,
    },
  );
