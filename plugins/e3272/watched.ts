/**
 * One stick as the sidebar watches it: what it is at, from the bus and from who uses it anyway. Nothing is opened for that. Asked
 * it is only when its port is open already.
 */

import { type AtHandle, type AtState, byEither, openAtDevice } from '../../src/device/at/open-at';
import { type Device, deviceAt } from '../../src/device/device';
import { askInUse } from '../../src/device/in-use';
import { watchState } from '../../src/device/onlooker';
import type { Host } from '../../src/host/host';
import type { Stick } from '../../src/stick/stick';

export class Watched {
  readonly host: Host;
  readonly path: string;
  readonly virtual: boolean;
  /** As the bus shows it; undefined while it is not plugged in. */
  stick: Stick | undefined;
  readonly device: Device;
  readonly #offs: (() => void)[] = [];
  #state: AtState = { state: 'connecting' };
  #look: AtHandle | undefined;

  constructor(host: Host, path: string, virtual: boolean, changed: () => void) {
    this.host = host;
    this.path = path;
    this.virtual = virtual;
    this.device = deviceAt(host, path);
    const { readings, web } = this.device;
    const watch = watchState(host, path, (state) => {
      this.#state = state;
      changed();
    });
    this.#offs.push(() => watch.stop());
    for (const off of [readings?.on(changed), web?.states.on(changed)]) if (off) this.#offs.push(off);
  }

  /** What it is at, with its web API where somebody uses that. */
  get state(): AtState {
    const web = this.device.web?.states.now;
    const state = this.#state;
    return web && state.state === 'mode' && state.mode === 'hilink' ? { ...state, web } : state;
  }

  /** Somebody talks to it anyway. */
  get used(): boolean {
    return this.device.at.states.now.state === 'ready' || this.device.web?.states.now?.state === 'ready';
  }

  /** Asks for signal, network and SIM, if it is in use and has not told within `ms`. */
  async ask(ms: number): Promise<void> {
    const at = this.device.readings?.latest.at;
    if (!this.used || (at !== undefined && this.host.clock.now() - at < ms)) return;
    await askInUse(this.device);
    await this.#askStore();
  }

  /** Whether it is open for those who look. */
  get looked(): boolean {
    return this.#look !== undefined;
  }

  /** Opens its port, or its web API, for those who look; until {@link unlook}, or until nobody looks. */
  look(): void {
    this.#look ??= openAtDevice(this.host, this.device, { web: {} });
  }

  unlook(): void {
    void this.#look?.release().catch(() => undefined);
    this.#look = undefined;
  }

  /** How many messages there are: for those who look, nobody else has asked. */
  async #askStore(): Promise<void> {
    const handle = this.#look;
    if (!handle) return;
    await byEither<unknown>(
      handle,
      () => handle.run('AT+CPMS?'),
      async () => this.device.web?.run((client, signal) => client.sms.counts({ signal })),
    );
  }

  stop(): void {
    this.unlook();
    for (const off of this.#offs) off();
  }
}
