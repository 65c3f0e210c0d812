import assert from 'node:assert/strict';
import type { WebAnswer } from '../../../src/virtual/web/http';
import { wanted } from '../../../src/virtual/web/login';
import { codeOf, DECLARATION, inHilink, request, tag, textOf, type WebRig } from './rig';

const some = (answer: WebAnswer, ...names: string[]) => names.map((name) => tag(answer, name));
/** Names of all elements, in order. */
const names = (answer: WebAnswer) => [...textOf(answer).matchAll(/<([A-Za-z]\w*)>/g)].map((m) => m[1]);

const STATUS = [
  'ConnectionStatus',
  'SignalIcon',
  'CurrentNetworkType',
  'CurrentNetworkTypeEx',
  'ServiceStatus',
  'SimStatus',
];
const status = async ({ client }: WebRig) => some(await client.get('monitoring/status'), ...STATUS);

describe('virtual web face: what it tells', () => {
  it(
    'status is that of the same radio as behind the AT commands',
    inHilink({}, async (r) => {
      await r.pass(2_000);
      assert.deepEqual(await status(r), ['901', '5', '19', '101', '2', '1']);
      r.order({ do: 'radio', system: 'WCDMA', rssi: -100, rscp: -101, ecio: -7.5, area: '00AB', cell: 'C0FFEE' });
      assert.deepEqual((await status(r)).slice(1, 4), ['2', '9', '45']);
      r.order({ do: 'radio', registration: 'roaming' });
      assert.equal(tag(await r.client.get('monitoring/status'), 'RoamingStatus'), '1');
      r.order({ do: 'radio', registration: 'denied' });
      assert.deepEqual((await status(r)).slice(1, 5), ['0', '0', '0', '0']);
    }),
  );

  it(
    'signal has levels with their units, empty where they make no sense',
    inHilink({}, async (r) => {
      const levels = ['cell_id', 'rsrq', 'rsrp', 'rssi', 'sinr', 'rscp', 'ecio', 'mode'];
      const signal = async () => some(await r.client.get('device/signal'), ...levels);
      assert.deepEqual(await signal(), ['49153', '-10dB', '-90dBm', '-60dBm', '-7dB', '', '', '7']);
      r.order({ do: 'radio', rsrp: null });
      assert.equal((await signal())[2], '');
      r.order({ do: 'radio', system: 'WCDMA', rscp: -101, ecio: -7.5 });
      assert.deepEqual(await signal(), ['49153', '', '', '-60dBm', '', '-101dBm', '-7.5dB', '2']);
      r.order({ do: 'quirk', name: 'web-signal-empty' });
      assert.deepEqual((await signal()).slice(0, 7), ['', '', '', '', '', '', '']);
      assert.equal(tag(await r.client.get('monitoring/status'), 'SignalIcon'), '5');
    }),
  );

  it(
    'identity and versions, brackets as numbers on newer firmware',
    inHilink({ hilink: 'scram', web: { login: false }, product: 'E3372' }, async (r) => {
      const answer = await r.client.get('device/information');
      assert.deepEqual(some(answer, 'DeviceName', 'SoftwareVersion', 'Msisdn', 'workmode'), [
        'E3372',
        '10.0.3.1&#40;H192SP1C983&#41;',
        '+491710000001',
        'LTE',
      ]);
      assert.match(tag(answer, 'Imei') ?? '', /^00101300\d{7}$/);
    }),
  );

  it(
    'tokenless: names and order of 2012, no device/signal',
    inHilink({ hilink: 'tokenless' }, async ({ client }) => {
      assert.deepEqual(names(await client.get('device/information')).slice(0, 4), [
        'response',
        'DeviceName',
        'HardwareVersion',
        'SerialNumber',
      ]);
      const answer = await client.get('monitoring/status');
      assert.deepEqual(some(answer, 'SignalStrength', 'SignalIcon', 'SimlockStatus'), ['100', undefined, '0']);
      for (const path of ['device/signal', 'device/basic_information', 'user/state-login', 'net/net-mode']) {
        assert.equal(codeOf(await client.get(path)), 100002, path);
      }
      assert.equal(
        codeOf(await client.post('net/network', request(['NetworkMode', 2], ['NetworkBand', '3FFFFFFF']))),
        undefined,
      );
      assert.equal(tag(await client.get('net/network'), 'NetworkMode'), '2');
      assert.equal(tag(await client.get('dhcp/settings'), 'DhcpIPAddress'), '192.168.1.1');
    }),
  );

  it(
    'network and its modes, which are those of AT^SYSCFGEX',
    inHilink({}, async (r) => {
      const plmn = await r.client.get('net/current-plmn');
      assert.deepEqual(some(plmn, 'State', 'FullName', 'Numeric', 'Rat'), ['0', 'Virtual LTE', '00101', '7']);
      const mode = (order: string) =>
        request(['NetworkMode', order], ['NetworkBand', '3FFFFFFF'], ['LTEBand', '7FFFFFFFFFFFFFFF']);
      assert.equal(codeOf(await r.client.post('net/net-mode', mode('02'))), undefined);
      assert.equal((await status(r))[4], '0', 'LTE is not allowed any more');
      assert.equal(tag(await r.client.get('net/net-mode'), 'NetworkMode'), '02');
      assert.equal(codeOf(await r.client.post('net/net-mode', mode('07'))), 100006);
      assert.deepEqual(
        [...textOf(await r.client.get('net/net-mode-list')).matchAll(/<Access>(..)/g)].map((m) => m[1]),
        ['00', '03', '02', '01'],
      );
      const began = r.clock.now();
      assert.equal(tag(await r.client.get('net/plmn-list'), 'State'), '1');
      assert.equal(r.clock.now() - began, 20_050);
      assert.equal(
        codeOf(await r.client.post('net/register', request(['Mode', 1], ['Plmn', '00102'], ['Rat', 7]))),
        100006,
      );
      assert.equal(
        codeOf(await r.client.post('net/register', request(['Mode', 1], ['Plmn', '00101'], ['Rat', 7]))),
        undefined,
      );
      assert.equal(tag(await r.client.get('net/current-plmn'), 'State'), '1');
    }),
  );

  it(
    'the data connection comes by itself, goes and comes as it is told, and is counted',
    inHilink({ timing: { dial: 4_000 } }, async (r) => {
      assert.equal((await status(r))[0], '900');
      await r.pass(4_000);
      const up = await r.client.get('monitoring/status');
      assert.deepEqual(some(up, 'ConnectionStatus', 'WanIPAddress'), ['901', '10.8.219.204']);
      await r.pass(10_000);
      assert.equal(r.clock.pending, 0, 'nobody is told of what it counts');
      const traffic = await r.client.get('monitoring/traffic-statistics');
      assert.deepEqual(some(traffic, 'CurrentConnectTime', 'CurrentUpload', 'TotalDownload'), [
        '10',
        '10000',
        '100000',
      ]);
      assert.equal(codeOf(await r.client.post('monitoring/clear-traffic', request(['ClearTraffic', 1]))), undefined);
      assert.equal(tag(await r.client.get('monitoring/traffic-statistics'), 'TotalUpload'), '0');
      await r.client.post('dialup/dial', request(['Action', 0]));
      await r.pass(10_000);
      assert.equal((await status(r))[0], '902');
      await r.client.post('dialup/dial', request(['Action', 1]));
      await r.pass(4_000);
      assert.equal((await status(r))[0], '901');
      r.order({ do: 'data', up: false });
      await r.client.get('monitoring/status');
      await r.pass(4_000);
      assert.equal((await status(r))[0], '901', 'it connects again');
    }),
  );

  it(
    'connects no more by itself where that, or data abroad, is not wanted',
    inHilink({}, async (r) => {
      const connection = (roaming: number, mode: number) =>
        request(
          ['RoamAutoConnectEnable', roaming],
          ['MaxIdelTime', 600],
          ['ConnectMode', mode],
          ['MTU', 1500],
          ['auto_dial_switch', 1],
          ['pdp_always_on', 0],
        );
      await r.pass(2_000);
      for (const [roaming, mode] of [
        [1, 1],
        [0, 0],
      ] as const) {
        r.order({ do: 'radio', registration: 'roaming' });
        assert.equal(codeOf(await r.client.post('dialup/connection', connection(roaming, mode))), undefined);
        r.order({ do: 'data', up: false });
        await r.client.get('monitoring/status');
        await r.pass(5_000);
        assert.equal((await status(r))[0], '902');
      }
      r.order({ do: 'radio', registration: 'home' });
      await r.client.get('monitoring/status');
      await r.pass(5_000);
      assert.equal((await status(r))[0], '901');
    }),
  );

  it(
    'sestok: the data switch',
    inHilink({ hilink: 'sestok', web: { login: false } }, async (r) => {
      assert.equal(tag(await r.client.get('global/module-switch'), 'dataswitch_enabled'), '1');
      await r.client.post('dialup/mobile-dataswitch', request(['dataswitch', 0]));
      await r.pass(5_000);
      assert.equal((await status(r))[0], '902');
      assert.equal(tag(await r.client.get('dialup/mobile-dataswitch'), 'dataswitch'), '0');
      await r.client.post('dialup/dial', request(['Action', 1]));
      await r.pass(5_000);
      assert.equal((await status(r))[0], '902', 'no data means none');
      await r.toHilink();
      Object.assign(r.client, { cookie: '' });
      await r.client.openSession();
      await r.pass(5_000);
      assert.equal((await status(r))[0], '902', 'after a start too');
      await r.client.post('dialup/mobile-dataswitch', request(['dataswitch', 1]));
      await r.pass(5_000);
      assert.equal((await status(r))[0], '901');
    }),
  );
});

