/** A virtual stick that plays a recorded one, and what tells the two apart. */

import assert from 'node:assert/strict';
import { openAt } from '../../src/device/at/open-at';
import { readTrace, type TraceRecord } from '../../src/record/format';
import { differencesIn } from '../../src/virtual/against';
import { scriptOf, setportOf } from '../../src/virtual/script';
import { webBench } from '../device/hilink/bench';
import { virtualBench } from '../support/bench';

const at = (command: string, answer: string, ms = 5): TraceRecord => ({
  kind: 'at',
  raw: [
    ['host', `${command}\r`, { t: 1_000 }],
    ['stick', `\r\n${answer.replaceAll('\n', '\r\n')}\r\n`, { t: 1_000 + ms }],
  ],
});

const RECORDED: TraceRecord[] = [
  {
    kind: 'bus',
    t: 0,
    devices: [
      {
        ...{ portPath: '1-4', bus: 1, address: 9, vendorId: 0x12d1, productId: 0x1506, bcdDevice: 0x0102 },
        ...{ deviceClass: 0, configurations: 1, configuration: 1, manufacturer: 'HUAWEI', product: 'HUAWEI Mobile' },
        interfaces: [0x10, 0x12, 0x16].map((protocol, number) => ({
          ...{ number, class: 255, subclass: 2, protocol, driver: 'option', tty: `ttyUSB${number}` },
          endpoints: [{ address: 0x81 + number, type: 'bulk' as const, maxPacketSize: 512 }],
        })),
      },
    ],
  },
  at('AT^CHIPTEMP?', '^CHIPTEMP: 270,270,270,27\n\nOK', 700),
  at('AT^CHIPTEMP?', '^CHIPTEMP: 310,310,310,31\n\nOK'),
  at('AT^HCSQ?', 'COMMAND NOT SUPPORT'),
  // Of these nothing is played: it was not all recorded, it changes something, it has no end.
  {
    kind: 'at',
    raw: [
      ['host', 'AT+CIMI\r', {}],
      ['stick', '', { left: { bytes: 15, why: 'unread' } }],
      ['stick', '\r\nOK\r\n', {}],
    ],
  },
  at('AT^SETPORT="FF;1,2"', 'ERROR'),
  at('AT^RESET', 'ERROR'),
  at('AT+CGMM', 'E3272'),
];

const WEB: TraceRecord[] = [
  {
    ms: 250,
    request: { method: 'GET', path: '/api/monitoring/status' },
    response: { status: 200, headers: {}, body: '<response><SignalIcon>3</SignalIcon><Novel>1</Novel></response>' },
  },
  {
    request: { method: 'GET', path: '/api/user/state-login' },
    response: { status: 200, headers: {}, body: '<response><State>77</State></response>' },
  },
];

describe('a recorded stick, played', () => {
  it('shows its descriptors, answers what was recorded in the time that it took, the last answer again and again', async () => {
    const like = scriptOf(RECORDED);
    const bench = virtualBench({ firmware: 'stick', setport: setportOf(like.devices), like });
    await bench.plug();
    const { device } = bench.stick;
    assert.deepEqual(
      [device?.product, device?.interfaces.map(({ subclass }) => subclass)],
      ['HUAWEI Mobile', [2, 2, 2]],
    );
    assert.match(device?.interfaces[0]?.tty ?? '', /^\/virtual\//);
    const handle = openAt(bench.host, '1-1');
    const ask = (command: string) => bench.run(handle.run(command));
    await ask('AT');
    const first = await ask('AT^CHIPTEMP?');
    assert.deepEqual(first.lines, ['^CHIPTEMP: 270,270,270,27']);
    assert.ok(first.ms >= 700);
    for (let n = 0; n < 2; n++) assert.deepEqual((await ask('AT^CHIPTEMP?')).lines, ['^CHIPTEMP: 310,310,310,31']);
    assert.equal((await ask('AT^HCSQ?')).final, 'COMMAND NOT SUPPORT');
    await bench.run(handle.release());
  });

  it('is our own stick in all that was not recorded whole, changes something, or has no end', () => {
    const { questions } = scriptOf(RECORDED);
    assert.deepEqual(questions, ['AT^CHIPTEMP?', 'AT^HCSQ?']);
  });

  it('tells by its web server what was recorded, but sessions and logins are our own', async () => {
    const bench = await webBench({ like: scriptOf(WEB) });
    const handle = openAt(bench.host, '1-1', { web: { password: 'admin' } });
    await bench.pass(30_000);
    const { signal } = await bench.run(handle.webStatus({ parts: ['signal', 'network'] }));
    assert.equal(signal?.bars, 3);
    assert.deepEqual(scriptOf(WEB).paths, ['monitoring/status']);
    await bench.run(handle.release());
  });

  it('is told apart from our own: descriptors, forms of answers, paths and elements', async () => {
    const bench = virtualBench({ firmware: 'stick', setport: 'FF;10,12,16' });
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    const ask = async (command: string) => bench.run(handle.run(command).catch(() => undefined));
    const told = await differencesIn(scriptOf([...RECORDED, ...WEB]), { stick: bench.stick, ask });
    await bench.run(handle.release());
    const has = (form: RegExp) =>
      assert.ok(
        told.some((line) => form.test(line)),
        `${form}: ${told.join('\n')}`,
      );
    has(/^12d1:1506, strings: HUAWEI, HUAWEI Mobile was recorded, ours is HUAWEI_MOBILE, HUAWEI_MOBILE$/);
    has(/^12d1:1506, interface 0: ff\/02\/10 .* was recorded, ours is ff\/03\/10/);
    has(/^AT\^HCSQ\?: COMMAND NOT SUPPORT was recorded, ours says OK$/);
    has(/^AT\^CHIPTEMP\?: lines like \^CHIPTEMP: n,n,n,n were recorded, ours are/);
    has(/^monitoring\/status: was recorded, ours refuses it$/);
    const web = await webBench();
    const elements = await web.run(differencesIn(scriptOf(WEB), { stick: web.stick, ask: async () => undefined }));
    assert.ok(elements.includes('monitoring/status: ours lacks Novel'), elements.join('\n'));
  });

  it('does not differ from itself', async () => {
    const bench = virtualBench({ firmware: 'stick', setport: 'FF;10,12,16', like: scriptOf(RECORDED) });
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    const ask = async (command: string) => bench.run(handle.run(command).catch(() => undefined));
    assert.deepEqual(await differencesIn(scriptOf(RECORDED), { stick: bench.stick, ask }), []);
    await bench.run(handle.release());
  });

  it('may be cut off in its last line', () => {
    const text = RECORDED.map((record) => `${JSON.stringify(record)}\n`).join('');
    assert.equal(readTrace(text.slice(0, -20)).length, RECORDED.length - 1);
    assert.throws(() => readTrace(`{"kind":"at"\n${text}`), /line 1 /);
  });
});
