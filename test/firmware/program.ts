/** Windows programs for the tests: headers, a section of code, a section of resources, and what is appended. */

import { noise } from '../../src/virtual/make-noise';

export interface ProgramOptions {
  /** Resources in the order in which they lie in the file; each of a type of its own. */
  resources?: readonly Uint8Array[];
  /** Behind the last section. */
  appended?: Uint8Array;
  /** Bytes of a certificate table at the end. */
  certificates?: number;
  /** Bytes of code; default 3000. */
  code?: Uint8Array;
  /** For 64 bits. */
  wide?: boolean;
}

const ALIGNMENT = 512;
const CODE_ADDRESS = 0x1000;
const RESOURCE_ADDRESS = 0x100000;

const filled = (data: Uint8Array, unit: number): Buffer =>
  Buffer.concat([data, Buffer.alloc(-data.length & (unit - 1))]);

export interface Program {
  file: Buffer;
  /** File offset of each resource. */
  resources: number[];
  /** File offset of what is appended. */
  appended: number;
}

export function makeProgram(options: ProgramOptions = {}): Program {
  const { resources = [], appended = Buffer.alloc(0), certificates = 0, wide = false } = options;
  const code = filled(options.code ?? noise(3000, 11), ALIGNMENT);
  const codeAt = 2 * ALIGNMENT;
  const section = resourceSection(resources);
  const sectionAt = codeAt + code.length;
  const end = sectionAt + section.data.length;
  const body = certificates > 0 ? filled(appended, 8) : Buffer.from(appended);
  const header = Buffer.alloc(codeAt);
  header.write('MZ', 0, 'latin1');
  header.writeUInt32LE(0x80, 0x3c);
  header.write('PE\0\0', 0x80, 'latin1');
  header.writeUInt16LE(wide ? 0x8664 : 0x14c, 0x84);
  header.writeUInt16LE(2, 0x86);
  const directories = wide ? 112 : 96;
  const optional = 0x98;
  header.writeUInt16LE(directories + 16 * 8, 0x94);
  header.writeUInt16LE(wide ? 0x20b : 0x10b, optional);
  header.writeUInt32LE(16, optional + directories - 4);
  const directory = (n: number, at: number, size: number) => {
    header.writeUInt32LE(at, optional + directories + 8 * n);
    header.writeUInt32LE(size, optional + directories + 8 * n + 4);
  };
  directory(2, RESOURCE_ADDRESS, section.data.length);
  if (certificates > 0) directory(4, end + body.length, certificates);
  const table = optional + directories + 16 * 8;
  const sections: [string, Buffer, number, number][] = [
    ['.text', code, codeAt, CODE_ADDRESS],
    ['.rsrc', section.data, sectionAt, RESOURCE_ADDRESS],
  ];
  sections.forEach(([name, data, at, address], i) => {
    const row = table + 40 * i;
    header.write(name, row, 8, 'latin1');
    header.writeUInt32LE(data.length, row + 8);
    header.writeUInt32LE(address, row + 12);
    header.writeUInt32LE(data.length, row + 16);
    header.writeUInt32LE(at, row + 20);
  });
  return {
    file: Buffer.concat([header, code, section.data, body, noise(certificates, 13)]),
    resources: section.offsets.map((offset) => sectionAt + offset),
    appended: end,
  };
}

/** Directories for type, name and language, entries, and then the data. */
function resourceSection(resources: readonly Uint8Array[]): { data: Buffer; offsets: number[] } {
  const count = resources.length;
  const perResource = 24 + 24 + 16;
  const tables = Buffer.alloc(16 + 8 * count + perResource * count);
  tables.writeUInt16LE(count, 14);
  const offsets: number[] = [];
  const parts: Buffer[] = [];
  let at = (tables.length + 7) & ~7;
  resources.forEach((resource, i) => {
    const name = 16 + 8 * count + perResource * i;
    const language = name + 24;
    const entry = language + 24;
    tables.writeUInt32LE(i + 10, 16 + 8 * i);
    tables.writeUInt32LE(name + 0x80000000, 16 + 8 * i + 4);
    for (const [place, below] of [
      [name, language + 0x80000000],
      [language, entry],
    ] as const) {
      tables.writeUInt16LE(1, place + 14);
      tables.writeUInt32LE(1033, place + 16);
      tables.writeUInt32LE(below, place + 20);
    }
    tables.writeUInt32LE(RESOURCE_ADDRESS + at, entry);
    tables.writeUInt32LE(resource.length, entry + 4);
    offsets.push(at);
    parts.push(filled(resource, 8));
    at += parts[i]?.length ?? 0;
  });
  return { data: filled(Buffer.concat([filled(tables, 8), ...parts]), ALIGNMENT), offsets };
}
