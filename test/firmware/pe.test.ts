import assert from 'node:assert/strict';
import { spanAround } from '../../src/firmware/pe';
import { noise } from '../../src/virtual/make-noise';
import { strictSource } from './help';
import { makeProgram, type ProgramOptions } from './program';

// Where makeProgram puts things.
const PE = 0x80;
const SECTIONS = PE + 6;
const OPTIONAL_LENGTH = PE + 20;
const OPTIONAL = PE + 24;
const DIRECTORIES = OPTIONAL + 96;
const ROWS = DIRECTORIES + 16 * 8;
const RESOURCE_DIRECTORY = DIRECTORIES + 2 * 8;
const CERTIFICATES = DIRECTORIES + 4 * 8;

const FIRST = noise(1000, 1);
const SECOND = noise(2000, 2);

function program(options: ProgramOptions = {}) {
  return makeProgram({ resources: [FIRST, SECOND], appended: noise(5000, 3), ...options });
}

/** A copy with 16 (`w`) or 32 bits changed. */
function changed(file: Buffer, ...changes: [at: number, value: number, w?: 'w'][]): Buffer {
  const copy = Buffer.from(file);
  for (const [at, value, w] of changes) {
    if (w) copy.writeUInt16LE(value, at);
    else copy.writeUInt32LE(value, at);
  }
  return copy;
}

const span = async (file: Buffer, offset: number) => {
  const found = await spanAround(strictSource(file), offset);
  return found && [found.start, found.end];
};

