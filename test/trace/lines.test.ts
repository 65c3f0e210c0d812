/** Lines, devices and answers that are rare: what of them is recorded, and what is left out. */

import assert from 'node:assert/strict';
import type { UsbDevice } from '../../src/host/host';
import { type AtRecord, readTrace, type TraceRecord } from '../../src/record/format';
import { redactCommand, redactReply } from '../../src/trace/at-line';
import { AtStream } from '../../src/trace/at-stream';
import { placeOf, portName, redactDevice } from '../../src/trace/bus';
import { Pseudonyms } from '../../src/trace/pseudonyms';
import { redactWeb } from '../../src/trace/web';

const names = () => new Pseudonyms(Buffer.alloc(32, 3));

/** As it is, left out as `unread` or `code`, or like the form. */
const COMMANDS: [line: string, as: 'same' | 'unread' | 'code' | RegExp][] = [
  ['AT', 'same'],
  ['ATE0;+CMGF=0', 'same'],
  ['ATE0^GODLOAD', 'same'],
  ['ATS0=2', 'same'],
  ['AT+CPIN?', 'same'],
  ['AT+CPIN=?', 'same'],
  ['ATD*99#', 'same'],
  ['ATD*99***1#', 'same'],
  ['ATDT0171234567', /^ATDT\d{10}$/],
  ['AT+CMGS=24', 'same'],
  ['AT+CMGS="+491701234567"', /^AT\+CMGS="\+\d{12}"$/],
  ['AT+CMGW=24', 'same'],
  ['AT+CUSD=2', 'same'],
  ['AT+CUSD=', 'unread'],
  ['AT+CUSD=1,"",15', 'same'],
  ['AT+CSCS="UCS2"', 'same'],
  ['AT^SETPORT="FF;10,12,16"', 'same'],
  ['AT+COPS=1,2,"26201"', 'same'],
  ['AT+CGDCONT=1,"IP","internet"', 'same'],
  ['AT^XSECRET=1,"abc"', 'unread'],
  ['AT^XSECRET', 'same'],
  ['AT+CPIN=1234;+CSQ', 'code'],
  ['AT+CSIM=10,"A0A40000"', 'code'],
  ['AT+CREG?x', 'unread'],
  ['hello', 'unread'],
  ['AT/', 'unread'],
  ['AT+CNMI=2,1,0,1234567890', 'unread'],
];

const REPLIES: [line: string, of: string, as: 'same' | 'unread' | RegExp][] = [
  ['OK', '+CSQ', 'same'],
  ['CONNECT 150000000', 'D', 'same'],
  ['CONNECT me tonight', '+CMGL', 'unread'],
  ['+CME ERROR: 10', '+CIMI', 'same'],
  ['+CME ERROR: SIM not inserted', '+CIMI', 'same'],
  ['+CME ERROR: call 0170-1234 "now"!', '+CIMI', 'unread'],
  ['ERROR+CNUM: "Me","+33606487754",145', '+CNUM', /^ERROR\+CNUM: "..","\+\d{11}",145$/],
  ['ERROR^XNONE: 1', '+CNUM', 'unread'],
  ['RING', '', 'same'],
  ['0', 'A', 'same'],
  ['+COPS: (2,"Telekom.de","TDG","26201",7),,(0-4),(0-2)', '+COPS', 'same'],
  ['+CPBR: (1-250),20,18', '+CPBR', 'same'],
  ['+CPMS: ("SM","ME"),("SM","ME")', '+CPMS', 'same'],
  ['^DHCP: 6529A8C0,00FFFFFF,0129A8C0,0129A8C0,08080808,0,150000,50000', '^DHCP', /^\^DHCP: [0-9A-F]{8},00FFFFFF,/],
  ['+CGPADDR: 1,"10.19.88.41"', '+CGPADDR', /^\+CGPADDR: 1,"\d\d\.\d\d\.\d\d\.\d\d"$/],
  ['+CGPADDR: 1,"21.436.11.00.372"', '+CGPADDR', 'same'],
  ['^SN: ABC1234567890', '^SN', /^\^SN: [A-Z]{3}\d{10}$/],
  ['^SN: a b', '^SN', 'unread'],
  ['^ICCID: 12', '^ICCID', 'unread'],
  ['+CIMI: 12', '+CIMI', 'unread'],
  ['^BOOT:1234567,0,0,0,75', '', /^\^BOOT:\d{7},0,0,0,75$/],
  ['+CREG: 2,1,"1A2B","01234567",7', '+CREG', /^\+CREG: 2,1,"[0-9A-F]{4}","[0-9A-F]{8}",7$/],
  ['+CRSM: 144,0,"98941000000000000010"', '+CSQ', 'unread'],
  ['+CRSM: 106,130', '+CRSM', 'same'],
  ['+CRSM: odd', '+CRSM', 'unread'],
  ['+CUSD: odd', '', 'unread'],
  ['+CUSD: 2', '', 'same'],
  ['+CLCC: 1,1,4,0,0,"+491701234567",145', '+CLCC', /^\+CLCC: 1,1,4,0,0,"\+\d{12}",145$/],
  ['^XNONE: 1', '', 'unread'],
  ['Model: E3272', 'I', 'same'],
  ['IMEI: 490154203237518', 'I', /^IMEI: 00101\d{10}$/],
  ['862147043182076', '+CMGS', 'unread'],
  ['huawei', '+CGMI', 'same'],
  ['anything', '^XNONE', 'unread'],
  ['0C:5B:8F:27:9A:64', '+CGMI', 'unread'],
];