describe('virtual web face: the SIM', () => {
  const operate = (type: number, pin: string, fresh = '', puk = '') =>
    request(['OperateType', type], ['CurrentPin', pin], ['NewPin', fresh], ['PukCode', puk]);
  const PIN = ['SimState', 'PinOptState', 'SimPinTimes', 'SimPukTimes'];
  const state = async ({ client }: WebRig) => some(await client.get('pin/status'), ...PIN);

  it(
    'is opened by its PIN, with its tries, and by its PUK',
    inHilink({ sim: { state: 'pin', pin: '1234' } }, async (r) => {
      assert.deepEqual(await state(r), ['260', '259', '3', '10']);
      assert.deepEqual(some(await r.client.get('device/information'), 'Imsi', 'Msisdn'), ['', '']);
      assert.equal(codeOf(await r.client.post('pin/operate', operate(0, '9999'))), 103002);
      assert.deepEqual(await state(r), ['260', '259', '2', '10']);
      assert.equal(codeOf(await r.client.post('pin/operate', operate(0, '12'))), 100006);
      assert.equal((await status(r))[4], '0');
      assert.equal(codeOf(await r.client.post('pin/operate', operate(0, '1234'))), undefined);
      assert.deepEqual(await state(r), ['257', '259', '3', '10']);
      assert.equal((await status(r))[4], '2');
      r.stick.insertSim('puk');
      assert.deepEqual(await state(r), ['261', '259', '0', '10']);
      assert.equal(codeOf(await r.client.post('pin/operate', operate(4, '', '4321', '00000000'))), 103015);
      assert.equal((await state(r))[3], '9');
      assert.equal(codeOf(await r.client.post('pin/operate', operate(4, '', '4321', '12345678'))), undefined);
      assert.equal((await state(r))[0], '257');
    }),
  );

  it(
    'has its PIN check switched on and off, and its PIN changed',
    inHilink({}, async (r) => {
      assert.deepEqual(await state(r), ['257', '258', '3', '10']);
      assert.equal(codeOf(await r.client.post('pin/operate', operate(1, '1111'))), 101005);
      assert.equal(codeOf(await r.client.post('pin/operate', operate(1, '0000'))), undefined);
      assert.equal((await state(r))[1], '259');
      assert.equal(codeOf(await r.client.post('pin/operate', operate(3, '0000', '5555'))), undefined);
      assert.equal(r.stick.sim.pin, '5555');
      assert.equal(codeOf(await r.client.post('pin/operate', operate(2, '0000'))), 101006);
      assert.equal(codeOf(await r.client.post('pin/operate', operate(2, '5555'))), undefined);
      assert.equal(r.stick.sim.locked, false);
    }),
  );

  it(
    'is told when it is not there',
    inHilink({ sim: { state: 'absent' } }, async (r) => {
      assert.equal((await state(r))[0], '255');
      assert.deepEqual((await status(r)).slice(4), ['0', '255']);
      assert.equal(codeOf(await r.client.post('pin/operate', operate(0, '0000'))), 101001);
    }),
  );
});

