/**
 * What the stick has in its flash and what it makes of it at power-on. Made-up images may carry a marker, anywhere in the
 * first 64 KiB of the VxWorks image:
 *
 * - `VIRTUAL-VERSION:<version>;` is the version that the firmware reports; without it, 21.000.00.00.00.
 * - `E3272-VIRTUAL-HILINK` makes it HiLink firmware; without it, it is stick firmware.
 */

export type FirmwareKind = 'hilink' | 'stick';

export interface Firmware {
  kind: FirmwareKind;
  version: string;
}

/** VxWorks has two codes on the wire and one partition. */
const VXWORKS = [0x103, 0x550103];
const BOOTLOAD = 0x101;
const MARKER_SPAN = 0x10000;

/** Versions that owners report: the older stick build that takes everything, and a newer HiLink build. */
export const FACTORY: Readonly<Record<FirmwareKind, Firmware>> = {
  stick: { kind: 'stick', version: '21.420.07.00.00' },
  hilink: { kind: 'hilink', version: '22.470.07.00.00' },
};

export class Flash {
  /** Bytes in the NAND, by image code on the wire. */
  readonly images = new Map<number, Uint8Array>();
  #firmware: Firmware | undefined;
  #bootload = true;

  /** `firmware`: what it comes with; undefined for an empty NAND. */
  constructor(firmware: Firmware | undefined) {
    this.#firmware = firmware;
  }

  /** Undefined: there is none, or it or what starts it is incomplete; such a stick falls back into its boot ROM. */
  get firmware(): Firmware | undefined {
    return this.#bootload ? this.#firmware : undefined;
  }

  /**
   * `start`: byte of the NAND where the image begins, if it is a partition's. True if it has destroyed what stands in
   * block 0 and starts the firmware.
   */
  write(code: number, bytes: Uint8Array, size: number, start?: number): boolean {
    const before = this.#bootload;
    if (start === 0) this.#bootload = code === BOOTLOAD && bytes.length === size;
    if (VXWORKS.includes(code)) {
      for (const other of VXWORKS) this.images.delete(other);
      this.#firmware = bytes.length === size ? describe(bytes) : undefined;
    }
    this.images.set(code, bytes);
    return before && !this.#bootload;
  }

  erase(): void {
    this.images.clear();
    this.#firmware = undefined;
  }
}

function describe(vxworks: Uint8Array): Firmware {
  const text = Buffer.from(vxworks.buffer, vxworks.byteOffset, Math.min(vxworks.length, MARKER_SPAN)).toString(
    'latin1',
  );
  const [, version = '21.000.00.00.00'] = /VIRTUAL-VERSION:([0-9A-Za-z.]{1,30});/.exec(text) ?? [];
  return { kind: text.includes('E3272-VIRTUAL-HILINK') ? 'hilink' : 'stick', version };
}
