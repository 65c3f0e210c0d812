/** The form of a Windows program (PE), as far as it tells where a part of it begins and ends. Little-endian. */

import type { ByteSource } from './byte-source';

/** File offsets; `end` is behind the last byte. */
export interface Span {
  start: number;
  end: number;
}

const PE_OFFSET = 0x3c;
const SIGNATURE = Buffer.from('PE\0\0', 'latin1');
const COFF_LENGTH = 24;
/** Where the table of directories begins in the optional header, for programs of 32 and of 64 bits. */
const DIRECTORIES = new Map([
  [0x10b, 96],
  [0x20b, 112],
]);
const RESOURCES = 2;
const CERTIFICATES = 4;
const SECTION_LENGTH = 40;
const MAX_SECTIONS = 96;
const RESOURCE_DIRECTORY_LENGTH = 16;
/** Type, name, language. */
const RESOURCE_DEPTH = 3;
const MAX_RESOURCES = 4096;

interface Section extends Span {
  /** Address in memory. */
  address: number;
}

interface Program {
  sections: Section[];
  /** Address in memory; 0 = none. */
  resources: number;
  /** File offset; 0 = none. */
  certificates: number;
}

/**
 * What the program itself names as one thing, around the byte at `offset`: a resource, or all that is appended to the
 * program, up to its certificates. Undefined where it names nothing (in the middle of code or data), or is no such program.
 */
export async function spanAround(source: ByteSource, offset: number): Promise<Span | undefined> {
  const program = await readProgram(source);
  if (!program) return undefined;
  const { sections, certificates } = program;
  const section = sections.find(({ start, end }) => offset >= start && offset < end);
  if (section) return findResource(source, program, offset);
  const appended = Math.max(...sections.map(({ end }) => end));
  if (offset < appended) return undefined;
  return { start: appended, end: certificates > offset ? Math.min(certificates, source.size) : source.size };
}

async function readProgram(source: ByteSource): Promise<Program | undefined> {
  const first = await read(source, 0, PE_OFFSET + 4);
  const at = first?.readUInt32LE(PE_OFFSET) ?? 0;
  const coff = await read(source, at, COFF_LENGTH);
  if (!coff?.subarray(0, 4).equals(SIGNATURE)) return undefined;
  const count = coff.readUInt16LE(6);
  const optionalLength = coff.readUInt16LE(20);
  const optional = await read(source, at + COFF_LENGTH, optionalLength);
  const table = await read(source, at + COFF_LENGTH + optionalLength, count * SECTION_LENGTH);
  if (!optional || !table || optionalLength < 2 || count > MAX_SECTIONS) return undefined;
  const directories = DIRECTORIES.get(optional.readUInt16LE(0));
  if (directories === undefined) return undefined;
  const directory = (n: number) =>
    directories + 8 * n + 4 <= optionalLength && n < optional.readUInt32LE(directories - 4)
      ? optional.readUInt32LE(directories + 8 * n)
      : 0;
  const sections: Section[] = [];
  for (let i = 0; i < table.length; i += SECTION_LENGTH) {
    const size = table.readUInt32LE(i + 16);
    const start = table.readUInt32LE(i + 20);
    if (size > 0) sections.push({ start, end: start + size, address: table.readUInt32LE(i + 12) });
  }
  if (sections.length === 0 || sections.some(({ end }) => end > source.size)) return undefined;
  return { sections, resources: directory(RESOURCES), certificates: directory(CERTIFICATES) };
}

/** The resource whose bytes hold the one at `offset`. */
async function findResource(source: ByteSource, program: Program, offset: number): Promise<Span | undefined> {
  const { sections, resources } = program;
  const placeOf = (address: number): number | undefined => {
    const section = sections.find((s) => address >= s.address && address < s.address + s.end - s.start);
    return section && section.start + address - section.address;
  };
  const root = resources === 0 ? undefined : placeOf(resources);
  if (root === undefined) return undefined;
  let left = MAX_RESOURCES;
  const search = async (directory: number, depth: number): Promise<Span | undefined> => {
    const head = await read(source, root + directory, RESOURCE_DIRECTORY_LENGTH);
    const count = head ? head.readUInt16LE(12) + head.readUInt16LE(14) : 0;
    if (count > left) return undefined;
    const entries = await read(source, root + directory + RESOURCE_DIRECTORY_LENGTH, 8 * count);
    for (let i = 4; entries && i < entries.length && left-- > 0; i += 8) {
      const entry = entries.readUInt32LE(i);
      const below = entry & 0x7fffffff;
      const found = entry === below ? await leaf(below) : depth > 1 ? await search(below, depth - 1) : undefined;
      if (found && offset >= found.start && offset < found.end) return found;
    }
    return undefined;
  };
  const leaf = async (entry: number): Promise<Span | undefined> => {
    const data = await read(source, root + entry, 8);
    const start = data && placeOf(data.readUInt32LE(0));
    return data && start !== undefined ? { start, end: start + data.readUInt32LE(4) } : undefined;
  };
  return search(0, RESOURCE_DEPTH);
}

/** Undefined where the file has no such bytes. */
async function read(source: ByteSource, at: number, length: number): Promise<Buffer | undefined> {
  return at + length <= source.size ? source.read(at, length) : undefined;
}
