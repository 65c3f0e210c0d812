import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { redactError } from '../../src/at/redact';
import { type ErrorCode, isDriverError } from '../../src/errors';
import { type HilinkOptions, openHilink } from '../../src/hilink/client';
import { cutError } from '../../src/hilink/transport';
import { STATUS } from '../../src/values/status';
import { VirtualClock } from '../../src/virtual/clock';
import { fits } from '../fits';
import { fault, OK, type Routes, TinyServer, xml } from './server';

const IDENTITY = '<DeviceName>E3272</DeviceName><SerialNumber>SN12345678</SerialNumber><Imei>862147043182076</Imei>';

const STATUS_ANSWER = xml(
  '<ConnectionStatus>901</ConnectionStatus><SignalIcon>4</SignalIcon><maxsignal>5</maxsignal><RoamingStatus>0</RoamingStatus>' +
    '<CurrentNetworkType>19</CurrentNetworkType><ServiceStatus>2</ServiceStatus><SimStatus>1</SimStatus>' +
    '<WanIPAddress>10.1.2.3</WanIPAddress>',
);

function bench(routes: Routes, options: Partial<HilinkOptions> = {}) {
  const clock = new VirtualClock();
  const server = new TinyServer(routes);
  const client = openHilink({ url: '192.168.8.1', clock, transport: server.transport, ...options });
  return { clock, server, client, run: <T>(work: Promise<T>) => clock.run(work) };
}

const failure = (code: ErrorCode, about: RegExp | number) => (error: unknown) =>
  isDriverError(error, code) && (typeof about === 'number' ? error.number === about : about.test(error.message));

const cut = () => {
  throw cutError();
};

describe('hilink: status', () => {
  const routes: Routes = {
    'GET monitoring/status': STATUS_ANSWER,
    'GET device/signal': xml(
      '<rsrp>-89dBm</rsrp><rssi>-60dBm</rssi><mode>7</mode><tac>49127</tac><cell_id>3151107</cell_id>',
    ),
    'GET net/current-plmn': xml('<State>0</State><FullName>Net</FullName><Numeric>26202</Numeric><Rat>2</Rat>'),
    'GET pin/status': xml('<SimState>257</SimState><SimPinTimes>3</SimPinTimes><SimPukTimes>10</SimPukTimes>'),
    'GET monitoring/traffic-statistics': xml(
      '<CurrentConnectTime>7</CurrentConnectTime><CurrentUpload>8</CurrentUpload>',
    ),
    'GET device/information': xml(IDENTITY),
  };

  it('is that of the AT side, each answer asked for once', async () => {
    const { server, client, run } = bench(routes);
    const parts = ['signal', 'network', 'sim', 'data', 'temperature', 'identity'] as const;
    const status = await run(client.status({ parts }));
    assert.deepEqual(status, {
      signal: { bars: 4, percent: 80, system: 'LTE', rssi: -60, rsrp: -89 },
      cell: { system: 'LTE', cellId: 3151107, tac: 49127 },
      network: {
        choice: 'automatic',
        operator: 'Net',
        plmn: '26202',
        system: 'LTE',
        submode: 'LTE',
        registration: 'home',
        registered: true,
        roaming: false,
        service: 'valid',
        lac: 49127,
        ci: 3151107,
      },
      sim: { state: 'READY', pinTries: 3, pukTries: 10 },
      data: { connection: 'up', seconds: 7, txBytes: 8 },
      identity: { model: 'E3272' },
    });
    assert.deepEqual(server.log.filter((name) => /status$|signal|plmn|statistics|information/.test(name)).length, 6);
    const { state, pinTries } = status.sim ?? {};
    fits({ sim: { state, pinTries }, signal: { bars: status.signal?.bars } }, STATUS, 'status');
  });

  it('has personal data only for who wants them', async () => {
    const { client, run } = bench(routes);
    const { identity, addresses } = await run(client.status({ parts: ['identity', 'data'], personal: true }));
    assert.deepEqual([identity?.imei, addresses?.ip], ['862147043182076', '10.1.2.3']);
    const other = await run(client.status({ parts: ['identity', 'data'] }));
    assert.deepEqual([other.identity, other.addresses], [{ model: 'E3272' }, undefined]);
  });

  it('leaves out what the firmware has not, or keeps to itself, or garbles', async () => {
    const { server, client, run } = bench({
      'GET monitoring/status': STATUS_ANSWER,
      'GET device/signal': fault(100003),
      'GET pin/status': '<html></html>',
      'GET device/information': fault(100003),
      'GET device/basic_information': xml('<devicename>E3272</devicename>'),
    });
    for (let nth = 0; nth < 2; nth++) {
      assert.deepEqual(await run(client.status({ parts: ['signal', 'sim', 'identity'] })), {
        signal: { bars: 4, percent: 80, system: 'LTE' },
        sim: { state: 'READY' },
        identity: { model: 'E3272' },
      });
      await run(client.network());
    }
    assert.equal(server.count('GET net/current-plmn'), 1);
  });

  it('without service names no radio system, whatever the operator was', async () => {
    const { client, run } = bench({
      ...routes,
      'GET monitoring/status': xml('<CurrentNetworkType>19</CurrentNetworkType><ServiceStatus>0</ServiceStatus>'),
    });
    const network = await run(client.network());
    assert.deepEqual([network?.registered, network?.service, network?.system], [false, 'none', undefined]);
  });

  it('of a place that is no stick is an error', async () => {
    const { client, run } = bench({
      'GET monitoring/status': '<html>My router</html>',
      'GET device/signal': '<html/>',
    });
    await assert.rejects(run(client.signal()), failure('HILINK_ERROR', /web page/));
  });
});

