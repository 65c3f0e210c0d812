/** What is known of a firmware file without its images: what is in it, and whether a stick may get it. */

import type { DriverError } from '../errors';
import type { Compression } from './compression';
import type { Signature } from './signature';

export interface FirmwareImage {
  /** Position in the file, from 0. */
  index: number;
  code: number;
  /** Name of the code, `VxWorks_R1`. */
  partition: string;
  headerOffset: number;
  /** Header and checksum block in bytes; 0 in a folder of images, where there is neither. */
  headerSize: number;
  headerVersion: number;
  /** File offset of the image. */
  offset: number;
  /** Bytes in the file. */
  storedSize: number;
  /** Bytes as sent; undefined for a compressed image that does not say: the check finds out. */
  size: number | undefined;
  compression: Compression;
  /** In which way it is compressed that nobody here undoes, "gzip": it is not sent, but for web pages. */
  packed?: string;
  /** Bytes per checksum. */
  blockSize: number;
  /** What the check has kept of the bytes in the file (digests.ts): later readings are held against it. */
  digests?: Uint32Array;
  /**
   * Bytes as sent that the partition takes; the whole NAND where the code is for none. By the known table until
   * the check has seen whether an image before it brings another one.
   */
  room: number;
  /** Compatibility code (hardware id). */
  unlock: string;
  date: string;
  time: string;
  platform: string;
  version: string;
  /** Ends in a signature, which the loader does not know. */
  signed: boolean;
  /** What that signature says, where its fields make sense. */
  signature?: Signature;
  /** Its file in a folder of images. */
  file?: string;
}

export interface Firmware {
  /** Path, or `buffer`. */
  name: string;
  /** Bytes of the file. */
  size: number;
  form: 'bin' | 'exe' | 'folder';
  /** File offset of the first header; 0 in a folder of images. */
  chainOffset: number;
  /** Bits 0 to 2: what the file says it holds (1 firmware, 2 ISO, 4 web UI, added up); bit 3: signed. */
  dloadId: number;
  signed: boolean;
  /** Version text of the VxWorks image, or else of the first image that has one; may be empty. */
  version: string;
  images: FirmwareImage[];
  /** Bytes behind the chain: of the Windows program, or filler. */
  trailing: number;
  /** Whether these are all images that the file should hold, where that cannot be told: a sentence, also in `warnings`. */
  doubt?: string;
  /** Made up by this package's own tools: for virtual sticks only. */
  synthetic: boolean;
  /** Why no stick must get the file, each with its code. Empty = may be checked and written. */
  problems: DriverError[];
  /** What could not be told, in sentences. */
  warnings: string[];
}
