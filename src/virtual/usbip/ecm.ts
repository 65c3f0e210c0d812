/** The network function of a stick in HiLink mode as CDC ECM: frames by its bulk endpoints, the link by its interrupt endpoint. */

import type { UsbInterface } from '../../host/host';
import { Lan } from '../lan/lan';
import type { VirtualStick } from '../stick';
import { linkNotice, networkKind } from './network';
import { type Complete, FramePipe } from './pipes';

export interface EcmWiring {
  complete: Complete;
  complain(error: unknown): void;
  /** Something for the interrupt endpoint of the interface with this number. */
  notify(interfaceNumber: number, notice: Buffer): void;
}

export interface Ecm {
  /** Both bulk endpoints. */
  readonly frames: FramePipe;
  /** The host has chosen the configuration: the cable is in. */
  start(): void;
  close(): void;
}

/** undefined: the stick has no network, or shows it as something else. */
export function connectEcm(
  stick: VirtualStick,
  interfaces: readonly UsbInterface[],
  { complete, complain, notify }: EcmWiring,
): Ecm | undefined {
  const { web } = stick;
  const control = interfaces.find((i) => networkKind([i.class, i.subclass, i.protocol]) === 'ecm');
  if (!web || !control) return undefined;
  const frames = new FramePipe((frame) => lan.take(frame), complete);
  const lan = new Lan({ stick, settings: () => web.lan, send: (frame) => frames.deliver(frame), complain });
  const tell = (up: boolean) => notify(control.number, linkNotice(control.number, up));
  // Also where it moves to another address: a host then asks for another one, too.
  const stopWatching = stick.onEvent((event) => {
    if (event.what === 'web') tell(event.up);
  });
  return {
    frames,
    start: () => tell(true),
    close: () => {
      stopWatching();
      lan.close();
    },
  };
}
