import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { unprovenPage } from '../../scripts/unproven-page';
import type { UsbDevice } from '../../src/host/host';
import type { TraceRecord } from '../../src/record/format';
import { POINTS } from '../../src/unproven/points';
import { Settled } from '../../src/unproven/settled';

const at = (command: string, answer: string, t = 0, took = 5): TraceRecord => ({
  kind: 'at',
  raw: [
    ['host', `${command}\r`, { t }],
    ['stick', `\r\n${answer.replaceAll('\n', '\r\n')}\r\n`, { t: t + took }],
  ],
});
const web = (path: string, body: string, t = 0): TraceRecord => ({
  t,
  request: { method: 'GET', path: `/api/${path}` },
  response: { status: 200, headers: {}, body: `<response>${body}</response>` },
});
/** As firmware says that it does not know a path. */
const missing = (method: string, path: string): TraceRecord => ({
  request: { method, path: `/api/${path}` },
  response: { status: 200, headers: {}, body: '<error>\n<code>100002</code>\n</error>' },
});
const one = (usbClass: number, subclass: number, protocol: number, number = 0) => ({
  number,
  class: usbClass,
  subclass,
  protocol,
  endpoints: [],
});
const bus = (t: number, ...devices: [productId: number, ...interfaces: ReturnType<typeof one>[]][]): TraceRecord => ({
  kind: 'bus',
  t,
  devices: devices.map(
    ([productId, ...interfaces]): UsbDevice => ({
      portPath: '1-1',
      bus: 1,
      address: 1,
      vendorId: 0x12d1,
      productId,
      bcdDevice: 0,
      deviceClass: 0,
      configurations: 1,
      interfaces,
    }),
  ),
});
const E3272 = at('AT+CGMM', 'E3272\n\nOK');
const HILINK = web('device/information', '<DeviceName>E3272</DeviceName><SoftwareVersion>22.470.07</SoftwareVersion>');
const PORTS =
  '1: 3G MODEM\n2: 3G PCUI\n3: 3G DIAG\n5: 3G GPS\nA: BLUE TOOTH\n16: NCM\nA1: CDROM\nA2: SD\n10: 4G MODEM\n12: 4G PCUI\n13: 4G DIAG\n14: 4G GPS';
const acks = (ms: number): TraceRecord => ({
  kind: 'binary',
  port: 'ttyUSB0',
  raw: Array.from({ length: 200 }, (_, n) =>
    n % 2 === 0
      ? (['host', '', { t: n * 100, left: { bytes: 4120, why: 'loader' } }] as const)
      : (['stick', '7e026ad37e', { t: (n - 1) * 100 + ms }] as const),
  ),
});