describe('firmware/pe', () => {
  for (const wide of [false, true]) {
    it(`finds a resource by each of its bytes, and by no other (${wide ? 64 : 32} bits)`, async () => {
      const { file, resources } = program({ wide });
      const [first, second] = resources as [number, number];
      for (const [start, length] of [
        [first, FIRST.length],
        [second, SECOND.length],
      ] as const) {
        for (const at of [0, 1, length - 1]) assert.deepEqual(await span(file, start + at), [start, start + length]);
        assert.notDeepEqual(await span(file, start + length), [start, start + length]);
        assert.notDeepEqual(await span(file, start - 1), [start, start + length]);
      }
    });

    it(`finds what is appended, up to the certificates (${wide ? 64 : 32} bits)`, async () => {
      for (const certificates of [0, 800]) {
        const { file, appended } = program({ wide, certificates });
        const end = file.length - certificates;
        for (const at of [appended, appended + 1, end - 1]) assert.deepEqual(await span(file, at), [appended, end]);
        assert.equal(await span(file, appended - 1), undefined);
      }
    });
  }

  it('names nothing in headers, code, tables and filler', async () => {
    const { file, resources } = program();
    const [first] = resources as [number, number];
    for (const at of [0, 0x200, 0x3ff, 0x400, 0x401, first - 100])
      assert.equal(await span(file, at), undefined, `${at}`);
  });

  it('takes certificates that lie elsewhere for none', async () => {
    const { file, appended } = program();
    for (const [at, end] of [
      [appended - 100, file.length],
      [appended, file.length],
      [appended + 1, appended + 1],
      [file.length + 100, file.length],
    ] as const) {
      assert.deepEqual(await span(changed(file, [CERTIFICATES, at]), appended), [appended, end], `${at}`);
    }
  });

  it('is no such program without the marks and lengths of one', async () => {
    const { file, appended, resources } = program();
    const broken: Record<string, Buffer> = {
      'another signature': changed(file, [PE, 0x4551]),
      'headers behind the end': changed(file, [0x3c, file.length - 10]),
      'headers far behind the end': changed(file, [0x3c, 0xffffffff]),
      'another kind of program': changed(file, [OPTIONAL, 0x107, 'w']),
      'no optional header': changed(file, [OPTIONAL_LENGTH, 0, 'w']),
      'one byte of it': changed(file, [OPTIONAL_LENGTH, 1, 'w']),
      'an optional header up to behind the end': changed(file, [OPTIONAL_LENGTH, 0xffff, 'w']),
      'no section': changed(file, [SECTIONS, 0, 'w']),
      'more sections than there can be': changed(file, [SECTIONS, 97, 'w']),
      'sections of no bytes': changed(file, [ROWS + 16, 0], [ROWS + 56, 0]),
      'a section up to behind the end': changed(file, [ROWS + 56, file.length]),
    };
    for (const [name, bytes] of Object.entries(broken)) assert.equal(await span(bytes, appended), undefined, name);
    for (const length of [0, 0x3f, 0x40, PE + 10, OPTIONAL + 1, ROWS + 79]) {
      assert.equal(await span(file.subarray(0, length), 10), undefined, `${length} bytes`);
    }
    // As many as there can be, most of them empty; and one that ends where the file ends.
    const many = Buffer.concat([file.subarray(0, ROWS), Buffer.alloc(96 * 40), file.subarray(ROWS)]);
    file.copy(many, ROWS, ROWS, ROWS + 80);
    assert.deepEqual((await span(changed(many, [SECTIONS, 96, 'w']), many.length - 1))?.[1], many.length);
    const [first] = resources as [number, number];
    const whole = changed(file, [ROWS + 56, file.length - file.readUInt32LE(ROWS + 60)]);
    assert.deepEqual(await span(whole, first), [first, first + FIRST.length]);
    assert.equal(await span(whole, appended), undefined);
  });

  it('has no resources and no certificates where its table of directories is too short for them', async () => {
    const { file, resources, appended } = program({ certificates: 800 });
    const [first] = resources as [number, number];
    const inside = [first, first + FIRST.length];
    const count = OPTIONAL + 92;
    for (const [n, resource, certificates] of [
      [2, undefined, false],
      [3, inside, false],
      [4, inside, false],
      [5, inside, true],
    ] as const) {
      const few = changed(file, [count, n]);
      assert.deepEqual(await span(few, first), resource, `${n} directories`);
      assert.equal((await span(few, appended))?.[1] === file.length - 800, certificates, `${n} directories`);
      // The same by the length of the header, whatever it says; the sections follow it.
      const length = 96 + 8 * n;
      const rows = file.subarray(ROWS, ROWS + 80);
      const short = changed(file, [OPTIONAL_LENGTH, length, 'w']);
      rows.copy(short, OPTIONAL + length);
      const found = await span(short, first);
      assert.deepEqual(found, resource, `${length} bytes`);
    }
    assert.equal(await span(changed(file, [RESOURCE_DIRECTORY, 0]), first), undefined);
    assert.equal(await span(changed(file, [RESOURCE_DIRECTORY, 0x0fffff]), first), undefined);
    assert.equal(await span(changed(file, [RESOURCE_DIRECTORY, 0x7fffffff]), first), undefined);
  });

  it('leaves out resources whose tables lead nowhere, and finds the others', async () => {
    const { file, resources } = program();
    const [first, second] = resources as [number, number];
    // The directory of types, those of the first resource, its entry.
    const root = 0x400 + 3072;
    const name = root + 16 + 2 * 8;
    const language = name + 24;
    const entry = language + 24;
    assert.equal(file.readUInt32LE(entry + 4), FIRST.length);
    const wrong: Record<string, Buffer> = {
      'a directory behind the end': changed(file, [root + 16 + 4, 0xfffffff0]),
      'a directory whose entries end behind the end': changed(file, [
        root + 16 + 4,
        0x80000000 + file.length - root - 16,
      ]),
      'more entries than anybody looks at': changed(file, [name + 14, 5000, 'w']),
      'itself as its directory': changed(file, [name + 20, 0x80000000 + 16 + 2 * 8]),
      'a fourth level': changed(file, [language + 20, 0x80000000 + 16 + 2 * 8]),
      'an entry behind the end': changed(file, [language + 20, 0x7ffffff0]),
      'bytes outside of every section': changed(file, [entry, 0x7ffffff0]),
      'bytes in front of every section': changed(file, [entry, 0x10]),
      'no bytes': changed(file, [entry + 4, 0]),
    };
    for (const [what, bytes] of Object.entries(wrong)) {
      assert.equal(await span(bytes, first), undefined, what);
      assert.deepEqual(await span(bytes, second), [second, second + SECOND.length], what);
    }
    // Directories with names are read like those with numbers.
    const named = changed(file, [root + 12, 1, 'w'], [root + 14, 1, 'w']);
    assert.deepEqual(await span(named, second), [second, second + SECOND.length]);
    const none = changed(file, [root + 14, 0, 'w']);
    assert.equal(await span(none, first), undefined);
  });

  it('looks at no more than some thousand entries, however they are nested', async () => {
    // Each of 60 types leads to the same directory of 60 names, each of these to the same of 60 languages: 216,000 entries.
    const { file, resources } = program({ resources: [noise(20_000, 4)] });
    const [first] = resources as [number];
    const root = 0x400 + 3072;
    const nested = Buffer.from(file);
    for (let level = 0; level < 3; level++) {
      const at = root + level * (16 + 60 * 8);
      nested.fill(0, at, at + 16).writeUInt16LE(60, at + 14);
      for (let i = 0; i < 60; i++) {
        const below = level < 2 ? 0x80000000 + (level + 1) * (16 + 60 * 8) : 0x7ffffff0;
        nested.writeUInt32LE(below, at + 16 + 8 * i + 4);
      }
    }
    let reads = 0;
    const source = strictSource(nested);
    const counting = {
      ...source,
      read: (offset: number, length: number) => {
        reads++;
        return source.read(offset, length);
      },
    };
    assert.equal(await spanAround(counting, first + 19_000), undefined);
    assert.ok(reads < 1000, `${reads} reads`);
  });
});
