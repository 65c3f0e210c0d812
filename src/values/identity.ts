/** What the stick says of itself. */

import { always, group, list, map, sourced, type TypeOf, text } from './shape';
import { ICCID, IMSI } from './sim';

const MANUFACTURER = text('Manufacturer');
const MODEL = text('Model');
const REVISION = text('Firmware', '`21.436.11.00.372`; may hold brackets');

export const IMEI = sourced('3GPP TS 23.003, 6.2', text('IMEI', 'number of the stick: 15 digits'));
export const MANUFACTURER_TEXT = sourced('3GPP TS 27.007, 5.1', MANUFACTURER);
export const MODEL_TEXT = sourced('3GPP TS 27.007, 5.2', MODEL);
export const REVISION_TEXT = sourced('3GPP TS 27.007, 5.3', REVISION);
export const HARDWARE = sourced('recorded answers', text('Hardware'));

export const IDENTITY = sourced(
  'ITU-T V.250, 6.1.3; recorded answers',
  group('Identity', {
    manufacturer: MANUFACTURER,
    model: MODEL,
    revision: REVISION,
    imei: IMEI,
    gcap: list('Capabilities', text('Capability'), '`+CGSM`, `+DS` ...'),
  }),
);
export type Identity = TypeOf<typeof IDENTITY>;

export const FIRMWARE_VERSION = sourced(
  "Huawei's AT sources",
  group('Firmware version', {
    product: always(text('Product')),
    software: always(text('Firmware')),
    hardware: always(HARDWARE),
  }),
);
export type FirmwareVersion = TypeOf<typeof FIRMWARE_VERSION>;

export const VERSIONS = sourced(
  "Huawei's AT sources; recorded answers",
  group('Versions', {
    product: text('Product'),
    software: text('Firmware'),
    dashboard: text('Dashboard', 'its back end'),
    hardware: HARDWARE,
    built: text('Built', "when the firmware was built, in the stick's words"),
    all: always(map('All', 'every line by its name: `BDT`, `EXTS`, `INTS`, `CFG` ...')),
  }),
);
export type Versions = TypeOf<typeof VERSIONS>;

/** The stick as a gateway wants to know it; the last three only where they are asked for. */
export const STICK = sourced(
  'ITU-T V.250, 6.1.3; recorded answers',
  group('Stick', {
    manufacturer: MANUFACTURER,
    model: MODEL,
    revision: REVISION,
    hardware: HARDWARE,
    imei: IMEI,
    imsi: IMSI,
    iccid: ICCID,
  }),
);
export type IdentityStatus = TypeOf<typeof STICK>;