describe('hilink: the right stick', () => {
  const changes: Record<string, (client: ReturnType<typeof openHilink>) => Promise<unknown>> = {
    send: (client) => client.sms.send({ to: '22922', text: 'x' }),
    delete: (client) => client.sms.delete([]),
    'mark read': (client) => client.sms.markRead([]),
    USSD: (client) => client.ussd('*100#'),
    PIN: (client) => client.enterPin('1234'),
    data: (client) => client.setData(false),
    order: (client) => client.setOrder(['auto']),
    restart: (client) => client.restart(),
    LAN: (client) => client.setLanAddress('192.168.9.1'),
    counters: (client) => client.clearCounters(),
  };

  for (const [name, change] of Object.entries(changes)) {
    it(`is looked at before a change: ${name}`, async () => {
      for (const expect of [{ imei: '864617035501275' }, { serial: 'SN87654321' }]) {
        const { server, client, run } = bench({ 'GET device/information': xml(IDENTITY) }, { expect });
        await assert.rejects(
          run(change(client)),
          failure('STICK_NOT_FOUND', /another stick, whose .* nothing was changed/),
        );
        assert.deepEqual(
          server.log.filter((request) => request.startsWith('POST')),
          [],
        );
      }
    });
  }

  it('is looked at each time: another may have taken its place', async () => {
    const { server, client, run } = bench(
      {
        'GET device/information': [xml(IDENTITY), xml(IDENTITY.replace('SN12345678', 'SN00000000'))],
        'POST device/control': OK,
      },
      { expect: { serial: 'SN12345678', imei: '862147043182076' } },
    );
    await run(client.restart());
    await assert.rejects(run(client.restart()), failure('STICK_NOT_FOUND', /ends with 0000, not with 5678/));
    assert.equal(server.count('POST device/control'), 1);
  });

  it('that does not tell who it is gets no change', async () => {
    const { server, client, run } = bench(
      {
        'GET device/information': fault(100003),
        'GET device/basic_information': xml('<devicename>E3272</devicename>'),
      },
      { expect: { imei: '862147043182076' } },
    );
    await assert.rejects(run(client.restart()), failure('HILINK_ERROR', /does not tell its IMEI/));
    assert.equal(server.count('POST device/control'), 0);
  });
});

