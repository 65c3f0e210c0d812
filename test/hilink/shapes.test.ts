/** Answers in the shapes that facts and firmware have for the same thing: one right reading for each, whatever it is wrapped in. */

import assert from 'node:assert/strict';
import { isDriverError } from '../../src/errors';
import { ENDPOINTS } from '../../src/hilink/endpoints/table';
import { readHilink } from '../../src/hilink/read';
import { WEB_VALUES, type WebValues } from '../../src/values/web';
import { fits } from '../support/fits';

/** Of a path what stands in its answer, and the right reading of it. */
type Case = readonly [inner: string, right: WebValues];

const CASES: Readonly<Record<string, readonly Case[]>> = {
  // Short form of an E303, with its names first.
  'device/information': [
    [
      '<DeviceName>E303</DeviceName><SerialNumber>G4PDW16623002677</SerialNumber><Imei>867062050913484</Imei>' +
        '<Imsi>208150461830752</Imsi><Iccid>8933150020461830752F</Iccid><Msisdn></Msisdn>' +
        '<HardwareVersion>CH2E303SM</HardwareVersion><SoftwareVersion>22.318.25.00.414</SoftwareVersion>' +
        '<WebUIVersion>15.100.03.00.414</WebUIVersion><Uptime></Uptime><MacAddress1></MacAddress1><MacAddress2 />',
      {
        identity: {
          model: 'E303',
          serial: 'G4PDW16623002677',
          imei: '867062050913484',
          imsi: '208150461830752',
          iccid: '8933150020461830752',
          hardware: 'CH2E303SM',
          revision: '22.318.25.00.414',
          webui: '15.100.03.00.414',
        },
      },
    ],
    [
      '<DeviceName>E3272</DeviceName><workmode>NO SERVICE</workmode><WanIPAddress>0.0.0.0</WanIPAddress>' +
        '<WanIPv6Address>::</WanIPv6Address><wan_dns_address>0.0.0.0,10.0.0.1</wan_dns_address><Mccmnc></Mccmnc>' +
        '<MacAddress1>0C:5B:8F:27:9A:64</MacAddress1><Classify>hilink</Classify><uptime>7</uptime>',
      {
        identity: { model: 'E3272', mac: '0C:5B:8F:27:9A:64', family: 'hilink' },
        addresses: { dns: ['10.0.0.1'] },
        uptime: 7,
      },
    ],
  ],
  'device/basic_information': [
    [
      '<productfamily>LTE</productfamily><classify>hilink</classify><multimode>0</multimode><restore_default_status>0' +
        '</restore_default_status><sim_save_pin_enable>1</sim_save_pin_enable><devicename>E3372</devicename>' +
        '<SoftwareVersion>22.333.01.00.00</SoftwareVersion><WebUIVersion>17.100.13.01.03</WebUIVersion>',
      {
        identity: { model: 'E3372', revision: '22.333.01.00.00', webui: '17.100.13.01.03', family: 'hilink' },
        features: { savePin: true },
      },
    ],
  ],
  'device/signal': [
    // 22.3xx on 3G: only what belongs to it.
    [
      '<pci></pci><sc>78</sc><cell_id>12345678</cell_id><rsrq></rsrq><rsrp></rsrp><rssi>-75dBm</rssi><sinr></sinr>' +
        '<rscp>-81dBm</rscp><ecio>-6dB</ecio><psatt>1</psatt><mode>2</mode><lte_bandwidth></lte_bandwidth><lte_bandinfo></lte_bandinfo>',
      {
        signal: { system: 'WCDMA', rssi: -75, rscp: -81, ecio: -6 },
        cell: { system: 'WCDMA', cellId: 12_345_678, scrambling: 78 },
        network: { attached: true },
      },
    ],
    // Signs that are markup, as they are and as they should be.
    [
      '<rsrp><-120dBm</rsrp><rsrq>&gt;=-3.0dB</rsrq><rssi>>=-51dBm</rssi><sinr>&#62;=30dB</sinr><mode>7</mode><lte_bandwidth>20M</lte_bandwidth><lte_bandinfo>3</lte_bandinfo>',
      {
        signal: { system: 'LTE', rsrp: -120, rsrq: -3, rssi: -51, sinr: 30 },
        cell: { system: 'LTE', band: 3, bandwidth: 20 },
      },
    ],
    [
      '<cell_id>0</cell_id><mode>0</mode><rssi> -91 dBm </rssi><lac>1</lac><ulfrequency>1757500kHz</ulfrequency><dlfrequency>1852500kHz</dlfrequency>' +
        '<earfcn>DL:1675 UL:19675</earfcn><cqi0>32639</cqi0><nei_cellid>No1:1No2:62</nei_cellid><enodeb_id>0012309</enodeb_id>',
      {
        signal: { system: 'GSM', rssi: -91 },
        cell: {
          system: 'GSM',
          cellId: 0,
          lac: 1,
          enodeb: 12_309,
          earfcn: 1675,
          ulEarfcn: 19_675,
          dlMHz: 1852.5,
          ulMHz: 1757.5,
          neighbours: [1, 62],
        },
      },
    ],
  ],
  'monitoring/status': [
    // E303: bars from the strength.
    [
      '<ConnectionStatus>900</ConnectionStatus><SignalStrength>60</SignalStrength><SignalIcon></SignalIcon><CurrentNetworkType>9</CurrentNetworkType>' +
        '<CurrentServiceDomain>2</CurrentServiceDomain><RoamingStatus>0</RoamingStatus><SimlockStatus>0</SimlockStatus><ServiceStatus>2</ServiceStatus><SimStatus>1</SimStatus>',
      {
        signal: { bars: 3, percent: 60, system: 'WCDMA' },
        network: {
          registration: 'home',
          registered: true,
          roaming: false,
          service: 'valid',
          domain: 'PS',
          system: 'WCDMA',
          submode: 'HSPA+',
        },
        sim: { state: 'READY', locked: false },
        data: { connection: 'connecting' },
      },
    ],
  ],
  'monitoring/converged-status': [
    [
      '<SimState>260</SimState><SimLockEnable>0</SimLockEnable><CurrentLanguage>en-us</CurrentLanguage>',
      { sim: { state: 'SIM PIN', locked: false }, language: 'en-us' },
    ],
  ],
  'monitoring/traffic-statistics': [
    [
      '<CurrentUploadRate>1</CurrentUploadRate><CurrentDownloadRate>2</CurrentDownloadRate><MaxUploadRate>9</MaxUploadRate>',
      { data: { txRate: 1, rxRate: 2 } },
    ],
  ],
  'monitoring/month_statistics': [
    [
      '<CurrentMonthDownload>0</CurrentMonthDownload><CurrentMonthUpload></CurrentMonthUpload><MonthLastClearTime>2026-7-27</MonthLastClearTime>',
      { month: { rxBytes: 0, since: '2026-07-27' } },
    ],
  ],
  'monitoring/start_date': [
    [
      '<StartDay>31</StartDay><DataLimit>10GB</DataLimit><MonthThreshold>90</MonthThreshold><SetMonthData>1</SetMonthData>',
      { plan: { enabled: true, startDay: 31, limit: 10 * 2 ** 30, threshold: 90 } },
    ],
  ],
  'monitoring/check-notifications': [
    [
      '<UnreadMessage>2</UnreadMessage><SmsStorageFull>0</SmsStorageFull><OnlineUpdateStatus>12</OnlineUpdateStatus>',
      { store: { unread: 2, full: false }, update: 'new version' },
    ],
  ],
  'net/current-plmn': [
    [
      '<State>0</State><FullName>AT&T</FullName><ShortName>AT&amp;T</ShortName><Numeric>310410</Numeric><Rat>7</Rat>',
      { network: { choice: 'automatic', operator: 'AT&T', short: 'AT&T', plmn: '310410', system: 'LTE' } },
    ],
  ],
  'net/net-mode': [
    [
      '<NetworkMode>030201</NetworkMode><NetworkBand>0x3FFFFFFF</NetworkBand><LTEBand>7FFFFFFFFFFFFFFF</LTEBand>',
      {
        selection: {
          order: ['LTE', 'WCDMA', 'GSM'],
          mode: '030201',
          bands: ['any'],
          networkBand: '0x3FFFFFFF',
          lteBands: ['any'],
          lteBand: '7FFFFFFFFFFFFFFF',
        },
      },
    ],
  ],
  'net/net-mode-list': [
    [
      '<AccessList><Access>0302</Access></AccessList><BandList/><LTEBandList><LTEBand><Name>B3</Name><Value>4</Value></LTEBand></LTEBandList>',
      {
        offer: {
          modes: ['0302'],
          orders: [['LTE', 'WCDMA']],
          bands: [],
          lteBands: [{ name: 'B3', mask: '4', bands: ['B3'] }],
        },
      },
    ],
  ],
  'net/network': [
    ['<NetworkMode>4</NetworkMode><NetworkBand></NetworkBand>', { selection: { mode: '4', order: ['WCDMA', 'GSM'] } }],
  ],
  'net/register': [['<Mode>1</Mode><Plmn>26202</Plmn><Rat>7</Rat>', { network: { choice: 'manual', plmn: '26202' } }]],
  'net/plmn-list': [
    ['<Networks/>', { networks: [] }],
    [
      '<Networks><Network><State>3</State><ShortName>x</ShortName><Rat>0</Rat></Network></Networks>',
      { networks: [{ status: 'forbidden', name: 'x', short: 'x', act: 'GSM' }] },
    ],
  ],
  'net/signal-para': [['<Rscp>-88</Rscp><Ecio>-5</Ecio>', { signal: { rscp: -88, ecio: -5 } }]],
  'dialup/connection': [
    [
      '<RoamAutoConnectEnable>1</RoamAutoConnectEnable><AutoReconnect>1</AutoReconnect><RoamAutoReconnctEnable>0</RoamAutoReconnctEnable><ReconnectInterval>3</ReconnectInterval><MaxIdelTime>0</MaxIdelTime><ConnectMode>1</ConnectMode>',
      { data: { roaming: true, dialling: 'manual', idle: 0 } },
    ],
  ],
  'dialup/mobile-dataswitch': [['<dataswitch>0</dataswitch>', { data: { enabled: false } }]],
  'dialup/auto-apn': [['<AutoAPN>1</AutoAPN>', { data: { autoApn: true } }]],
  // The current one last, and the number spelt as it was.
  'dialup/profiles': [
    [
      '<Profiles><Profile><Index>1</Index><Name>a</Name><ApnName></ApnName><DailupNum>*99#</DailupNum><Password></Password><AuthMode>0</AuthMode><ReadOnly>2</ReadOnly></Profile>' +
        '<Profile><Index>2</Index><Name>b</Name><DialupNum>*99***1#</DialupNum><iptype>0</iptype></Profile></Profiles><CurrentProfile>2</CurrentProfile>',
      {
        profiles: [
          { index: 1, name: 'a', dial: '*99#', auth: 'auto', current: false },
          { index: 2, name: 'b', dial: '*99***1#', ip: 'IPv4', current: true },
        ],
      },
    ],
  ],
  'pin/status': [
    [
      '<SimState>260</SimState><PinOptState>259</PinOptState><SimPinTimes>2</SimPinTimes><SimPukTimes>10</SimPukTimes>',
      { sim: { state: 'SIM PIN', pinCheck: true, pinTries: 2, pukTries: 10 } },
    ],
    [
      '<SimState>255</SimState><PinOptState>0</PinOptState><SimPinTimes></SimPinTimes>',
      { sim: { state: 'NOT INSERTED' } },
    ],
  ],
  'pin/simlock': [
    [
      '<SimLockEnable></SimLockEnable><SimLockRemainTimes></SimLockRemainTimes><pSimLockEnable>1</pSimLockEnable><pSimLockRemainTimes>10</pSimLockRemainTimes>',
      { sim: { locked: true, lockTries: 10 } },
    ],
  ],
  'pin/save-pin': [
    [
      '<SimSavepinStatus>1</SimSavepinStatus><SimSavepinPIN></SimSavepinPIN><simsavepinenable>1</simsavepinenable>',
      { sim: { pinKept: true }, features: { savePin: true } },
    ],
  ],
  'sms/sms-list': [
    ['<Count>0</Count><Messages>\n</Messages>', { messages: [], total: 0 }],
    [
      '<Count>1</Count><Messages><Message><Smstat>1</Smstat><Index>0</Index><Phone>Balance</Phone><Content> a&#13;&#10;b&amp;lt; </Content><Date>2000-01-01 00:00:00</Date><SmsType>1</SmsType></Message></Messages>',
      {
        messages: [
          {
            id: 0,
            from: 'Balance',
            text: ' a\nb&lt; ',
            time: '2000-01-01T00:00:00',
            read: true,
            state: 'received',
            kind: 'text',
          },
        ],
        total: 1,
      },
    ],
  ],
  'sms/sms-list-contact': [
    [
      '<count>1</count><messages><message><smstat>0</smstat><index>40001</index><phone>1</phone><content>x</content><date>2024-02-29 23:59:59</date><smstype>1</smstype><unreadcount>1</unreadcount></message></messages>',
      {
        messages: [
          {
            id: 40_001,
            from: '1',
            text: 'x',
            time: '2024-02-29T23:59:59',
            read: false,
            state: 'received',
            kind: 'text',
          },
        ],
        total: 1,
      },
    ],
  ],
  'sms/sms-list-phone': [
    [
      '<count>9</count><messages><message><smstat>3</smstat><index>40002</index><phone>1</phone><content>y</content><curbox>1</curbox></message></messages>',
      { messages: [{ id: 40_002, to: '1', text: 'y', read: true, state: 'sent', kind: 'text' }], total: 9 },
    ],
  ],
  'sms/sms-count': [
    [
      '<LocalUnread>1</LocalUnread><LocalInbox>499</LocalInbox><LocalOutbox>1</LocalOutbox><LocalDraft>0</LocalDraft><SimMax>30</SimMax><LocalMax>500</LocalMax>',
      { store: { unread: 1, inbox: 499, sent: 1, draft: 0, max: 500, used: 500, full: true, sim: { max: 30 } } },
    ],
  ],
  'sms/sms-count-contact': [['<count>3</count>', { total: 3 }]],
  'sms/send-status': [
    [
      '<Phone></Phone><SucPhone>+44 1,2;3,</SucPhone><FailPhone>4</FailPhone><TotalCount>4</TotalCount><CurIndex>4</CurIndex>',
      { sending: { finished: true, waiting: [], sent: ['+44 1', '2', '3'], failed: ['4'] } },
    ],
  ],
  'sms/config': [
    [
      '<SaveMode>0</SaveMode><Validity>10752</Validity><Sca>+48790998250</Sca><UseSReport>0</UseSReport><SendType>1</SendType><pagesize>20</pagesize><maxphone>50</maxphone>',
      { smsSettings: { reports: false, centre: '+48790998250', validity: 10_752, pageSize: 20, recipients: 50 } },
    ],
  ],
  'sms/splitinfo-sms': [
    ['<splitinfo>2</splitinfo><convert_type>0</convert_type>', { split: { parts: 2, conversion: 0 } }],
  ],
  'ussd/get': [
    [
      '<content>\u0002Solde: 5&#x20AC;\r\n1. Menu\r\n2. Quit\u0000</content><date/>',
      { ussd: { text: 'Solde: 5€\n1. Menu\n2. Quit', menu: true } },
    ],
  ],
  'ussd/status': [['<result>1</result>', { ussd: { state: 'running', menu: false } }]],
  'webserver/SesTokInfo': [
    ['<SesInfo>a+/=</SesInfo><TokInfo>b+/=</TokInfo>', { session: { cookie: 'SessionID=a+/=', token: 'b+/=' } }],
  ],
  'webserver/token': [['<token>1804289383</token>', { session: { token: '1804289383' } }]],
  'webserver/publickey': [
    ['<encpubkeyn>00aB</encpubkeyn><encpubkeye>010001</encpubkeye>', { key: { modulus: '00aB', exponent: '010001' } }],
  ],
  'user/state-login': [
    [
      '<State>-1</State><Username></Username><password_type>4</password_type><lockstatus>1</lockstatus><remainwaittime>4</remainwaittime><rsapadingtype>0</rsapadingtype>',
      { login: { loggedIn: false, method: 'sha256', type: 4, padding: 'pkcs1', locked: true, wait: 4 } },
    ],
  ],
  'user/hilink_login': [['<hilink_login>0</hilink_login>', { login: { needed: false } }]],
  'user/challenge_login': [
    [
      '<salt>00ff</salt><iterations>100</iterations><servernonce>aB</servernonce><modeselected>1</modeselected><newType>0</newType>',
      { challenge: { salt: '00ff', iterations: 100, nonce: 'aB' } },
    ],
  ],
  'user/authentication_login': [
    [
      '<serversignature>0a</serversignature><rsapubkeysignature>0b</rsapubkeysignature><rsan>0c</rsan><rsae>010001</rsae>',
      { key: { modulus: '0c', exponent: '010001', signature: '0a', keySignature: '0b' } },
    ],
  ],
  // The newer order.
  'dhcp/settings': [
    [
      '<DnsStatus>0</DnsStatus><DhcpStartIPAddress>192.168.8.100</DhcpStartIPAddress><DhcpIPAddress>192.168.8.1</DhcpIPAddress><accessipaddress></accessipaddress>' +
        '<homeurl>homerouter.cpe</homeurl><DhcpStatus>0</DhcpStatus><DhcpLanNetmask>255.255.255.0</DhcpLanNetmask><SecondaryDns></SecondaryDns><PrimaryDns>192.168.8.1</PrimaryDns>' +
        '<DhcpEndIPAddress>192.168.8.200</DhcpEndIPAddress><DhcpLeaseTime>86400</DhcpLeaseTime>',
      {
        lan: {
          ip: '192.168.8.1',
          mask: '255.255.255.0',
          dhcp: false,
          pool: ['192.168.8.100', '192.168.8.200'],
          lease: 86_400,
          dnsAuto: false,
          dns: ['192.168.8.1'],
        },
      },
    ],
  ],
  'global/module-switch': [
    [
      '<ussd_enabled>0</ussd_enabled><sms_enabled>1</sms_enabled><pb_enabled></pb_enabled>',
      { features: { ussd: false, sms: true } },
    ],
  ],
  'language/current-language': [['<CurrentLanguage>de-de</CurrentLanguage>', { language: 'de-de' }]],
  'redirection/homepage': [['<Homepage>http://hi.link/</Homepage>', { homepage: 'http://hi.link/' }]],
  'online-update/status': [
    [
      '<CurrentComponentStatus>14</CurrentComponentStatus><TotalComponents>1</TotalComponents><ComponentList></ComponentList>',
      { update: 'up to date' },
    ],
  ],
  // Paths without a reader of their own are handed on.
  'device/autorun-version': [['<Version>Mobile Partner 1</Version>', { other: { Version: 'Mobile Partner 1' } }]],
  'device/usb-tethering-switch': [
    ['<usbtetheringswitch>1</usbtetheringswitch>', { other: { usbtetheringswitch: '1' } }],
  ],
  'sms/sms-feature-switch': [['<getcontactenable>0</getcontactenable>', { other: { getcontactenable: '0' } }]],
  'user/heartbeat': [['<userlevel>2</userlevel>', { other: { userlevel: '2' } }]],
  'pb/pb-count': [['<SimUsed>3</SimUsed>', { other: { SimUsed: '3' } }]],
};

