/** How a virtual stick is made. */

import type { Clock } from '../host/host';
import type { FirmwareKind } from './firmware';
import type { ModelName } from './models';
import type { Quirk } from './modem/quirks';
import type { Radio } from './modem/radio';
import type { SimState } from './modem/state';
import type { Script } from './script';
import type { Timing } from './timing';
import type { HilinkFirmware } from './web/firmware';
import type { WebSettings } from './web/memory';
import type { WebQuirk } from './web/quirks';

export interface StickOptions {
  clock: Clock;
  /** Which stick of the family it is; the others of these options go before what that model has. E3272 by default. */
  model?: ModelName;
  /** `virtual-1` by default. */
  name?: string;
  /** `1-1` by default. */
  portPath?: string;
  /** What is flashed at first: HiLink by default. */
  firmware?: FirmwareKind;
  /** What stick firmware shows before the switch, unless SETPORT begins with FF: 15ca, 14fe, or what an E3372 shows. */
  cdrom?: 'cdrom-stick' | 'cdrom-pnp' | 'cdrom-e3372s' | 'cdrom-e3372h';
  /**
   * It has MBIM in a configuration of this number, 2 or 3, beside its CD-ROM (157d, 15cd) or its ports (1506), and the host
   * chooses that one at each enumeration.
   */
  mbim?: 2 | 3;
  /** How many ports its boot ROM shows, the last of which answers; 1 by default. */
  bootPorts?: number;
  /** HiLink with a card reader is 14dc instead of 14db. */
  sdReader?: boolean;
  setport?: string | undefined;
  /** What loader and firmware call the stick; E3272 by default. */
  product?: string;
  /** What the loader answers to frame 45, 20 characters at most; `HUAWEI ` and the product by default. */
  identity?: string;
  /** Vendor in the INQUIRY of its CD-ROM and card reader, 8 characters at most; HUAWEI by default. */
  inquiryVendor?: string;
  /** Seed of IMEI, IMSI and ICCID. */
  seed?: number;
  sim?: {
    state?: SimState;
    pin?: string;
    /** 12345678 by default. */
    puk?: string;
    /** Its own number, of test ranges by default; '' = not written on it. */
    number?: string;
    /** Messages that it holds; 20 by default. */
    messages?: number;
  };
  /** The radio situation at first. */
  radio?: Partial<Radio>;
  /** Peculiarities of its firmware, besides those of its model. */
  quirks?: readonly (Quirk | WebQuirk)[];
  /** Which HiLink firmware it comes with; `metas`, that of an E3272, by default. */
  hilink?: HilinkFirmware;
  /** What its web interface wants: a login as its firmware has it, admin and admin by default. */
  web?: Partial<WebSettings>;
  /** What its network calls now, in milliseconds since 1970, when the clock is at 0; 2024-01-01 by default. */
  epoch?: number;
  /** Quarters of an hour from Greenwich to where the stick is; 4 by default. */
  zone?: number;
  /** Whether ^GODLOAD works; by default on stick firmware. */
  godload?: boolean;
  /** The first AT after an enumeration is lost; true by default. */
  losesFirstAt?: boolean;
  /** Whether the boot ROM accepts a repeated data packet; nobody knows of the real one. False by default. */
  acceptsRepeats?: boolean;
  /** Everything that the stick says on a tty arrives in pieces of this many bytes; whole by default. */
  pieces?: number;
  timing?: Partial<Timing>;
  /** A recorded stick that it plays, as far as that was recorded; see script.ts. @internal */
  like?: Script;
}
