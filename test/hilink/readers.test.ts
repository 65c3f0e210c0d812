import assert from 'node:assert/strict';
import { isDriverError } from '../../src/errors';
import { readHilink } from '../../src/hilink/read';
import { fault, xml } from './server';

const read = (path: string, inner: string) => readHilink(path, Buffer.from(xml(inner)));

const message = (index: number, content: string | Buffer, more = '<SmsType>1</SmsType>', status = 0): Buffer =>
  Buffer.concat([
    Buffer.from(`<Message><Smstat>${status}</Smstat><Index>${index}</Index><Phone>+440000000000</Phone><Content>`),
    Buffer.from(content),
    Buffer.from(`</Content><Date>2024-02-29 23:59:59</Date><Sca></Sca><SaveType>4</SaveType>${more}</Message>`),
  ]);

const list = (...messages: Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from(`<?xml version="1.0" encoding="UTF-8"?><response><Count>${messages.length}</Count><Messages>`),
    ...messages,
    Buffer.from('</Messages></response>\r\n'),
  ]);

const PUSH = Buffer.from([0xbe, 0xaf, 0x84, 0x8c, 0x82, 0x98, 0x00, 0x3c, 0x26, 0xff, 0x8d, 0x90]);

describe('hilink: readers', () => {
  it('of messages: the notice of an MMS breaks the list, and the others are read all the same', () => {
    const { messages, total } = readHilink(
      'sms/sms-list',
      list(message(1, 'one &lt; two'), message(2, PUSH), message(3, '3 ')),
    );
    assert.deepEqual(
      messages?.map(({ id, kind, text }) => [id, kind, text]),
      [
        [1, 'text', 'one < two'],
        [2, 'mms', undefined],
        [3, 'text', '3 '],
      ],
    );
    assert.equal(total, 3);
    // As characters, which are XML.
    assert.equal(readHilink('sms/sms-list', list(message(2, '¾¯\u0084x'))).messages?.[0]?.kind, 'mms');
  });

  it('of messages: what has swallowed the end of its element does not swallow the next message', () => {
    const broken = Buffer.concat([
      Buffer.from('<Message><Smstat>0</Smstat><Index>1</Index><Content>'),
      PUSH,
      Buffer.from('<Date>2024-1-2 3:4:5</Date></Message>'),
    ]);
    const { messages } = readHilink('sms/sms-list', list(broken, message(2, 'whole')));
    assert.deepEqual(
      messages?.map(({ id, text, time }) => [id, text, time]),
      [
        [1, undefined, '2024-01-02T03:04:05'],
        [2, 'whole', '2024-02-29T23:59:59'],
      ],
    );
  });

  it('of messages: a list that is broken by anything else is none', () => {
    for (const spoilt of [
      list(message(1, 'a <b & c')),
      Buffer.from(list(message(1, 'a')).toString().replace('</Phone>', '')),
    ]) {
      assert.throws(() => readHilink('sms/sms-list', spoilt), /no whole XML/);
    }
  });

  it('of messages: a broken list that is cut is none', () => {
    const whole = list(message(1, 'a'), message(2, PUSH));
    for (let cut = 10; cut < whole.length - 12; cut += 7) {
      assert.throws(() => readHilink('sms/sms-list', whole.subarray(0, whole.length - cut)), /no whole XML/);
    }
  });

  it('of messages: reports, long ones, drafts, sent ones, and those of nobody', () => {
    const { messages } = readHilink(
      'sms/sms-list',
      list(
        message(1, '', '<SmsType>7</SmsType>'),
        message(2, '', '<SmsType>8</SmsType>', 1),
        message(3, 'long', '<SmsType>2</SmsType>'),
        message(4, 'draft', '', 2),
        message(5, 'sent', '', 3),
        message(6, 'failed', '', 4),
        message(7, 'said', '<curbox>1</curbox>', 1),
        message(8, '', '<SmsType>5</SmsType>'),
        Buffer.from(
          '<Message><Index>9</Index><Phone/><Content>\n a\r\nb </Content><Date>1970-01-01 00:00:61</Date></Message>',
        ),
        Buffer.from('<Message><Content>without an index</Content></Message>'),
      ),
    );
    const time = '2024-02-29T23:59:59';
    const phone = '+440000000000';
    assert.deepEqual(messages, [
      { id: 1, from: phone, time, read: false, state: 'received', kind: 'report', delivered: true },
      { id: 2, from: phone, time, read: true, state: 'received', kind: 'report', delivered: false },
      { id: 3, from: phone, text: 'long', time, read: false, state: 'received', kind: 'text', long: true },
      { id: 4, to: phone, text: 'draft', time, read: true, state: 'draft', kind: 'text' },
      { id: 5, to: phone, text: 'sent', time, read: true, state: 'sent', kind: 'text' },
      { id: 6, to: phone, text: 'failed', time, read: true, state: 'failed', kind: 'text' },
      { id: 7, to: phone, text: 'said', time, read: true, state: 'sent', kind: 'text' },
      { id: 8, from: phone, time, read: false, state: 'received', kind: 'mms' },
      { id: 9, text: '\n a\nb ', read: true, state: 'received', kind: 'text' },
    ]);
  });

  it('of messages: an empty box, with and without its count', () => {
    assert.deepEqual(read('sms/sms-list', '<Count>0</Count><Messages></Messages>'), { messages: [], total: 0 });
    assert.deepEqual(read('sms/sms-list', '<Messages/>'), { messages: [] });
  });

  it('of sending: waiting, done, nothing', () => {
    const sending = (inner: string) => read('sms/send-status', inner).sending;
    assert.deepEqual(sending('<Phone>1,2</Phone><SucPhone>3</SucPhone><FailPhone/>'), {
      finished: false,
      waiting: ['1', '2'],
      sent: ['3'],
      failed: [],
    });
    assert.deepEqual(sending('<Phone></Phone><SucPhone></SucPhone><FailPhone></FailPhone>'), {
      finished: true,
      waiting: [],
      sent: [],
      failed: [],
    });
    assert.equal(sending('<TotalCount>0</TotalCount>'), undefined);
  });

  it('of SMS settings: reports, centre, sizes', () => {
    const inner =
      '<UseSReport>1</UseSReport><Sca>+491710760000</Sca><Validity>10752</Validity><pagesize>20</pagesize><maxphone>50</maxphone>';
    assert.deepEqual(read('sms/config', inner), {
      smsSettings: { reports: true, centre: '+491710760000', validity: 10_752, pageSize: 20, recipients: 50 },
    });
  });

  it('of the SIM: every state', () => {
    const states = [255, 256, 257, 258, 259, 260, 261, 262].map((code) => {
      const { sim } = read('pin/status', `<SimState>${code}</SimState><PinOptState></PinOptState><SimPinTimes/>`);
      return [sim?.state, sim?.pinCheck];
    });
    assert.deepEqual(states, [
      ['NOT INSERTED', undefined],
      ['FAILURE', undefined],
      ['READY', undefined],
      ['READY', false],
      ['READY', true],
      ['SIM PIN', true],
      ['SIM PUK', undefined],
      [undefined, undefined],
    ]);
    assert.deepEqual(
      read('pin/simlock', '<SimLockEnable>1</SimLockEnable><SimLockRemainTimes>9</SimLockRemainTimes>'),
      {
        sim: { locked: true, lockTries: 9 },
      },
    );
  });

  it('of a status without a SIM: the network type is stale', () => {
    const status = read(
      'monitoring/status',
      '<ConnectionStatus>902</ConnectionStatus><SignalIcon>0</SignalIcon><CurrentNetworkType>19</CurrentNetworkType>' +
        '<RoamingStatus>0</RoamingStatus><ServiceStatus>1</ServiceStatus><SimStatus>255</SimStatus><maxsignal>5</maxsignal>',
    );
    assert.deepEqual(status, {
      signal: { bars: 0, percent: 0 },
      network: { registered: false, service: 'restricted' },
      sim: { state: 'NOT INSERTED' },
      data: { connection: 'down' },
    });
  });

  it('of a status: roaming, states of the connection, bars of another number, newer type before older', () => {
    const status = (inner: string) => read('monitoring/status', `<ServiceStatus>2</ServiceStatus>${inner}`);
    const { network } = status(
      '<CurrentNetworkType>9</CurrentNetworkType><CurrentNetworkTypeEx>46</CurrentNetworkTypeEx><RoamingStatus>1</RoamingStatus>',
    );
    assert.deepEqual(network, {
      registration: 'roaming',
      registered: true,
      roaming: true,
      service: 'valid',
      system: 'WCDMA',
      submode: 'DC-HSPA+',
    });
    assert.deepEqual(status('<CurrentNetworkType>0</CurrentNetworkType>').network, {
      registered: false,
      service: 'valid',
    });
    assert.equal(
      status('<CurrentNetworkType>3</CurrentNetworkType><CurrentNetworkTypeEx>0</CurrentNetworkTypeEx>').network
        ?.submode,
      'EDGE',
    );
    const data = [900, 901, 903, 904, 905, 12, 201, 113, 999].map(
      (code) => status(`<ConnectionStatus>${code}</ConnectionStatus>`).data,
    );
    assert.deepEqual(data, [
      { connection: 'connecting' },
      { connection: 'up' },
      { connection: 'disconnecting' },
      { connection: 'down', why: 'failed or switched off' },
      { connection: 'down' },
      { connection: 'down', why: 'roaming is not allowed' },
      { connection: 'down', why: 'the volume is used up' },
      { connection: 'down', why: 'does not connect by itself while roaming' },
      undefined,
    ]);
    assert.deepEqual(status('<SignalIcon>3</SignalIcon><maxsignal>4</maxsignal>').signal, { bars: 4, percent: 75 });
    assert.deepEqual(status('<SignalStrength>41</SignalStrength>').signal, { bars: 2, percent: 41 });
    assert.equal(status('<SignalIcon></SignalIcon>').signal, undefined);
  });

  it('of the signal: units, limits, 3G, what is not known', () => {
    const { signal, cell } = read(
      'device/signal',
      '<pci></pci><sc>311</sc><cell_id>70189605</cell_id><rsrp>&lt;-120dBm</rsrp><rsrq>-13.0dB</rsrq><rssi>&gt;=-51dBm</rssi>' +
        '<sinr>+30dB</sinr><rscp>-95dBm</rscp><ecio>-5.5dB</ecio><mode>2</mode><lte_bandwidth>20M</lte_bandwidth>' +
        '<lac>0</lac><tac></tac><earfcn></earfcn><ltedlfreq>18425</ltedlfreq><nei_cellid>No1:1No2:62No3:503</nei_cellid>' +
        '<enodeb_id></enodeb_id><cqi0>32639</cqi0><band></band><lte_bandinfo>3</lte_bandinfo>' +
        '<txpower>PPusch:-6dBm PPucch:-5dBm</txpower>',
    );
    assert.deepEqual(signal, { system: 'WCDMA', rssi: -51, rsrp: -120, rsrq: -13, sinr: 30, rscp: -95, ecio: -5.5 });
    assert.deepEqual(cell, {
      system: 'WCDMA',
      cellId: 70189605,
      lac: 0,
      scrambling: 311,
      dlMHz: 1842.5,
      band: 3,
      bandwidth: 20,
      txPower: -6,
      neighbours: [1, 62, 503],
    });
    const odd = read(
      'device/signal',
      '<rsrp>-32768</rsrp><rsrq>--</rsrq><sinr>NaN</sinr><rssi>-200dBm</rssi><mode>9</mode>',
    );
    assert.deepEqual(odd, {});
  });

  it('of networks: names may be missing, or be numbers', () => {
    assert.deepEqual(
      read('net/current-plmn', '<State>1</State><FullName/><ShortName/><Numeric>26202</Numeric><Rat>5</Rat>').network,
      {
        choice: 'manual',
        operator: '26202',
        plmn: '26202',
        system: 'WCDMA',
      },
    );
    assert.deepEqual(
      read('net/current-plmn', '<State></State><FullName></FullName><Numeric></Numeric><Rat></Rat>'),
      {},
    );
    const found =
      '<Network><Index>0</Index><State>2</State><FullName>One</FullName><Numeric>26201</Numeric><Rat>7</Rat></Network>';
    assert.deepEqual(read('net/plmn-list', `<Networks>${found}</Networks>`).networks, [
      { status: 'current', name: 'One', plmn: '26201', act: 'LTE' },
    ]);
    assert.deepEqual(read('net/network', '<NetworkMode>3</NetworkMode><NetworkBand>0</NetworkBand>').selection, {
      mode: '3',
      order: ['GSM', 'WCDMA'],
      networkBand: '0',
    });
    assert.deepEqual(
      read('net/net-mode', '<NetworkMode>0302</NetworkMode><NetworkBand>3FFFFFFF</NetworkBand><LTEBand>x</LTEBand>')
        .selection,
      {
        order: ['LTE', 'WCDMA'],
        mode: '0302',
        bands: ['any'],
        networkBand: '3FFFFFFF',
      },
    );
  });

  it('of identity: what is masked or made up is not there, what is swapped is turned', () => {
    const identity = (inner: string) => read('device/information', inner).identity;
    assert.deepEqual(
      identity(
        '<DeviceName>E3272</DeviceName><SerialNumber>****</SerialNumber><Imei>123456789012345</Imei><Imsi>0</Imsi>' +
          '<Iccid>983351509062559841F4</Iccid><Msisdn>unknown</Msisdn><MacAddress1>00:00:00:00:00:00</MacAddress1><supportmode>LTE|WCDMA|x</supportmode>',
      ),
      { model: 'E3272', iccid: '8933150509265589144', systems: ['LTE', 'WCDMA'] },
    );
    assert.deepEqual(identity('<Imei>000000000000000</Imei>'), undefined);
  });

  it('of accounts: who is logged in, in either spelling', () => {
    const login = (inner: string) => read('user/state-login', inner).login;
    assert.deepEqual(
      login(
        '<State>-2</State><Username>admin</Username><password_type>3</password_type><lockstatus>1</lockstatus><remainwaittime>5</remainwaittime>',
      ),
      {
        loggedIn: false,
        other: true,
        user: 'admin',
        method: 'base64',
        type: 3,
        locked: true,
        wait: 5,
      },
    );
    assert.deepEqual(
      login(
        '<State>0</State><username>admin</username><extern_password_type>0</extern_password_type><password_type>4</password_type>',
      ),
      {
        loggedIn: true,
        user: 'admin',
        method: 'sha256',
        type: 4,
      },
    );
    assert.equal(
      read('webserver/SesTokInfo', '<SesInfo>abc/+=</SesInfo><TokInfo>t</TokInfo>').session?.cookie,
      'SessionID=abc/+=',
    );
  });

  it('of data: limits in words, profiles without their passwords, days that are none', () => {
    assert.equal(read('monitoring/start_date', '<DataLimit>1.5GB</DataLimit>').plan?.limit, 1.5 * 2 ** 30);
    assert.equal(
      read('monitoring/month_statistics', '<MonthLastClearTime>2021-13-2</MonthLastClearTime>').month,
      undefined,
    );
    assert.equal(
      read('monitoring/month_statistics', '<CurrentMonthDownload>99999999999999999999</CurrentMonthDownload>').month
        ?.rxBytes,
      '99999999999999999999',
    );
    const profile =
      '<Profile><Index>1</Index><Name>Net</Name><ApnName>web</ApnName><Password>*****</Password><AuthMode>2</AuthMode><ReadOnly>0</ReadOnly><iptype>2</iptype></Profile>';
    assert.deepEqual(
      read('dialup/profiles', `<Profiles>${profile}</Profiles><CurrentProfile>1</CurrentProfile>`).profiles,
      [{ index: 1, name: 'Net', apn: 'web', auth: 'CHAP', ip: 'IPv4v6', readOnly: false, current: true }],
    );
  });

  it('of USSD: a menu by its look, or by what the stick says', () => {
    const menu = (text: string) => read('ussd/get', `<content>${text}</content>`).ussd?.menu;
    assert.equal(menu('Hello\n1) Credit\n2) Offers'), true);
    assert.equal(menu('1. Credit\n2. Offers'), true);
    assert.equal(menu('50 MB left until\n24/10/2026'), false);
    assert.equal(menu('Your number is\n+491713920000'), false);
    assert.deepEqual(read('ussd/get', '<content></content>'), {});
    assert.deepEqual(read('ussd/status', '<result>2</result>').ussd, { state: 'menu', menu: true });
    assert.deepEqual(read('ussd/status', '<result>0</result>').ussd, { state: 'none', menu: false });
  });

  it('of paths that nobody knows hand on what came', () => {
    assert.deepEqual(read('/api/device/autorun-version', '<Version>1.0</Version><Empty/>'), {
      other: { Version: '1.0' },
    });
    const host = (name: string) => `<Host><Name>${name}</Name><Ip/></Host>`;
    assert.deepEqual(read('/api/lan/HostInfo', `<Hosts>${host('a')}${host('b')}</Hosts>`), {
      other: { 'Hosts.Host.Name': 'a', 'Hosts.Host.1.Name': 'b' },
    });
    assert.equal(Object.keys(read('x', '<a>1</a>'.repeat(500)).other ?? {}).length, 200);
    const config = '<config><login>0</login></config>';
    assert.deepEqual(readHilink('/config/global/config.xml', Buffer.from(config)), {
      login: { needed: false },
      other: { login: '0' },
    });
    assert.throws(() => readHilink('monitoring/status', Buffer.from(config)), /another kind/);
    assert.throws(() => readHilink('monitoring/status', Buffer.from('<soap/>')), /another kind/);
  });

  it('take a path with server, case and query for what it is', () => {
    const body = Buffer.from(xml('<SimState>257</SimState>'));
    for (const path of ['pin/status', '/api/pin/status', 'http://192.168.8.1/api/PIN/status?x=1', 'api/pin/status/']) {
      assert.deepEqual(readHilink(path, body), { sim: { state: 'READY' } }, path);
    }
  });

  it('of what stands there twice with two values take neither', () => {
    assert.deepEqual(
      read('device/signal', '<rsrp>-90dBm</rsrp><rsrp>-91dBm</rsrp><rssi>-60dBm</rssi><rssi>-60dBm</rssi>'),
      {
        signal: { rssi: -60 },
      },
    );
  });

  it('of more than a megabyte take nothing', () => {
    assert.throws(
      () => readHilink('sms/sms-list', Buffer.alloc((1 << 20) + 1, 0x20)),
      (error) => isDriverError(error, 'HILINK_ERROR') && /longer than 1048576 bytes/.test(error.message),
    );
  });
});

describe('hilink: errors in words', () => {
  const thrown = (body: string) => {
    try {
      readHilink('user/login', Buffer.from(body));
    } catch (error) {
      return isDriverError(error)
        ? { code: error.code, reason: error.reason, number: error.number, message: error.message }
        : error;
    }
    return undefined;
  };

  it('say what the stick says, with its number', () => {
    assert.deepEqual(thrown(fault(100003)), {
      code: 'HILINK_ERROR',
      reason: 'login-needed',
      number: 100003,
      message: 'The stick wants a login for this (HiLink 100003).',
    });
    for (const number of [108001, 108002, 108006, 115002])
      assert.equal((thrown(fault(number)) as { code: string }).code, 'LOGIN_REFUSED');
    for (const number of [108007, 108010])
      assert.equal((thrown(fault(number)) as { code: string }).code, 'LOGIN_LOCKED');
    assert.match((thrown(fault(108007, '<waittime>3</waittime>')) as { message: string }).message, /3 min to go/);
    assert.match((thrown(fault(112345)) as { message: string }).message, /network settings/);
    assert.match((thrown(fault(999999)) as { message: string }).message, /a number that nobody knows/);
    assert.match((thrown('<error><code></code></error>') as { message: string }).message, /no number/);
  });
});