const bare = (inner: string) => `<response>${inner}</response>`;
const spaced = (inner: string, between: string) => inner.replaceAll(/<\/\w+>|<\w+\s*\/>/g, (end) => `${end}${between}`);
const renamed = (inner: string, change: (name: string) => string) =>
  inner.replaceAll(/(<\/?)(\w+)/g, (_all, open: string, name: string) => `${open}${change(name)}`);

/** What firmware, and whoever writes a server like it, wraps the same in. */
const WRAPPINGS: Readonly<Record<string, (inner: string) => string | Uint8Array>> = {
  'with its declaration': (inner) => `<?xml version="1.0" encoding="UTF-8"?>\n${bare(inner)}\n`,
  'without one': bare,
  'with another case in it': (inner) => `<?xml version='1.0' encoding='utf-8' standalone="yes" ?>${bare(inner)}`,
  'one element in a line': (inner) => bare(`\n${spaced(inner, '\n')}`),
  'with tabs and CR LF': (inner) =>
    `<?xml version="1.0" encoding="utf-8"?>\r\n${bare(`\r\n\t${spaced(inner, '\r\n\t')}`)}\r\n`,
  'behind a byte order mark': (inner) => `\ufeff${bare(inner)}`,
  'behind blanks, before zeros': (inner) => `\r\n \t${bare(inner)}\0\0\n`,
  'with names in lower case': (inner) => renamed(bare(inner), (name) => name.toLowerCase()),
  'with names in capitals': (inner) => renamed(bare(inner), (name) => name.toUpperCase()),
  'with a prefix': (inner) =>
    renamed(bare(inner), (name) => `h:${name}`).replace('<h:response', '<h:response xmlns:h="urn:h"'),
  'with attributes': (inner) => bare(inner).replaceAll(/<(\w+)>/g, '<$1 type="text" n="1>0">'),
  'with comments': (inner) => `<!-- WebUI -->${bare(`<!-- a < b & c -->${spaced(inner, '<!--x-->')}`)}<!-- end -->`,
  'with instructions': (inner) => `<?xml version="1.0"?><?xml-stylesheet href="x"?>${bare(inner)}`,
  'with more than is known': (inner) => bare(`<NewElement><Deep>1</Deep></NewElement>${inner}`),
  'in UTF-16': (inner) => Buffer.from(`\ufeff${bare(inner)}`, 'utf16le'),
};

