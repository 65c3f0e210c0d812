/**
 * The cousins that a virtual stick can be: how each calls itself, its product ids and ports, the peculiarities of its AT, and
 * the web server of its HiLink firmware. From recorded sessions and dumps; the driver has its own table, so that one mistake
 * does not stand in both.
 */

import { FACTORY, type FirmwareKind } from './firmware';
import type { Quirk } from './modem/quirks';
import { DEFAULT_SETPORT, PORT_CODES } from './setport';
import type { HilinkFirmware } from './web/firmware';

export interface Model {
  /** In words, for people. */
  about: string;
  /** What ATI, loader and web server call it. */
  product: string;
  /** Hardware version, as AT tells it. */
  hardware: string;
  /** The same as its web server tells it. */
  board: string;
  /** Versions of what it comes with. */
  versions: Readonly<Record<FirmwareKind, string>>;
  hilink: HilinkFirmware;
  /** How stick firmware looks before the switch. */
  cdrom: 'cdrom-stick' | 'cdrom-pnp' | 'cdrom-e3372s' | 'cdrom-e3372h';
  /** AT^SETPORT out of the box, and its own list. */
  setport: string;
  codes: ReadonlyMap<string, string>;
  /** Product id of stick firmware that begins with its ports at once, where it is another one than 1506. */
  directId?: number;
  quirks: readonly Quirk[];
}

/** The list of an E3372s, in its order: no PCUI with code 2. That of an E3372h was not recorded. */
const E3372_CODES: ReadonlyMap<string, string> = new Map(
  ['3', '10', '1', '12', '13', '5', '14', 'A', '16', 'A1', 'A2'].map((code) => [code, PORT_CODES.get(code) ?? '']),
);

export const MODELS = {
  E3272: {
    about: 'the E3272',
    product: 'E3272',
    hardware: 'VIRTUAL Ver.A',
    board: 'CL1E3272SM',
    versions: { stick: FACTORY.stick.version, hilink: FACTORY.hilink.version },
    hilink: 'metas',
    cdrom: 'cdrom-stick',
    setport: DEFAULT_SETPORT,
    codes: PORT_CODES,
    quirks: [],
  },
  E3276: {
    about: 'the E3276: the hardware of the E3272, `14fe` as a CD-ROM, refuses the long form of `^NDISDUP`',
    product: 'E3276',
    hardware: 'CH1E3276SM Ver.A',
    board: 'CH1E3276SM',
    versions: { stick: '21.192.03.01.07', hilink: FACTORY.hilink.version },
    hilink: 'metas',
    cdrom: 'cdrom-pnp',
    setport: DEFAULT_SETPORT,
    codes: PORT_CODES,
    quirks: ['ndisdup-short'],
  },
  E3372s: {
    about: 'the E3372s (V7R2): `15cf`, PCUI in front, a web server with a token for each POST',
    product: 'E3372',
    hardware: 'CL1E3372SM Ver.A',
    board: 'CL1E3372SM',
    versions: { stick: '21.200.07.00.00', hilink: '22.286.03.00.00' },
    hilink: 'token',
    cdrom: 'cdrom-e3372s',
    setport: 'A1,A2;12,10,16,A1,A2',
    codes: E3372_CODES,
    directId: 0x15b6,
    quirks: [],
  },
  E3372h: {
    about:
      'the E3372h (V7R11): `AT+CCID` hangs it, USSD as plain text only, a web server with `SesTokInfo` and a login',
    product: 'E3372',
    hardware: 'CL2E3372HM Ver.A',
    board: 'CL2E3372HM',
    versions: { stick: '21.180.01.00.00', hilink: '22.333.01.00.00' },
    hilink: 'sestok',
    cdrom: 'cdrom-e3372h',
    setport: 'A1,A2;12,1,16,A1,A2',
    codes: E3372_CODES,
    directId: 0x15b6,
    quirks: ['ccid-hangs', 'curc-no-mask', 'creg-no-act', 'mode-umts', 'ussd-plain-only'],
  },
  'E3372h-320': {
    about: 'the newer E3372h-320 (firmware 10.x): a web server with a login by challenge',
    product: 'E3372h-320',
    hardware: 'CL4E3372HM',
    board: 'CL4E3372HM',
    versions: { stick: '10.0.5.1(H195SP3C983)', hilink: '10.0.3.1(H192SP1C983)' },
    hilink: 'scram',
    cdrom: 'cdrom-e3372h',
    setport: 'A1,A2;12,1,16,A1,A2',
    codes: E3372_CODES,
    directId: 0x15b6,
    quirks: ['ccid-hangs', 'clac-error', 'quiet-refused', 'creg-no-act', 'ussd-plain-only'],
  },
} as const satisfies Record<string, Model>;

export type ModelName = keyof typeof MODELS;

export const MODEL_NAMES = Object.keys(MODELS) as ModelName[];

/** What a stick is: the E3272 where nothing is said. */
export const modelNamed = (name: ModelName = 'E3272'): Model => MODELS[name];