describe('trace: lines', () => {
  for (const [line, as] of COMMANDS) {
    it(`of the host: ${line}`, () => {
      const { text, left } = redactCommand(names(), line, {});
      if (as instanceof RegExp) assert.match(text ?? '', as);
      else assert.equal(as === 'same' ? text : left, as === 'same' ? line : as);
      assert.ok(!(as instanceof RegExp) || text !== line);
    });
  }

  for (const [line, name, as] of REPLIES) {
    it(`of the stick, to ${name || 'nobody'}: ${line}`, () => {
      const { text, left } = redactReply(names(), line, { name, args: '' });
      if (as instanceof RegExp) assert.match(text ?? '', as);
      else assert.equal(as === 'same' ? text : left, as === 'same' ? line : as);
      assert.ok(!(as instanceof RegExp) || text !== line);
    });
  }

  function heard(...said: [who: 'host' | 'stick', bytes: string | Buffer][]): AtRecord['raw'] {
    const records: TraceRecord[] = [];
    const stream = new AtStream({ names: names(), about: { port: 'ttyUSB0' }, emit: (one) => records.push(one) });
    for (const [at, [who, bytes]] of said.entries()) stream[who](Buffer.from(bytes), at);
    stream.flush();
    stream.end();
    return records.flatMap((record) => ('raw' in record ? (record.raw ?? []) : []));
  }
  const leftOf = (raw: AtRecord['raw']) => raw.flatMap(([, , mark]) => mark?.left ?? []);

  it('that nobody ends are left out with their length, and so is what no character is', () => {
    assert.deepEqual(leftOf(heard(['stick', '\r\n+CSQ: 2'])), [{ bytes: 7, why: 'unread' }]);
    assert.deepEqual(leftOf(heard(['stick', 'x'.repeat(9_000)])), [{ bytes: 9_000, why: 'unread' }]);
    assert.deepEqual(leftOf(heard(['host', 'AT+CS'])), [{ bytes: 5, why: 'unread' }]);
    assert.deepEqual(leftOf(heard(['host', 'AT+CSQ\u001b'])), [{ bytes: 6, why: 'unread' }]);
    assert.deepEqual(leftOf(heard(['stick', Buffer.of(0xe9, 0x0d, 0x0a)])), [{ bytes: 1, why: 'unread' }]);
    const [long] = leftOf(heard(['host', 'A'], ['host', Buffer.alloc(100, 0xfe)]));
    assert.deepEqual(long, { bytes: 1, why: 'unread' });
  });

  it('of USSD may go on behind a line end, and may never end', () => {
    const [[, text = ''] = []] = heard(['stick', '\r\n+CUSD: 0,"Rosa\r\nlinde",15\r\n']);
    assert.match(text, /^\r\n\+CUSD: 0,"[A-Z][a-z]{3}\r\n[a-z]{5}",15\r\n$/);
    const [[, cut = ''] = []] = heard(['stick', '\r\n+CUSD: 0,"Rosalinde\r\n']);
    assert.ok(!cut.includes('Rosa'), cut);
  });

  it('of a loader are told by their length, and by their hash only where nobody can guess them', () => {
    const raw = heard(
      ['host', Buffer.from('7e0cd9a17e', 'hex')],
      ['stick', Buffer.from('7e0d', 'hex')],
      ['stick', Buffer.concat([Buffer.alloc(30, 0x41), Buffer.of(0x7e)])],
      ['host', Buffer.from('da0102030405', 'hex')],
      ['stick', Buffer.of(0xaa)],
      ['host', Buffer.alloc(200, 0xda)],
      ['stick', Buffer.from('7e02', 'hex')],
    );
    assert.deepEqual(
      raw.map(([who, text, mark]) => [who, text, mark?.left?.bytes, mark?.left?.sha256?.length]),
      [
        ['host', '7e0cd9a17e', undefined, undefined],
        ['stick', '', 33, undefined],
        ['host', '', 6, undefined],
        ['stick', 'aa', undefined, undefined],
        ['host', '', 200, 64],
        ['stick', '', 2, undefined],
      ],
    );
  });
});