describe('virtual web face: USSD', () => {
  const send = ({ client }: WebRig, content: string, name = 'codeType') =>
    client.post('ussd/send', request(['content', content], [name, 'CodeType'], ['timeout', '']));
  const text = async ({ client }: WebRig) => {
    const answer = await client.get('ussd/get');
    return codeOf(answer) ?? tag(answer, 'content');
  };
  const running = async ({ client }: WebRig) => tag(await client.get('ussd/status'), 'result');

  it(
    'has to be waited for, and leads through menus',
    inHilink({ timing: { ussd: 4_000 } }, async (r) => {
      assert.equal(await running(r), '0');
      assert.equal(codeOf(await send(r, '*101#')), undefined);
      assert.equal(await text(r), 111019);
      assert.equal(await running(r), '1');
      await r.pass(4_000);
      assert.equal(await text(r), '1 Balance\n2 Tariff\n0 End');
      assert.equal(await running(r), '2');
      assert.equal(codeOf(await send(r, '1', 'CodeType')), undefined);
      await r.pass(4_000);
      assert.equal(await text(r), '9.91 EUR');
      assert.equal(await running(r), '0');
      assert.equal(codeOf(await r.client.get('ussd/release')), undefined);
      assert.equal(await text(r), 111019);
    }),
  );

  it(
    'is refused, forgotten, and no letters',
    inHilink({}, async (r) => {
      await send(r, '*999#');
      await r.pass(5_000);
      assert.equal(await text(r), 111022);
      await send(r, '*100#');
      assert.equal(codeOf(await r.client.get('ussd/release')), undefined);
      await r.pass(5_000);
      assert.equal(await text(r), 111019);
      assert.equal(await running(r), '0');
      assert.equal(codeOf(await send(r, 'help')), 100005);
      r.order({ do: 'radio', registration: 'denied' });
      assert.equal(codeOf(await send(r, '*100#')), 111022);
    }),
  );
});

