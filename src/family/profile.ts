/**
 * What one model is, as data: a file per model in this folder, listed in family.ts. The driver reads it there; the virtual
 * stick has its own, so that one mistake does not stand in both.
 */

import type { Dialect } from './dialect';
import type { ModeEntry } from './usb';

/** A model that is known by name, whether or not more is known of it. */
export interface Kin {
  /**
   * How it names itself to whoever asks (`ATI`, `^FHVER`, the loader, its USB descriptor), without what may follow:
   * `E3272` stands for `E3272s-153`. The first is what people call it. Where one begins with another the longer one counts.
   */
  names: readonly [string, ...string[]];
  /** Left out where nobody has told, and where its names leave it open. */
  chip?: KnownChip;
  /** Why it is not written, besides its chip; goes on behind "The E5573 has the chip V7R11;" or "The K5160". */
  remark?: string;
  /** Names of operators for it. They say nothing about the chip: operators give one name to different sticks. */
  sold?: readonly string[];
}

export interface Profile extends Kin {
  /** How it shows itself on the bus. */
  usb: readonly ModeEntry[];
  /** Values for AT^SETPORT that leave no CD-ROM: `serial` ports only, or the `network` card too. */
  setport?: { serial: string; network: string };
  /** How its AT differs from what is usual. */
  dialect?: Partial<Dialect>;
  /** Where it is, and a picture of that, line by line. Left out where nobody has shown it. */
  bootPin?: { place: string; drawing: readonly string[] };
  /** How its flash memory is divided and written. */
  flash?: Flash;
  /** What may be done with it, and the best that stands behind it: nothing was tried on a real stick by us. */
  proven: Readonly<Partial<Record<Use, Proof>>>;
}

export type Use = 'switch' | 'at' | 'hilink' | 'write';

/** Machine code that was read, a recorded session, several owners, or one. */
export type Proof = 'code' | 'recorded' | 'owners' | 'one owner';

/** Texts name it in three ways: another chip than the stick's is never overridden. */
export interface Chip extends KnownChip {
  name: string;
  product: string;
}

/** A chip of which no more than its generation may be known. */
export interface KnownChip {
  /** `V7R1` */
  generation: string;
  /** `Hi6920` */
  name?: string;
  /** Product texts of partition tables begin so: `H6920`. */
  product?: string;
}

/** All sizes in bytes. */
export interface Flash {
  /** Product text of its partition tables, and of no other product with its chip. */
  product: string;
  /** The loader files that are known for it. */
  loaders: readonly [KnownLoader, ...KnownLoader[]];
  /** Erase block, and the whole memory. */
  nand: { block: number; size: number };
  /** In its order. Images are measured by it, and a table that a loader or a firmware brings is held against it. */
  table: readonly KnownRow[];
  /** Types that no other table may move: what it starts from, and where NV lies (IMEI, serial number, calibration). */
  fixed: readonly number[];
  /** Type of the partition behind all others, the only one from which another table can take room. */
  spare: number;
  /** Codes of images that may be written; no other may. */
  images: readonly ImageCode[];
  /** Codes of images with IMEI, serial number and calibration: never written. */
  nv: readonly Pick<ImageCode, 'code' | 'name'>[];
  /** Codes from this one on that are not in `images` belong to other chips. */
  foreign: number;
  /** What its own updater takes in one file. */
  maxImages: number;
  /** Of an image in one data frame. */
  frame: number;
  /** The loader erases and writes when this much has come in. */
  buffer: number;
}

/** Where the loader puts an image: a partition of a type, or a file with a fixed limit. */
export interface ImageCode {
  code: number;
  /** Name in the tools that take a firmware apart. */
  name: string;
  /** Of the partition. */
  type?: number;
  /** The loader keeps this much of the partition for itself. */
  reserve?: number;
  /** Limit that does not hang on the table. */
  max?: number;
  /**
   * What the driver must know of the content: the modem's operating `system`, `pages` of HiLink, an `iso`, the partition
   * `table` alone, the `boot` ROM, whose table counts after a restart before the next image.
   */
  holds?: 'system' | 'pages' | 'iso' | 'table' | 'boot';
}

/** Where a partition lies. */
export interface PartitionPlace {
  name: string;
  /** Bytes from the start of the NAND, whole blocks. */
  start: number;
  /** Bytes, whole blocks; 0 = no such partition on this stick. */
  length: number;
  /** What image codes refer to (0x103 = VxWorks). */
  type: number;
  /** Bit 0: holds a file system. */
  flags: number;
}

/** A row that is known; its flags are one of these. */
export interface KnownRow extends Omit<PartitionPlace, 'flags'> {
  flags: readonly number[];
}

/** A loader file that is known: sizes and hashes, and no byte of it but the words that are replaced. */
export interface KnownLoader {
  /** The name under which it is published. */
  name: string;
  /** Bytes of the file. */
  size: number;
  /** Modes 1 and 2. */
  components: readonly [KnownComponent, KnownComponent];
  words: readonly KnownWord[];
  /** Of each 4096 bytes of the published file, the first 16 hex digits of its sha256. */
  blocks: readonly string[];
}

export interface KnownComponent {
  /** Load address. */
  address: number;
  /** Offset in the published file, and bytes. */
  offset: number;
  size: number;
  /** Of the component as it is sent: in component 2 with all words as `sent`. */
  sha256: string;
}

/** A word of component 2 that tools replace, as hex in the file's order. */
export interface KnownWord {
  /** The call of the erase function, or the block count in it. */
  place: 'call' | 'count';
  /** From the start of component 2. */
  offset: number;
  /** As the vendor built it. */
  unpatched: string;
  /** As it is sent, whatever the file holds. */
  sent: string;
  /** What stands in the published file. */
  published: 'unpatched' | 'sent';
}