describe('hilink: shapes of answers', () => {
  it('there is a case for every path that is read, and none but these is read otherwise', () => {
    const known = ENDPOINTS.map(({ path }) => path).filter((path) => !path.startsWith('config/'));
    for (const path of known) assert.ok(CASES[path], path);
    for (const path of Object.keys(CASES)) {
      const isOther = CASES[path]?.[0]?.[1].other !== undefined;
      assert.equal(known.includes(path), !isOther, path);
    }
  });

  for (const [how, wrap] of Object.entries(WRAPPINGS)) {
    it(`${how} they say the same`, () => {
      for (const [path, cases] of Object.entries(CASES)) {
        for (const [inner, right] of cases) {
          // What nobody reads keeps its names, and all of them.
          if (right.other && /case|capitals|more than/.test(how)) continue;
          for (const asked of [path, `/api/${path}`, `http://192.168.8.1/api/${path}?_=1`]) {
            const values = readHilink(asked, Buffer.from(wrap(inner)));
            assert.deepEqual(values, right, path);
          }
          fits(right, WEB_VALUES, path);
        }
      }
    });
  }

  it('empty elements, in any way to write them, tell nothing', () => {
    for (const [path, cases] of Object.entries(CASES)) {
      for (const [inner] of cases) {
        for (const empty of ['<$1></$1>', '<$1/>', '<$1 />', '<$1>\n </$1>', '<$1><![CDATA[]]></$1>', '']) {
          const body = bare(inner.replaceAll(/<(\w+)>(?:[^<]|<-)*<\/\1>/g, empty));
          const values = readHilink(path, Buffer.from(body));
          const left = JSON.stringify(values).replaceAll(/"(?:true|false)"|[[\]{},:]|"\w+"/g, '');
          assert.ok(!/[1-9]/.test(left), `${path}: ${JSON.stringify(values)}`);
        }
      }
    }
  });

  it('of an error, in any shape, the number is told', () => {
    const shapes = [
      '<error><code>100006</code><message></message></error>',
      '<?xml version="1.0" encoding="UTF-8"?>\r\n<error>\r\n<code>100006</code>\r\n<message>Parameter error</message>\r\n</error>\r\n',
      '<ERROR><CODE> 100006 </CODE><MESSAGE/></ERROR>',
      '<e:error xmlns:e="urn:x"><e:code>100006</e:code></e:error>',
      '<error xmlns="urn:x"><code type="int"><![CDATA[100006]]></code></error>',
      '{"error":{"code":"100006","message":""}}',
      '{"code":100006,"message":""}',
      '{"errorCode":100006}',
    ];
    for (const shape of shapes) {
      for (const path of ['device/signal', 'sms/sms-list', 'html/index.html', 'nobody/knows']) {
        assert.throws(
          () => readHilink(path, Buffer.from(shape)),
          (error) => isDriverError(error, 'HILINK_ERROR') && error.number === 100_006,
          shape,
        );
      }
    }
  });

  it('that are pages, nothing, or of somebody else are no answers', () => {
    const none = [
      '',
      ' \r\n\0',
      'OK',
      '404 Not Found',
      '<!DOCTYPE html><html><body>x</body></html>',
      '<!-- x --><html><head><meta http-equiv="refresh" content="0; url=/html/index.html"></head></html>',
      '<HTML><HEAD><TITLE>302</TITLE></HEAD><BODY/></HTML>',
      '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "x.dtd"><html xmlns="x"><body/></html>',
      '<script>window.location="/html/home.html"</script>',
      '<soap:Envelope xmlns:soap="x"><soap:Body/></soap:Envelope>',
      '[]',
      'null',
      '{"response":',
    ];
    for (const body of none) {
      for (const path of ['device/signal', 'sms/sms-list', '/html/index.html', 'nobody/knows']) {
        assert.throws(
          () => readHilink(path, Buffer.from(body)),
          (error) => isDriverError(error, 'HILINK_ERROR'),
          `${path}: ${body}`,
        );
      }
    }
  });

  it('of pages give their tokens', () => {
    const meta = '<meta name="csrf_token" content="first+/="/>\n<META content=\'second\' NAME=csrf_token >';
    const page = Buffer.from(`<!DOCTYPE html><html><head>${meta}</head><body>1 < 2</body></html>`);
    for (const path of ['/html/index.html', '/', '/html/home.html?x']) {
      assert.deepEqual(readHilink(path, page), { session: { token: 'first+/=', tokens: ['first+/=', 'second'] } });
    }
    assert.throws(() => readHilink('device/signal', page), /web page/);
  });

  it('that are the notice of an MMS break no list of messages, newer ones neither', () => {
    const push = Buffer.from([0xbe, 0xaf, 0x84, 0x8c, 0x3c, 0x61, 0x26, 0x00, 0xff]);
    for (const [path, change] of [
      ['sms/sms-list', (text: string) => text],
      ['sms/sms-list-contact', (text: string) => text.toLowerCase()],
      ['sms/sms-list-phone', (text: string) => text.toLowerCase()],
    ] as const) {
      const body = Buffer.concat([
        Buffer.from(change('<response><Count>2</Count><Messages><Message><Index>1</Index><Content>')),
        push,
        Buffer.from(
          change('</Content></Message><Message><Index>2</Index><Content>x</Content></Message></Messages></response>'),
        ),
      ]);
      const { messages, total } = readHilink(path, body);
      assert.deepEqual(
        messages?.map(({ id, kind, text }) => [id, kind, text]),
        [
          [1, 'mms', undefined],
          [2, 'text', 'x'],
        ],
        path,
      );
      assert.equal(total, 2);
    }
  });

  it('as JSON, of the newest firmware, say the same', () => {
    const body = {
      response: {
        Count: 2,
        Messages: {
          Message: [
            { Index: 1, Content: 'a' },
            { Index: 2, Content: 'b', Smstat: 0 },
          ],
        },
      },
    };
    for (const shape of [body, body.response]) {
      const { messages, total } = readHilink('sms/sms-list', Buffer.from(JSON.stringify(shape)));
      assert.deepEqual(
        messages?.map(({ id, text, read }) => [id, text, read]),
        [
          [1, 'a', true],
          [2, 'b', false],
        ],
      );
      assert.equal(total, 2);
    }
  });
});
