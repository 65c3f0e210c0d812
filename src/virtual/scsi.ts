/**
 * The SCSI side of the stick's storage interface: a CD-ROM that holds a tiny blank medium, and an empty SD reader. Just what
 * a kernel asks when it binds to them.
 */

export type Unit = 'cdrom' | 'sd';

/** Sense key, additional sense code, qualifier. */
export type Sense = readonly [key: number, code: number, qualifier: number];

const NO_SENSE: Sense = [0, 0, 0];
const NO_MEDIUM: Sense = [2, 0x3a, 0];
const INVALID_COMMAND: Sense = [5, 0x20, 0];
const OUT_OF_RANGE: Sense = [5, 0x21, 0];

const CD_BLOCK = 2048;
const CD_BLOCKS = 16;

export interface ScsiResult {
  data: Uint8Array;
  /** Absent = command passed. */
  sense?: Sense;
}

const NOTHING = new Uint8Array(0);

/** ANSI 2, removable; vendor "HUAWEI  ", revision "2.31": what Huawei's CD-ROM says of itself. */
function inquiry(unit: Unit, vendor: string): Uint8Array {
  const out = Buffer.alloc(36, 0x20);
  out.set([unit === 'cdrom' ? 5 : 0, 0x80, 2, 2, 31, 0, 0, 0]);
  out.write(vendor.slice(0, 8), 8, 'latin1');
  out.write(unit === 'cdrom' ? 'Mass Storage' : 'TF CARD Storage', 16, 'latin1');
  out.write('2.31', 32, 'latin1');
  return out;
}

function senseData([key, code, qualifier]: Sense): Uint8Array {
  const out = new Uint8Array(18);
  out[0] = 0x70;
  out[2] = key;
  out[7] = 10;
  out[12] = code;
  out[13] = qualifier;
  return out;
}

function capacity(): Uint8Array {
  const out = Buffer.alloc(8);
  out.writeUInt32BE(CD_BLOCKS - 1, 0);
  out.writeUInt32BE(CD_BLOCK, 4);
  return out;
}

function read10(cdb: Buffer): ScsiResult {
  const first = cdb.readUInt32BE(2);
  const count = cdb.readUInt16BE(7);
  if (first + count > CD_BLOCKS) return { data: NOTHING, sense: OUT_OF_RANGE };
  return { data: new Uint8Array(count * CD_BLOCK) };
}

/** One logical unit; it keeps the sense data of its last failure until they are asked for. */
export class LogicalUnit {
  readonly #unit: Unit;
  readonly #vendor: string;
  #sense: Sense = NO_SENSE;

  constructor(unit: Unit, vendor: string) {
    this.#unit = unit;
    this.#vendor = vendor;
  }

  execute(cdb: Uint8Array): ScsiResult {
    const result = this.#run(Buffer.from(cdb));
    if (cdb[0] !== 0x03) this.#sense = result.sense ?? NO_SENSE;
    return result;
  }

  #run(cdb: Buffer): ScsiResult {
    const empty = this.#unit === 'sd';
    switch (cdb[0]) {
      case 0x03: {
        const data = senseData(this.#sense);
        this.#sense = NO_SENSE;
        return { data };
      }
      case 0x12:
        return { data: inquiry(this.#unit, this.#vendor) };
      case 0x1b: // START STOP UNIT: an eject alone switches nothing
      case 0x1e: // PREVENT ALLOW MEDIUM REMOVAL
        return { data: NOTHING };
      case 0x00:
        return empty ? { data: NOTHING, sense: NO_MEDIUM } : { data: NOTHING };
      case 0x25:
        return empty ? { data: NOTHING, sense: NO_MEDIUM } : { data: capacity() };
      case 0x28:
        return empty ? { data: NOTHING, sense: NO_MEDIUM } : read10(cdb);
      default:
        return { data: NOTHING, sense: INVALID_COMMAND };
    }
  }
}