describe('hilink: USSD', () => {
  it('waits for the answer, and for what the stick says of menus', async () => {
    const { clock, server, client, run } = bench({
      'POST ussd/send': OK,
      'GET ussd/get': [...Array<string>(5).fill(fault(111019)), xml('<content>Credit: 5\n1 Offers</content>')],
      'GET ussd/status': xml('<result>0</result>'),
    });
    assert.deepEqual(await run(client.ussd('*100#')), { text: 'Credit: 5\n1 Offers', menu: false });
    assert.equal(clock.now(), 6_000);
    assert.equal(
      server.body('POST ussd/send'),
      '<?xml version="1.0" encoding="UTF-8"?><request><content>*100#</content><codeType>CodeType</codeType><timeout></timeout></request>',
    );
  });

  it('without ussd/status goes by the text', async () => {
    const { client, run } = bench({ 'POST ussd/send': OK, 'GET ussd/get': xml('<content>Menu\n1 Offers</content>') });
    assert.deepEqual(await run(client.ussd('1')), { text: 'Menu\n1 Offers', menu: true });
  });

  it('ends in time, and leaves the conversation', async () => {
    for (const answer of [fault(111019), fault(111020)]) {
      const { server, client, run } = bench({ 'POST ussd/send': OK, 'GET ussd/get': answer, 'GET ussd/release': OK });
      await assert.rejects(
        run(client.ussd('*100#', { timeout: 10_000 })),
        failure('TIMEOUT', /USSD request within 10 s/),
      );
      assert.equal(server.count('GET ussd/release'), 1);
    }
    const { client, run } = bench({ 'POST ussd/send': OK, 'GET ussd/get': fault(111022) });
    await assert.rejects(run(client.ussd('*100#')), failure('HILINK_ERROR', 111022));
  });

  it('takes no other characters than the pages do', async () => {
    const { server, client, run } = bench({});
    for (const code of ['', 'abc', '*100#;', '1'.repeat(41)])
      await assert.rejects(run(client.ussd(code)), failure('BAD_ARGUMENT', /USSD code/));
    assert.deepEqual(server.log, []);
  });
});

describe('hilink: PIN', () => {
  const state = (code: number, tries: string) => xml(`<SimState>${code}</SimState><SimPinTimes>${tries}</SimPinTimes>`);

  it('is entered with all four elements, and the SIM is waited for', async () => {
    const { server, client, run } = bench({
      'GET pin/status': [state(260, '3'), state(260, '3'), state(257, '3')],
      'POST pin/operate': OK,
    });
    assert.deepEqual(await run(client.enterPin('1234')), { state: 'READY', pinTries: 3 });
    assert.equal(
      server.body('POST pin/operate'),
      '<?xml version="1.0" encoding="UTF-8"?><request><OperateType>0</OperateType><CurrentPin>1234</CurrentPin>' +
        '<NewPin></NewPin><PukCode></PukCode></request>',
    );
  });

  it('is not entered when it is not wanted, when its last try is left, or nobody knows', async () => {
    for (const [answer, about] of [
      [state(260, '1'), /No more than one try/],
      [state(260, ''), /does not tell how many tries/],
      [state(261, '0'), /does not want a PIN: its state is SIM PUK/],
      [state(255, ''), /NOT INSERTED/],
    ] as const) {
      const { server, client, run } = bench({ 'GET pin/status': answer });
      await assert.rejects(run(client.enterPin('1234')), failure('COMMAND_REFUSED', about));
      assert.equal(server.count('POST pin/operate'), 0);
    }
    const { server, client, run } = bench({ 'GET pin/status': state(258, '3') });
    assert.equal((await run(client.enterPin('1234')))?.state, 'READY');
    await assert.rejects(run(client.enterPin('12')), failure('BAD_ARGUMENT', /4 to 8 digits/));
    assert.equal(server.count('POST pin/operate'), 0);
  });

  it('that is wrong is told with the number of the stick, and tried once', async () => {
    const { server, client, run } = bench({ 'GET pin/status': state(260, '3'), 'POST pin/operate': fault(103002) });
    await assert.rejects(run(client.enterPin('1234')), failure('HILINK_ERROR', 103002));
    assert.equal(server.count('POST pin/operate'), 1);
  });
});

