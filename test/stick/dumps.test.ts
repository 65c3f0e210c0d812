import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSerial, modeEntry, modeOf, roleOf } from '../../src/stick/modes';

interface Dump {
  id: string;
  kind: string;
  raw: [string, string][];
  expect: {
    pid: string;
    state?: string;
    ttys?: Record<string, string> | null;
    sequence?: string[];
    serial_ports?: number;
  };
}

// Compiled tests run from build/: the data stay beside the sources.
const FILE = join(process.cwd(), 'test/data/transcripts.jsonl');

const dumps = readFileSync(FILE, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Dump)
  .filter((dump) => dump.kind === 'lsusb' || dump.kind === 'dmesg');

const STATES: Record<string, string> = { cdrom: 'storage', stick: 'tty', hilink: 'hilink', 'upgrade/factory': 'tty' };

/** Product ids in the text, in the order of their appearance; hubs and other vendors left out. */
function productIds(text: string): number[] {
  const found = text.matchAll(
    /12d1:([0-9a-f]{4})|Vendor=12d1 ProdID=([0-9a-f]{4})|idVendor=12d1, idProduct=([0-9a-f]{4})/gi,
  );
  return [...new Set([...found].map((m) => Number.parseInt(m[1] ?? m[2] ?? m[3] ?? '', 16)))];
}

/** The interfaces of a `usb-devices` listing. */
function interfaces(text: string) {
  const found = text.matchAll(
    /If#= *(\d+) .*?Cls=([0-9a-f]{2})\S* Sub=([0-9a-f]{2}) Prot=([0-9a-f]{2}) Driver=(\S+)/gi,
  );
  return [...found].map((m) => ({
    number: Number(m[1]),
    class: Number.parseInt(m[2] ?? '', 16),
    subclass: Number.parseInt(m[3] ?? '', 16),
    protocol: Number.parseInt(m[4] ?? '', 16),
  }));
}

describe('recorded USB dumps through the modes table', () => {
  it('are there', () => assert.ok(dumps.length >= 10));

  for (const dump of dumps) {
    const { expect } = dump;
    const text = dump.raw.map(([, t]) => t).join('\n');
    const seen = productIds(text);

    if (expect.sequence) {
      it(`${dump.id}: ${expect.sequence.join(' -> ')}`, () => {
        const pids = expect.sequence?.filter((s) => s !== 'gone').map((s) => Number.parseInt(s, 16));
        assert.deepEqual(seen, pids);
        assert.deepEqual(
          seen.map((pid) => modeOf(pid, [])),
          ['storage', 'tty'],
        );
        assert.ok(modeEntry(seen[0] ?? 0)?.switchesTo?.includes(seen[1] ?? 0));
      });
      continue;
    }

    it(`${dump.id}: ${expect.pid} is ${expect.state ?? 'tty'}`, () => {
      const pid = Number.parseInt(expect.pid, 16);
      assert.ok(seen.includes(pid), `product ids in the dump: ${seen.map((n) => n.toString(16))}`);
      const wanted = STATES[expect.state ?? 'stick'];
      const found = interfaces(text);
      assert.equal(modeOf(pid, found), wanted);
      // The interfaces alone lead to the same answer, should the product id be one that nobody has listed; but for a
      // CD-ROM, which would be switched.
      const unlisted = wanted === 'storage' ? 'unknown' : wanted;
      if (found.length > 0) assert.equal(modeOf(0xfffe, found), unlisted);
      if (expect.state === 'upgrade/factory') assert.equal(modeEntry(pid)?.ambiguous, true);
    });
  }

  it('MS2372h: four vendor interfaces, three of them with the option driver, are a stick whatever its product id', () => {
    const ports = [1, 2, 0].map((number) => ({
      number,
      class: 0xff,
      subclass: 0xff,
      protocol: 0xff,
      driver: 'option',
    }));
    assert.equal(modeOf(0xfffe, [...ports, { class: 0xff, subclass: 0xff, protocol: 0xff }]), 'tty');
  });

  it('an E3372 in 1506 with NCM has its ttys on interfaces 0, 2 and 3, and the network has none', () => {
    const triples: [number, number][] = [
      [0, 0x01],
      [1, 0x16],
      [2, 0x03],
      [3, 0x02],
    ];
    const serial = triples.filter(([, protocol]) => isSerial({ class: 0xff, subclass: 3, protocol }));
    assert.deepEqual(
      serial.map(([number, protocol], order) => [
        number,
        roleOf(0x1506, { class: 0xff, subclass: 3, protocol }, order),
      ]),
      [
        [0, 'modem'],
        [2, 'diag'],
        [3, 'pcui'],
      ],
    );
  });
});
