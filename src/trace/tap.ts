/**
 * A tap on the seam to the machine: the host that it gives behaves as the one it is on, and all that goes over the bus, its
 * ttys, bulk pipes and web servers is recorded. Errors of the recording never reach who uses the host.
 */

import { isDriverError } from '../errors';
import type { BulkPipe, Host, TtyPort, UsbDevice, Watch } from '../host/host';
import type { NetworkLink } from '../host/network';
import type { Transport } from '../host/web';
import { AtStream } from './at-stream';
import { BulkTap } from './bulk';
import { placeOf, portName, redactDevice } from './bus';
import { quietly } from './quietly';
import type { Recorder } from './recorder';
import { redactWeb } from './web';

/** `host`, with all that goes over it told to `recorder`. */
export function tapHost<H extends Host>(host: H, recorder: Recorder): H {
  const tap = new Tap(host, recorder);
  const instead: Partial<Host> = {
    scan: () => tap.scan(),
    watch: (listener, options) => tap.watch(listener, options),
    openTty: (path) => tap.openTty(path),
    openBulk: (device, number) => tap.openBulk(device, number),
    ...(host.network && { network: (device: UsbDevice) => tap.network(device) }),
  };
  const bound = new Map<string | symbol, unknown>();
  return new Proxy(host, {
    get(target, name) {
      if (Object.hasOwn(instead, name)) return instead[name as keyof Host];
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      // Members with private fields only work on the object itself; the same function each time.
      const own: unknown = bound.get(name) ?? value.bind(target);
      bound.set(name, own);
      return own;
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
  });
}

class Tap {
  readonly #host: Host;
  readonly #recorder: Recorder;
  #bus = '';
  #devices: UsbDevice[] = [];

  constructor(host: Host, recorder: Recorder) {
    this.#host = host;
    this.#recorder = recorder;
  }

  async scan(): Promise<UsbDevice[]> {
    const devices = await this.#host.scan();
    this.#see(devices);
    return devices;
  }

  watch(listener: (devices: UsbDevice[]) => void, options?: Parameters<Host['watch']>[1]): Watch {
    return this.#host.watch((devices) => {
      this.#see(devices);
      listener(devices);
    }, options);
  }

  #see(devices: UsbDevice[]): void {
    quietly(() => {
      const redacted = devices.map((device) => redactDevice(this.#recorder.names, device));
      const text = JSON.stringify(redacted);
      if (text === this.#bus) return;
      this.#bus = text;
      this.#devices = devices;
      this.#recorder.add({ kind: 'bus', t: this.#recorder.now(), devices: redacted });
    });
  }

  async openTty(path: string): Promise<TtyPort> {
    const port = portName(path);
    const note = (what: string) =>
      quietly(() => this.#recorder.add({ kind: 'port', t: this.#recorder.now(), port, what }));
    let opened: TtyPort;
    try {
      opened = await this.#host.openTty(path);
    } catch (error) {
      note(isDriverError(error) ? error.code : 'failed');
      throw error;
    }
    note('open');
    return this.#tapTty(opened, port, note);
  }

  #tapTty(opened: TtyPort, port: string, note: (what: string) => void): TtyPort {
    const recorder = this.#recorder;
    const stream = new AtStream({
      names: recorder.names,
      about: { ...this.#placeOf(opened.path), port },
      emit: (record) => recorder.add(record),
    });
    const unfollow = recorder.onFlush(() => quietly(() => stream.flush()));
    let over = false;
    const end = (what: string) => {
      if (over) return;
      over = true;
      unfollow();
      quietly(() => stream.end());
      note(what);
    };
    return {
      path: opened.path,
      get isOpen() {
        return opened.isOpen;
      },
      write(data) {
        quietly(() => stream.host(data, recorder.now()));
        return opened.write(data);
      },
      receive: (onData, onGone) =>
        opened.receive(
          (chunk) => {
            quietly(() => stream.stick(chunk, recorder.now()));
            onData(chunk);
          },
          (error) => {
            end('gone');
            onGone(error);
          },
        ),
      close() {
        end('close');
        return opened.close();
      },
    };
  }

  #placeOf(path: string): { stick?: string; interface?: number } {
    for (const device of this.#devices) {
      const found = device.interfaces.find(({ tty }) => tty === path);
      if (found) return { stick: placeOf(device.portPath), interface: found.number };
    }
    return {};
  }

  async openBulk(device: UsbDevice, number: number): Promise<BulkPipe> {
    const pipe = await this.#host.openBulk(device, number);
    return new BulkTap(pipe, this.#recorder, { stick: placeOf(device.portPath), interface: number });
  }

  async network(device: UsbDevice): Promise<NetworkLink[]> {
    const links = (await this.#host.network?.(device)) ?? [];
    const tap = webTap(this.#recorder, device.portPath);
    return links.map((link) => ({ ...link, tap }));
  }
}

/** What a transport to the stick at `place` says is recorded. */
export const webTap =
  (recorder: Recorder, place?: string) =>
  (transport: Transport): Transport =>
  async (request, signal) => {
    const t = recorder.now();
    const told = (answer?: Awaited<ReturnType<Transport>>) =>
      quietly(() =>
        recorder.add({
          kind: 'hilink',
          ...(place !== undefined && { stick: placeOf(place) }),
          t,
          ms: recorder.now() - t,
          ...redactWeb(recorder.names, { request, ...(answer && { answer }) }),
        }),
      );
    try {
      const answer = await transport(request, signal);
      told(answer);
      return answer;
    } catch (error) {
      told();
      throw error;
    }
  };