describe('trace: a loader', () => {
  it('is told as such in all that follows its first frame, until a whole command comes', () => {
    const records: TraceRecord[] = [];
    const stream = new AtStream({ names: names(), about: { port: 'ttyUSB0' }, emit: (one) => records.push(one) });
    for (const text of ['\xfe\0\xff', 'AT+CSQ is a text of the firmware\n\r', 'AT\r'])
      stream.host(Buffer.from(text, 'latin1'), 0);
    stream.end();
    assert.deepEqual(
      records.map((record) => [record.kind, 'raw' in record ? record.raw?.map(([, said]) => said) : []]),
      [
        ['binary', ['', '']],
        ['at', ['AT\r']],
      ],
    );
  });
});

describe('trace: devices and answers', () => {
  it('keep strings of models, and no serial number but that which all have', () => {
    const device: UsbDevice = {
      ...{
        portPath: 'virtual-1@127.0.0.1:3300',
        bus: 1,
        address: 2,
        vendorId: 0x12d1,
        productId: 0x1506,
        bcdDevice: 1,
      },
      ...{
        deviceClass: 0,
        configurations: 1,
        product: 'HUAWEI Mobile',
        manufacturer: 'no. 8621470431820761',
        interfaces: [],
      },
    };
    const { portPath, product, manufacturer, serial } = redactDevice(names(), { ...device, serial: 'A8621470431820' });
    assert.deepEqual([portPath, product], ['virtual-1', 'HUAWEI Mobile']);
    assert.match(manufacturer ?? '', /^[a-z]{2}\. \d{16}$/);
    assert.ok(serial !== 'A8621470431820' && serial?.length === 14);
    assert.equal(redactDevice(names(), { ...device, serial: '0123456789ABCDEF' }).serial, '0123456789ABCDEF');
    assert.deepEqual(['/home/rosa/ttyUSB0', '/dev/rosa'].map(portName), ['ttyUSB0', 'tty']);
    assert.equal(placeOf('1-1.4'), '1-1.4');
  });

  const web = (path: string, body: string, method: 'GET' | 'POST' = 'GET') =>
    redactWeb(names(), {
      request: { method, path, headers: { Cookie: 'SessionID=abc', Host: 'x' } },
      answer: {
        status: 200,
        headers: { 'content-type': 'text/xml', location: 'http://192.168.8.1/html/home.html' },
        body: Buffer.from(body),
      },
    });

  it('of JSON are walked through as those of XML', () => {
    const { response } = web(
      '/api/device/information',
      '{"Imei":"490154203237518","Count":12,"Number":4915123456,"List":["Rosa",null,true]}',
    );
    const told = JSON.parse(response?.body ?? '') as Record<string, unknown>;
    assert.match(String(told['Imei']), /^00101\d{10}$/);
    assert.equal(told['Count'], 12);
    assert.notEqual(told['Number'], 4915123456);
    const [rosa, ...rest] = told['List'] as unknown[];
    assert.ok(rosa !== 'Rosa' && String(rosa).length === 4);
    assert.deepEqual(rest, [null, true]);
  });

  it('that are neither are left out, pages but for their tokens, and logins as a whole', () => {
    assert.deepEqual(web('/api/x', 'plain text').left, { bytes: 10, why: 'unread' });
    const page =
      web('/html/index.html', '<html><head><meta name="csrf_token" content="abcDEF123"/></head>Rosa</html>').response
        ?.body ?? '';
    assert.match(
      page,
      /^<html><head><meta name="csrf_token" content="(?!abcDEF123)[a-z]{3}[A-Z]{3}\d{3}"\/><\/head><\/html>$/,
    );
    assert.deepEqual(web('/api/user/login', '<response>OK</response>', 'POST'), {
      request: { method: 'POST', path: '/api/user/login' },
      left: { why: 'login' },
    });
    assert.equal(web('/api/pin/simlock', '<response><SimLockEnable>0</SimLockEnable></response>').left, undefined);
    assert.deepEqual(web('/api/x', '').response?.headers, { 'content-type': 'text/xml', location: '/html/home.html' });
  });

  it('of contacts lose names, those of settings keep them; comments and attributes are left out', () => {
    const body =
      '<response a="Rosa"><!-- Rosa --><Name>Rosa &amp; Max</Name><Value><![CDATA[Rosa]]></Value></response>';
    assert.ok(!(web('/api/pb/pb-list', body).response?.body ?? '').includes('Rosa'));
    assert.match(
      web('/api/net/net-mode-list', body).response?.body ?? '',
      /^<response><Name>Rosa &amp; Max<\/Name><Value>Rosa<\/Value><\/response>$/,
    );
  });

  it('of no format are refused', () => {
    for (const line of [
      '1',
      '{}',
      '{"kind":"other"}',
      '{"kind":"at"}',
      '{"kind":"at","raw":[["nobody",""]]}',
      '{"kind":"at","raw":1}',
      '{"kind":"bus"}',
      '{"kind":"hilink"}',
    ])
      assert.throws(() => readTrace(`${line}\n\n`), /line 1 /, line);
  });
});
