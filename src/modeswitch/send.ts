/** The way of a switch message to the stick: what may stand in its way, the interface that takes it, the tool that may help. */

import { CSW_LENGTH, decodeCsw } from '../codec/cbw';
import { asDriverError, type DriverError, failure, isDriverError } from '../errors';
import { type BulkPipe, type Host, sleep, type UsbDevice } from '../host/host';
import { openPatiently } from '../host/patience';
import { obstacleOf } from '../stick/obstacle';
import { describeStick, obstacleError, type Stick, stickText } from '../stick/stick';
import { waitForStick } from '../stick/watch';
import { TIMEOUTS } from '../timeouts';
import { SWITCH_CBWS, type SwitchMessage } from './messages';
import { refuseMounted, refuseStranger, stranger } from './obstacles';
import { askVendor, isHuawei } from './vendor';

export interface Outcome {
  /** Status of the last CSW; null if none came. */
  csw: number | null;
  by: 'message' | 'tool' | 'other';
}

/** What has been taken away from the kernel's driver; to be given back when it is known what has become of the stick. */
export interface Claim {
  giveBack?: () => Promise<void>;
}

/** The first mass-storage interface of a device: it takes the messages. */
interface Storage {
  device: UsbDevice;
  number: number;
}

/**
 * Opens, asks the device who it is, sends. A stick that vanishes underneath is no error: the caller looks at the bus.
 * `signal` is heeded until the message is on its way.
 */
export async function sendSwitch(
  host: Host,
  stick: Stick,
  message: SwitchMessage,
  claim: Claim,
  signal?: AbortSignal,
): Promise<Outcome> {
  try {
    const storage = await findStorage(host, stick, signal);
    let pipe: BulkPipe;
    try {
      pipe = await openStorage(host, stick, storage, signal);
    } catch (error) {
      if (!isDriverError(error, 'NATIVE_MISSING')) throw error;
      return await sendByTool(host, stick, storage, message, claim, error, signal);
    }
    claim.giveBack = () => pipe.close();
    const vendor = await askVendor(pipe, stick, signal);
    if (!isHuawei(vendor)) throw stranger(stick, vendor);
    signal?.throwIfAborted();
    return await sendByPipe(pipe, message);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (isDriverError(error, 'STICK_GONE')) return { csw: null, by: 'other' };
    throw asDriverError(error, 'PROTOCOL/switch-message', { which: stickText(stick) }, { stick: stick.path });
  }
}

async function sendByPipe(pipe: BulkPipe, message: SwitchMessage): Promise<Outcome> {
  let csw: number | null = null;
  try {
    for (const cbw of SWITCH_CBWS[message]) {
      await pipe.transferOut(cbw, TIMEOUTS.usb.bulk);
      csw = decodeCsw(await pipe.transferIn(CSW_LENGTH, TIMEOUTS.usb.bulk))?.status ?? null;
    }
  } catch (error) {
    // A missing CSW, a stall and a lost bus are all normal ends of this message.
    if (!isDriverError(error, 'TIMEOUT', 'PROTOCOL', 'STICK_GONE')) throw error;
  }
  return { csw, by: 'message' };
}

/** The system's tool asks nobody: it is used only where the kernel has been told that this is Huawei's. */
async function sendByTool(
  host: Host,
  stick: Stick,
  { device, number }: Storage,
  message: SwitchMessage,
  claim: Claim,
  missing: DriverError,
  signal?: AbortSignal,
): Promise<Outcome> {
  if (!host.switchByTool) throw missing;
  // The kernel asks a second after the device has come.
  const end = host.clock.now() + TIMEOUTS.usb.openRetry;
  while ((await refuseStranger(host, stick, device, number)) === undefined) {
    if (host.clock.now() >= end) throw unasked(stick, missing);
    await sleep(host.clock, TIMEOUTS.usb.openRetryPause, signal);
  }
  await refuseMounted(host, stick);
  signal?.throwIfAborted();
  claim.giveBack = async () => host.rebind?.(device);
  if (!(await host.switchByTool(device, message))) throw missing;
  return { csw: null, by: 'tool' };
}

/** A device is on the bus before the kernel has set its configuration: until then it shows no interfaces, and they are waited for. */
async function findStorage(host: Host, stick: Stick, signal?: AbortSignal): Promise<Storage> {
  let { device } = stick;
  if (device.interfaces.length === 0) {
    const found = await waitForStick(
      host,
      stick.path,
      (now) => now?.device.address !== device.address || now.device.interfaces.length > 0,
      { timeoutMs: TIMEOUTS.usb.openRetry, ...(signal && { signal }) },
    );
    if (found?.stick?.device.address === device.address) device = found.stick.device;
  }
  const storage = device.interfaces.find((i) => i.class === 0x08);
  if (storage) return { device, number: storage.number };
  const now = describeStick(device);
  const obstacle = obstacleOf(now);
  if (obstacle) throw obstacleError(now, obstacle);
  throw failure('WRONG_MODE/no-storage', { which: stickText(stick) }, { stick: stick.path });
}

/** All that can be seen from outside is looked at before each try: an automatic mount may come while permissions settle. */
async function openStorage(
  host: Host,
  stick: Stick,
  { device, number }: Storage,
  signal?: AbortSignal,
): Promise<BulkPipe> {
  const opened = await openPatiently(
    host.clock,
    async () => {
      try {
        await refuseStranger(host, stick, device, number);
        await refuseMounted(host, stick);
      } catch (obstacle) {
        // Returned: waiting removes neither of them.
        return { obstacle };
      }
      return host.openBulk(device, number);
    },
    signal,
  );
  if ('obstacle' in opened) throw opened.obstacle;
  return opened;
}

const unasked = (stick: Stick, cause: unknown): DriverError =>
  failure('NATIVE_MISSING/switch', { which: stickText(stick) }, { stick: stick.path, cause });
