import type { Host, UsbDevice } from '../../host/host';
import { describeStick, type Stick } from '../../stick/stick';
import { countPlug } from '../auto-switch';
import type { Visit } from './user-commands';

/** What the bus shows at one port path. */
export class BusLook {
  readonly #host: Host;
  readonly #path: string;
  /** Undefined until the bus has been looked at. */
  #last: { stick: Stick | undefined; elsewhere: boolean; print: string } | undefined;

  constructor(host: Host, path: string) {
    this.#host = host;
    this.#path = path;
  }

  /** False until the bus has been looked at. */
  get isKnown(): boolean {
    return this.#last !== undefined;
  }

  get stick(): Stick | undefined {
    return this.#last?.stick;
  }

  /** It is not here, and there is another one somewhere else. */
  get isElsewhere(): boolean {
    return this.#last?.elsewhere ?? false;
  }

  forget(): void {
    this.#last = undefined;
  }

  /** Takes a new look; false if it shows nothing new. */
  take(devices: readonly UsbDevice[]): boolean {
    const device = devices.find((d) => d.portPath === this.#path);
    const elsewhere = !device && devices.some((other) => describeStick(other).mode !== 'unknown');
    const print = device ? JSON.stringify(device) : `${elsewhere} ${this.#host.unreachable?.()?.message ?? ''}`;
    if (this.#last?.print === print) return false;
    this.#last = { stick: device && describeStick(device), elsewhere, print };
    countPlug(this.#host, this.#path, this.stick);
    return true;
  }

  /** The stick of `visit` has left the bus, or the port that it has open. */
  hasLost({ stick, channel }: Visit): boolean {
    const now = this.stick;
    if (now?.device.address !== stick.device.address) return true;
    return channel !== undefined && !now.ttys.some((tty) => tty.path === channel.path);
  }
}