describe('virtual web face: the stick itself', () => {
  it(
    'restarts, and comes back as it was plugged in, with what it keeps',
    inHilink({}, async (r) => {
      r.stick.receiveSms({ from: '+491713920000', text: 'kept' });
      await r.client.post(
        'dialup/connection',
        request(
          ['RoamAutoConnectEnable', 0],
          ['MaxIdelTime', 1],
          ['ConnectMode', 1],
          ['MTU', 1],
          ['auto_dial_switch', 1],
          ['pdp_always_on', 0],
        ),
      );
      assert.equal(codeOf(await r.client.post('device/control', request(['Control', 1]))), undefined);
      assert.equal((await r.client.get('sms/sms-count')) && r.stick.appearance, 'hilink', 'not at once');
      await r.switchAgain();
      Object.assign(r.client, { cookie: '', tokens: [] });
      await r.client.openPage();
      assert.equal(tag(await r.client.get('sms/sms-count'), 'LocalInbox'), '1');
      assert.equal(tag(await r.client.get('dialup/connection'), 'ConnectMode'), '1');
      assert.deepEqual(
        r.events.filter(({ what }) => what === 'reset'),
        [{ what: 'reset', by: 'web' }],
      );
    }),
  );

  it(
    'goes back to factory settings, and off',
    inHilink({ web: { password: 'secret1', login: true } }, async (r) => {
      assert.equal(codeOf(await r.client.post('device/control', request(['Control', 1]))), 100003);
      r.order({ do: 'web', login: false });
      await r.client.post('device/control', request(['Control', 2]));
      await r.switchAgain();
      Object.assign(r.client, { cookie: '', tokens: [] });
      await r.client.openPage();
      const [token = ''] = r.client.tokens;
      const login = [
        ['Username', 'admin'],
        ['Password', wanted(4, 'admin', 'admin', token)],
        ['password_type', 4],
      ] satisfies [string, string | number][];
      assert.equal(codeOf(await r.client.post('user/login', request(...login))), undefined);
      assert.equal(codeOf(await r.client.post('device/control', request(['Control', 3]))), 100006);
      await r.client.post('device/control', request(['Control', 4]));
      await r.pass(60_000);
      assert.equal(r.stick.device, undefined);
    }),
  );

  it(
    'changes its address: no answer, away for a while, and the redirects lead there',
    inHilink({}, async (r) => {
      const lan = (network: string) =>
        request(
          ['DhcpIPAddress', `${network}.1`],
          ['DhcpLanNetmask', '255.255.255.0'],
          ['DhcpStatus', 1],
          ['DhcpStartIPAddress', `${network}.100`],
          ['DhcpEndIPAddress', `${network}.200`],
          ['DhcpLeaseTime', 86400],
          ['DnsStatus', 1],
          ['PrimaryDns', `${network}.1`],
          ['SecondaryDns', `${network}.1`],
        );
      assert.equal(codeOf(await r.client.post('dhcp/settings', lan('8.8.8'))), 100006);
      const beyond = lan('192.168.9').replace('>192.168.9.1<', '>192.168.9.999<');
      assert.equal(codeOf(await r.client.post('dhcp/settings', beyond)), 100006);
      assert.equal(codeOf(await r.client.post('dhcp/settings', lan('192.168.8'))), undefined, 'it is there already');
      const headers = { __requestverificationtoken: r.client.tokens.shift() ?? '' };
      assert.equal(await r.client.raw('POST', '/api/dhcp/settings', lan('192.168.9'), headers), undefined);
      assert.equal(r.stick.web?.up, false);
      assert.equal(await r.client.raw('GET', '/api/monitoring/status'), undefined);
      await r.event('web');
      assert.equal(r.stick.web?.address, '192.168.9.1');
      assert.equal(tag(await r.client.get('dhcp/settings'), 'DhcpStartIPAddress'), '192.168.9.100');
    }),
  );

  const CGI = `${DECLARATION}<api version="1.0"><header><function>switchMode</function></header><body><request><switchType>0</switchType></request></body></api>`;

  it(
    'E3272: no way out of HiLink by the web',
    inHilink({}, async (r) => {
      assert.equal((await r.client.raw('POST', '/CGI', CGI))?.status, 404);
      assert.equal(codeOf(await r.client.post('device/mode', request(['mode', 1]))), 125002);
      assert.equal((await r.client.raw('GET', '/html/switchDebugMode.html'))?.status, 200);
      await r.pass(30_000);
      assert.equal(r.stick.appearance, 'hilink');
    }),
  );

  for (const [hilink, method, path, body, id] of [
    ['tokenless', 'GET', '/html/switchProjectMode.html', '', '1442'],
    ['token', 'POST', '/CGI', CGI, '1442'],
    ['sestok', 'POST', '/CGI', CGI, '1442'],
    ['sestok', 'POST', '/CGI', CGI.replace('>0<', '>1<'), '1566'],
    ['sestok', 'POST', '/api/device/mode', request(['mode', 0]), '1442'],
    ['sestok', 'POST', '/api/device/mode', request(['mode', 1]), '1566'],
  ] as const) {
    it(
      `${hilink}: ${method} ${path} ${body.replace(/\D+(\d)\D+$/, ' $1').slice(-2)} leads to ${id} with an AT port`,
      inHilink({ hilink, web: { login: false } }, async (r) => {
        const headers = { __requestverificationtoken: r.client.tokens[0] ?? '' };
        await r.client.raw(method, path, body, headers);
        if (id === '1442') await r.settle('upgrade', 1);
        else await r.settle('debug', 4);
        assert.match(await r.open(id === '1442' ? 0 : 2).at('AT+CPIN?'), /READY/);
      }),
    );
  }

  it(
    'what it was led to lasts until it is plugged in anew, unless AT^SETPORT was set there',
    inHilink({ hilink: 'sestok', web: { login: false } }, async (r) => {
      await r.client.raw('POST', '/CGI', CGI);
      await r.settle('upgrade', 1);
      r.stick.plug();
      await r.toHilink();
      await r.client.raw('POST', '/CGI', CGI);
      await r.settle('upgrade', 1);
      assert.match(await r.open(0).at('AT^SETPORT="FF;12,16"'), /\r\nOK\r\n$/);
      r.stick.plug();
      await r.settle('tty', 1);
      assert.match(await r.open(0).at('AT^SETPORT?'), /\^SETPORT:FF;12,16/);
    }),
  );
});
