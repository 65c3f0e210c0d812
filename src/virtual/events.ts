/** What happens inside a virtual stick, for logs and tests. Plain JSON values only. */

import { createHash } from 'node:crypto';

export type StickEvent =
  /** It (dis)appeared: `mode` is an {@link import('./personality').Appearance}, or `off` while it is not on the bus. */
  | { what: 'mode'; mode: string; pid?: string; address?: number }
  /** A tty came or went. */
  | { what: 'tty'; tty: number; interface: number; present: boolean }
  /** A CBW that was accepted; `effect` says what a rewind message led to. */
  | { what: 'cbw'; cdb: string; effect?: string }
  /** A component arrived through the boot ROM. */
  | { what: 'uploaded'; mode: number; address: number; size: number; sha256: string }
  /** The uploaded loader really erased the whole NAND, NV included. */
  | { what: 'erased' }
  /** An image was written over NV, from block `block` on: IMEI and calibration are lost. */
  | { what: 'nv'; code: number; block: number }
  /** Another image than BootLoad was written over block 0, or a part of it: nothing starts the firmware any more. */
  | { what: 'bootload'; code: number }
  /** The loader has accepted the start of an image. Without an `image` after it, it was never ended. */
  | { what: 'begun'; code: number; size: number }
  /** An image was ended; `stored` bytes are in the flash, `size` were announced. */
  | { what: 'image'; code: number; size: number; stored: number; sha256: string }
  | { what: 'setport'; value: string }
  | { what: 'at'; command: string; final: string }
  /**
   * The stick sent an SMS. `text` is this part's (8-bit data: hex), `whole` the message's, as soon as all its parts are
   * there; `dcs` the data coding scheme; `reference` the number that a status report will carry.
   */
  | {
      what: 'sms';
      to: string;
      text: string;
      part?: { reference: number; total: number; sequence: number };
      whole?: string;
      flash?: true;
      dcs: number;
      report: boolean;
      reference: number;
      pdu: string;
    }
  /** An SMS arrived and the store was full. */
  | { what: 'sms-lost'; store: string; pdu: string }
  /** USSD from the host. */
  | { what: 'ussd'; text: string }
  /** HiLink: the web server came up or went away. */
  | { what: 'web'; up: boolean }
  /** HiLink over USB/IP: a host has got its address from the stick. */
  | { what: 'lease'; address: string }
  /** A request to the web server was answered: `OK`, an error code, an HTTP status, `redirect`, or `closed` without an answer. */
  | { what: 'request'; method: string; path: string; result: string }
  /** The data connection came up or went down. */
  | { what: 'data'; up: boolean }
  | { what: 'reset'; by: 'loader' | 'at' | 'restart' | 'web' }
  /** A program in another process began or ceased to use it. */
  | { what: 'client'; present: boolean }
  | { what: 'fault'; fault: string; at: string }
  /** An order or a socket that did not work out. */
  | { what: 'error'; message: string };

/** All of them, in the words of docs/virtual-stick.md. */
export const EVENTS: Readonly<Record<StickEvent['what'], string>> = {
  mode: 'what it is on the bus now, or `off`',
  tty: 'a tty came or went',
  cbw: 'a SCSI command, and what it led to',
  uploaded: 'a component arrived through the boot ROM, with size and sha256',
  erased: 'a loader erased the whole flash memory; IMEI and calibration are lost',
  nv: 'an image was written over IMEI and calibration: `block` is the first block of them that was hit',
  bootload: 'block 0 holds no whole BootLoad any more: the stick starts in its boot ROM',
  begun: 'an image was begun; one that `image` does not follow was cut off',
  image: 'an image was ended, with size, bytes stored, and sha256',
  setport: '`AT^SETPORT` was set',
  at: 'an AT command, and its final result code',
  sms: 'the stick sent an SMS',
  'sms-lost': 'an SMS arrived and the store was full',
  ussd: 'USSD from the host',
  web: 'HiLink: its web server came up or went away',
  lease: 'HiLink, as a USB device: the host has got this address by DHCP',
  request:
    'HiLink: a request to the web server, and what came of it: `OK`, an error code, an HTTP status, `redirect` or `closed`',
  data: 'the data connection came up or went down',
  reset: 'it restarts, by its `loader`, by `at`, by the `web` interface, or for a `restart` in the middle of a write',
  client: 'a program in another process began or ceased to use it',
  fault: 'an ordered fault happened',
  error: 'an order or a socket that did not work out',
};

export type EventListener = (event: StickEvent) => void;

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
