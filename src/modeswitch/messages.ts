import { encodeCbw } from '../codec/cbw';

/**
 * `new` = HuaweiNewMode (-J), `alt` = HuaweiAltMode (-X, gateway type), `eject` = StandardEject (-K), `project` = that of a
 * Windows program for upgrades, which takes some HiLink sticks straight to an AT port (facts/usb.md 1.3, facts/hilink.md 5.1 e).
 */
export type SwitchMessage = 'new' | 'alt' | 'eject' | 'project';

export const SWITCH_MESSAGES: readonly SwitchMessage[] = ['new', 'alt', 'eject', 'project'];

/** Tags as usb_modeswitch sends them; the stick echoes the tag in its CSW. */
const TAG_HUAWEI = 0x78563412;
const TAG_ALLOW_REMOVAL = 0x21436587;
const TAG_LOAD_EJECT = 0x21436597;

/**
 * A Huawei vendor command (opcode 11, "rewind"): reserved 06, PC type, new-PID and support-CD flags, profile, green mode.
 * It carries CDB length 0: an invalid CBW by the book, but what the field sends; the stick copies all 16 bytes anyway.
 */
const rewind = (cdb: number[]): Uint8Array =>
  encodeCbw({ tag: TAG_HUAWEI, dataLength: 0, flags: 0, lun: 0, cbLength: 0, cdb: Uint8Array.from(padded(cdb)) });

const scsi = (tag: number, lun: number, cdb: number[]): Uint8Array =>
  encodeCbw({ tag, dataLength: 0, flags: 0, lun, cbLength: cdb.length, cdb: Uint8Array.from(padded(cdb)) });

function padded(cdb: number[]): number[] {
  return [...cdb, ...new Array<number>(16 - cdb.length).fill(0)];
}

/** ALLOW MEDIUM REMOVAL, then START STOP UNIT with LoEj, on both LUNs. */
const eject = [0, 1].flatMap((lun) => [
  scsi(TAG_ALLOW_REMOVAL, lun, [0x1e, 0, 0, 0, 0, 0]),
  scsi(TAG_LOAD_EJECT, lun, [0x1b, 0, 0, 0, 0x02, 0]),
]);

/** The CBWs of each message, 31 bytes each, to be sent in this order. */
export const SWITCH_CBWS: Readonly<Record<SwitchMessage, readonly Uint8Array[]>> = {
  new: [rewind([0x11, 0x06, 0x20, 0x00, 0x00, 0x01, 0x01, 0x00, 0x01])],
  alt: [rewind([0x11, 0x06, 0x30, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00])],
  eject,
  // PC type Windows, green mode 0: product mode of HiLink firmware.
  project: [rewind([0x11, 0x06, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00])],
};