/** For each point that a trace can decide: what settles it, and what contradicts it. */
const CASES: Record<string, { settles?: TraceRecord[]; contradicts?: TraceRecord[] }> = {
  'flash-3': { settles: [acks(90)], contradicts: [acks(30_001)] },
  'at-1': {
    settles: [E3272, at('AT^SETPORT=?', `${PORTS}\n\nOK`)],
    contradicts: [E3272, at('AT^SETPORT=?', '1: MODEM\n\nOK')],
  },
  'at-2': {
    settles: [E3272, at('AT^SETPORT="FF;10"', 'OK')],
    contradicts: [E3272, at('AT^SETPORT="FF;10,16"', 'ERROR')],
  },
  'at-4': {
    settles: [E3272, at('AT^CHIPTEMP?', '^CHIPTEMP: 310,310,310,31,65535\n\nOK')],
    contradicts: [E3272, at('AT^CHIPTEMP?', 'ERROR')],
  },
  'at-5': {
    settles: [E3272, at('AT^HCSQ?', '^HCSQ:"LTE",54,47,161,26\n\nOK')],
    contradicts: [E3272, at('AT^HCSQ?', 'COMMAND NOT SUPPORT')],
  },
  'at-6': {
    settles: [E3272, at('AT^ICCID?', '^ICCID: 8949000000000000001\n\nOK')],
    contradicts: [E3272, at('AT^ICCID?', 'ERROR')],
  },
  'at-7': {
    settles: [E3272, at('AT^NDISSTATQRY?', '^NDISSTATQRY: 1,,,"IPV4"\n\nOK')],
    contradicts: [E3272, at('AT^NDISSTATQRY?', 'ERROR')],
  },
  'at-8': {
    settles: [
      E3272,
      at('AT^CURC=0', 'OK'),
      { kind: 'at', raw: [['stick', '\r\n^BOOT:27710117,0,0,0,75\r\n', { t: 900 }]] },
    ],
  },
  'at-9': {
    settles: [E3272, at('AT^RESET', 'OK', 1_000), at('AT', 'OK', 20_000)],
    contradicts: [E3272, at('AT^RESET', 'OK', 1_000), at('AT', 'OK', 70_000)],
  },
  'at-10': { contradicts: [E3272, at('AT+CCID', '+CCID: 8949000000000000001\n\nOK')] },
  'at-11': {
    settles: [E3272, at('AT^USSDMODE?', '^USSDMODE: 1\n\nOK')],
    contradicts: [E3272, at('AT^USSDMODE?', '^USSDMODE: 0\n\nOK')],
  },
  'usb-1': {
    settles: [bus(0, [0x1f01, one(8, 6, 80)])],
    contradicts: [bus(0, [0x1f01, one(8, 6, 80), one(8, 6, 80, 1)])],
  },
  'usb-2': {
    settles: [bus(0, [0x14db, one(2, 6, 0), one(10, 6, 0, 1)])],
    contradicts: [bus(0, [0x14db, one(2, 13, 0)])],
  },
  'usb-3': { settles: [bus(0, [0x15ca, one(8, 6, 80)])], contradicts: [bus(0, [0x15ca, one(8, 2, 80)])] },
  'usb-4': {
    settles: [bus(0, [0x1c05, one(255, 255, 255), one(255, 255, 255, 1), one(255, 255, 255, 2)])],
    contradicts: [bus(0, [0x1c05, one(255, 255, 255)])],
  },
  'usb-6': {
    settles: [E3272, bus(0, [0x1506, one(255, 3, 16), one(255, 3, 18, 1)])],
    contradicts: [E3272, bus(0, [0x1506, one(255, 2, 1)])],
  },
  'hilink-1': {
    settles: [HILINK, web('webserver/SesTokInfo', '<SesInfo>x</SesInfo>')],
    contradicts: [HILINK, missing('GET', 'webserver/SesTokInfo')],
  },
  'hilink-2': {
    settles: [HILINK, missing('GET', 'device/signal')],
    contradicts: [HILINK, web('device/signal', '<rsrp>-90dBm</rsrp>')],
  },
  'hilink-4': { settles: [bus(0, [0x14db, one(2, 6, 0)])], contradicts: [bus(0, [0x14db, one(0xe0, 1, 3)])] },
  'hilink-6': {
    settles: [HILINK, web('dialup/mobile-dataswitch', '<dataswitch>1</dataswitch>')],
    contradicts: [HILINK, missing('GET', 'dialup/mobile-dataswitch')],
  },
  'hilink-7': { settles: [HILINK, web('ussd/send', 'OK')], contradicts: [HILINK, missing('POST', 'ussd/send')] },
  'hilink-8': {
    settles: [bus(0), bus(1_000, [0x14db, one(2, 6, 0)]), { ...HILINK, t: 40_000 } as TraceRecord],
    contradicts: [bus(0), bus(1_000, [0x14db, one(2, 6, 0)]), { ...HILINK, t: 90_000 } as TraceRecord],
  },
};

function told(records: readonly TraceRecord[]) {
  const settled = new Settled();
  for (const record of records) settled.see(record);
  return settled.points();
}

describe('unproven points', () => {
  for (const { id, look } of POINTS) {
    if (!look) continue;
    it(`${id} is settled, or contradicted, by what a trace shows`, () => {
      const { settles, contradicts } = CASES[id] ?? assert.fail(`there is no trace for ${id}`);
      if (settles) assert.ok(told(settles).settles.includes(id), 'settled');
      if (contradicts) assert.ok(told(contradicts).contradicts.includes(id), 'contradicted');
      assert.deepEqual(told([E3272]), { settles: [], contradicts: [] }, 'by nothing else');
    });
  }

  it('of the E3272 are not settled by a cousin, nor by a stick that does not say what it is', () => {
    const cousin = at('AT+CGMM', 'E3372\n\nOK');
    for (const { settles = [] } of Object.values(CASES).filter(({ settles }) => settles?.includes(E3272))) {
      assert.deepEqual(told(settles.map((record) => (record === E3272 ? cousin : record))).settles, []);
      assert.deepEqual(told(settles.filter((record) => record !== E3272)).settles, []);
    }
  });

  it('have ids that are theirs alone', () => {
    const ids = POINTS.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('are documented as they are: node build/scripts/unproven-page.js writes docs/unproven.md', () => {
    assert.equal(readFileSync('docs/unproven.md', 'utf8'), unprovenPage());
  });
});