describe('hilink: settings', () => {
  const down = xml('<ConnectionStatus>902</ConnectionStatus>');
  const up = xml('<ConnectionStatus>901</ConnectionStatus>');
  const DIALLING =
    '<RoamAutoConnectEnable>0</RoamAutoConnectEnable><MaxIdelTime>600</MaxIdelTime><ConnectMode>0</ConnectMode>';

  it('data goes by the switch where the firmware says that it has one', async () => {
    const { server, client, run } = bench({
      'GET global/module-switch': xml('<dataswitch_enabled>1</dataswitch_enabled>'),
      'POST dialup/mobile-dataswitch': OK,
      'GET dialup/mobile-dataswitch': xml('<dataswitch>0</dataswitch>'),
      'GET monitoring/status': [xml('<ConnectionStatus>903</ConnectionStatus>'), up, down],
    });
    assert.deepEqual(await run(client.setData(false)), { connection: 'down' });
    assert.equal(server.count('POST dialup/dial'), 0);
  });

  it('else it dials, by hand while data is off, and posts back the rest as it was', async () => {
    const { server, client, run } = bench({
      'GET global/module-switch': xml('<dataswitch_enabled>0</dataswitch_enabled>'),
      'GET dialup/connection': xml(DIALLING),
      'POST dialup/connection': OK,
      'POST dialup/dial': OK,
      'GET monitoring/status': down,
    });
    await run(client.setData(false));
    const request = (inner: string) => `<?xml version="1.0" encoding="UTF-8"?><request>${inner}</request>`;
    assert.equal(
      server.body('POST dialup/connection'),
      request(DIALLING.replace('>0</ConnectMode', '>1</ConnectMode')),
    );
    assert.equal(server.body('POST dialup/dial'), request('<Action>0</Action>'));
  });

  it('that do not come true are told as they are', async () => {
    const { clock, client, run } = bench({ 'POST dialup/dial': OK, 'GET monitoring/status': down });
    assert.deepEqual(await run(client.setData(true)), { connection: 'down' });
    assert.ok(clock.now() >= 30_000);
  });

  it('of systems: in the order of the stick, offered ones only, bands as they were', async () => {
    const { server, client, run } = bench({
      'GET net/net-mode': xml(
        '<NetworkMode>00</NetworkMode><NetworkBand>3FFFFFFF</NetworkBand><LTEBand>80800D5</LTEBand>',
      ),
      'GET net/net-mode-list': xml('<AccessList><Access>00</Access><Access>0302</Access></AccessList>'),
      'POST net/net-mode': OK,
    });
    await run(client.setOrder(['LTE', 'WCDMA']));
    assert.equal(
      server.body('POST net/net-mode'),
      '<?xml version="1.0" encoding="UTF-8"?><request><NetworkMode>0302</NetworkMode><NetworkBand>3FFFFFFF</NetworkBand>' +
        '<LTEBand>80800D5</LTEBand></request>',
    );
    await assert.rejects(run(client.setOrder(['GSM'])), failure('BAD_ARGUMENT', /does not take \["GSM"\]/));
    await assert.rejects(run(client.setOrder(['5G'])), failure('BAD_ARGUMENT', /order of systems/));
    assert.equal(server.count('POST net/net-mode'), 1);
  });

  it('of systems on older firmware go by its own numbers', async () => {
    const { server, client, run } = bench({
      'GET net/network': xml('<NetworkMode>0</NetworkMode><NetworkBand>1</NetworkBand>'),
      'POST net/network': OK,
    });
    await run(client.setOrder(['wcdma', 'gsm']));
    assert.match(server.body('POST net/network'), /<NetworkMode>4<\/NetworkMode><NetworkBand>1<\/NetworkBand>/);
  });

  it('a restart and another LAN address may take the answer with them', async () => {
    const lan =
      '<DhcpIPAddress>192.168.8.1</DhcpIPAddress><DhcpLanNetmask>255.255.255.0</DhcpLanNetmask><DhcpStatus>1</DhcpStatus>' +
      '<DhcpStartIPAddress>192.168.8.100</DhcpStartIPAddress><DhcpEndIPAddress>192.168.8.200</DhcpEndIPAddress>' +
      '<DhcpLeaseTime>86400</DhcpLeaseTime><DnsStatus>1</DnsStatus><PrimaryDns>192.168.8.1</PrimaryDns>' +
      '<SecondaryDns>8.8.8.8</SecondaryDns>';
    const { server, client, run } = bench({
      'POST device/control': cut,
      'GET dhcp/settings': xml(lan),
      'POST dhcp/settings': () => new Promise(() => undefined),
    });
    await run(client.restart());
    assert.match(server.body('POST device/control'), /<Control>1<\/Control>/);
    const set = await run(client.setLanAddress('192.168.9.1'));
    assert.deepEqual(
      [set.ip, set.pool, set.dns],
      ['192.168.9.1', ['192.168.9.100', '192.168.9.200'], ['192.168.9.1', '8.8.8.8']],
    );
    const expected = lan.replaceAll('192.168.8.', '192.168.9.');
    assert.equal(
      server.body('POST dhcp/settings'),
      `<?xml version="1.0" encoding="UTF-8"?><request>${expected}</request>`,
    );
    for (const address of ['8.8.8.8', '192.168.9.255', '192.168.9.100', 'hi.link', '192.168.300.1']) {
      await assert.rejects(run(client.setLanAddress(address)), failure('BAD_ARGUMENT', /no private one/), address);
    }
  });
});

describe('hilink: addresses and secrets', () => {
  it('takes an address with or without its scheme, and none with a password', () => {
    const urlOf = (url: string) => openHilink({ url }).url;
    assert.equal(urlOf('192.168.8.1'), 'http://192.168.8.1');
    assert.equal(urlOf('http://127.0.0.1:18080/'), 'http://127.0.0.1:18080');
    for (const url of [
      'https://192.168.8.1',
      'ftp://x',
      'http://',
      '',
      'http://admin:hidden@192.168.8.1',
      'http://:hidden@192.168.8.1',
      'file:///etc/passwd',
    ]) {
      assert.throws(
        () => urlOf(url),
        (error) => failure('BAD_ARGUMENT', /address of a HiLink stick/)(error) && !String(error).includes('hidden'),
        url,
      );
    }
  });

  it('shows the password to nobody: not in errors, not in itself', async () => {
    const password = 'Hidden#Word1';
    const { client, run } = bench(
      {
        'GET sms/sms-count': fault(100003),
        'GET user/state-login': xml('<State>-1</State><password_type>0</password_type>'),
        'POST user/login': fault(108006),
      },
      { password },
    );
    const error = await run(client.sms.storage()).then(
      () => assert.fail(),
      (thrown: unknown) => thrown,
    );
    const shown = [client, error, redactError(error), JSON.stringify(client), JSON.stringify(error)].map((one) =>
      inspect(one, { depth: 20, showHidden: true }),
    );
    for (const text of shown) {
      assert.ok(!text.includes(password));
      assert.ok(!text.includes(Buffer.from(password).toString('base64')));
    }
  });
});
