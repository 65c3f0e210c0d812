/** Fifty traces of virtual sticks, one of each kind, each with something private that must not be found in it. */

import { encodeSubmit } from '../../src/at/sms/submit';
import { openAt } from '../../src/device/at/open-at';
import { openSms } from '../../src/device/sms/open-sms';
import { StatusReader } from '../../src/device/status';
import { convert } from '../../src/flash/convert';
import { upload, write } from '../../src/flash/upload-and-write';
import { switchStick } from '../../src/modeswitch/switch';
import { findStick } from '../../src/stick/stick';
import { act } from '../../src/virtual/person';
import { HILINK_NAMES } from '../../src/virtual/web/firmware';
import { type Made, makeTrace } from './made-bench';
import {
  ABROAD,
  ACCENTED,
  CYRILLIC,
  commands,
  EMOJI,
  files,
  HOME,
  hex,
  hilink,
  incoming,
  type Kind,
  LONG,
  outgoing,
  PASSWORD,
  PIN,
  plantFiles,
  SECRET,
  stored,
  ussd,
  webStatus,
} from './made-parts';

export const KINDS: readonly Kind[] = [
  commands('IMEI', {}, ['AT+CGSN', 'ATI', 'AT+CGMR', 'AT+CGMM']),
  commands('IMSI', {}, ['AT+CIMI']),
  commands('ICCID', {}, ['AT^ICCID?', 'AT+CRSM=176,12258,0,0,10']),
  commands('ICCID with swapped digits', { quirks: ['iccid-swapped'] }, ['AT^ICCID?']),
  commands('ICCID in quotes', { quirks: ['iccid-quoted'] }, ['AT^ICCID?']),
  commands('serial number', {}, ['AT^SN?', 'AT^SN']),
  commands('own number', {}, ['AT+CNUM']),
  commands('own number behind an error', { quirks: ['cnum-error', 'cnum-cme'] }, ['AT+CNUM']),
  {
    name: 'the tail of the IMEI in ^BOOT',
    async work(bench) {
      await bench.plug();
      await bench.at('AT^CURC=1');
      bench.stick.urc(`^BOOT:${bench.plant('tail of another IMEI', '49015420').slice(0, 8)},0,0,0,75`);
      await bench.pass(5_000);
      await bench.at('AT+CSQ');
    },
  },
  commands(
    'PIN that is entered',
    { sim: { state: 'pin', pin: PIN.slice(0, 8) } },
    ['AT+CPIN?', `AT+CPIN="${PIN}"`, 'AT+CPIN?'],
    { PIN },
  ),
  commands(
    'PIN that is wrong and changed',
    { sim: { pin: '1234' } },
    [`AT+CPWD="SC","1234","${PIN}"`, `AT+CLCK="SC",1,"${PIN}"`, `AT^CPIN="${PIN}"`],
    { PIN },
  ),
  commands('PUK', { sim: { state: 'puk', puk: '55512345' } }, [`AT+CPIN="55512345","${PIN}"`, 'AT^CPIN?'], {
    PUK: '55512345',
    PIN,
  }),
  commands('phone book', {}, [`AT+CPBW=1,"${ABROAD}",145,"Rosalinde Pfeffer"`, 'AT+CPBR=1,10', 'AT+CPBF="Rosalinde"'], {
    number: ABROAD,
    name: 'Rosalinde Pfeffer',
  }),
  commands(
    'phone book in UCS-2',
    {},
    ['AT+CSCS="UCS2"', `AT+CPBW=2,"${HOME}",129,"${hex('Rosalinde Pfeffer')}"`, 'AT+CPBR=1,10'],
    { number: HOME, name: 'Rosalinde Pfeffer' },
  ),
  {
    name: 'phone book and own number without quotes',
    async work(bench) {
      bench.plant('name', 'Rosalinde Pfeffer');
      bench.plant('number', ABROAD);
      await bench.plug();
      await bench.at('AT^CURC=1');
      for (const line of [
        `+CPBR: 1,${ABROAD},145,Rosalinde Pfeffer`,
        `+CNUM: Rosalinde Pfeffer,${ABROAD},145`,
        `+CNUM: ${hex('Rosalinde Pfeffer')},${HOME},129`,
      ]) {
        bench.stick.urc(line);
        await bench.pass(1_000);
      }
      await bench.at('AT');
    },
  },
  commands(
    'login of the access point',
    {},
    [
      'AT^NDISDUP=1,1,"internet","rosalinde.pfeffer","Zug-nach-Bern-88",2',
      'AT +CPIN = "73918264"',
      'AT^AUTHDATA=1,2,"internet","Zug-nach-Bern-88","rosalinde.pfeffer"',
    ],
    { user: 'rosalinde.pfeffer', password: 'Zug-nach-Bern-88', PIN },
  ),
  commands('dial string', {}, [`ATD${ABROAD};`, `ATD${HOME};`, 'ATH'], { abroad: ABROAD, home: HOME }),
  {
    name: 'caller',
    async work(bench) {
      bench.plant('caller', ABROAD);
      await bench.plug();
      await bench.at('AT+CLIP=1', 'AT+CRC=1');
      bench.order({ do: 'call', from: ABROAD, rings: 3 });
      await bench.pass(20_000);
      await bench.at('AT+CLCC');
    },
  },
  commands('number of the service centre', {}, [`AT+CSCA="${ABROAD}",145`, 'AT+CSCA?'], { centre: ABROAD }),
  incoming('SMS in GSM-7', { text: SECRET }),
  incoming('SMS with accents', { text: ACCENTED }),
  incoming('SMS in UCS-2', { text: CYRILLIC }),
  incoming('SMS with emoji', { text: EMOJI }),
  incoming('SMS of several parts', { text: LONG }),
  incoming('SMS of several parts in UCS-2, out of order', { text: `${CYRILLIC}. `.repeat(6), order: [3, 1, 2] }),
  incoming('SMS from a name', { from: 'Rosalinde', text: SECRET }),
  incoming('SMS from a number at home', { from: HOME, text: SECRET }),
  incoming('SMS with a national table', { text: 'Rosalinde bekliyor degirmende', locking: 1 }),
  incoming('SMS that shows at once', { text: SECRET, flash: true }),
  incoming('SMS with numbers in it', { text: 'Your code is 8846201937, call 01715550177 today' }),
  stored('GSM'),
  stored('UCS2'),
  stored('IRA'),
  outgoing('SMS sent', ABROAD, SECRET),
  outgoing('SMS sent in UCS-2, with a report', HOME, CYRILLIC, { report: { owner: 'made' } }),
  outgoing('long SMS sent', ABROAD, LONG),
  {
    name: 'SMS stored in the stick by others',
    async work(bench) {
      bench.plant('text', SECRET);
      bench.plant('recipient', ABROAD);
      await bench.plug();
      const [part] = encodeSubmit({ to: ABROAD, text: SECRET, reference: 1 });
      bench.order({ do: 'stored', store: 'ME', hex: part?.hex ?? '', status: 2 });
      await bench.at('AT+CMGF=0', 'AT+CPMS="ME","ME","ME"', 'AT+CMGL=4');
    },
  },
  ussd(
    'USSD packed',
    {},
    { text: 'Dear Rosalinde your balance is 1234567 EUR' },
    ['AT+CUSD=1,"AA98CD6603",15', 'AT+CUSD=2'],
    { text: 'Dear Rosalinde your balance' },
  ),
  ussd('USSD in UCS-2', {}, { text: `${CYRILLIC} 8846201937` }, ['AT+CUSD=1,"AA98CD6603",15'], {
    text: CYRILLIC,
    code: '8846201937',
  }),
  ussd(
    'USSD plain, with a voucher',
    {},
    { text: SECRET, next: { '1': { text: 'Bye Rosalinde Pfeffer' } } },
    ['AT^USSDMODE=0', 'AT+CUSD=1,"*135#",15', 'AT+CUSD=1,"1",15', 'AT+CUSD=1,"*104*8846201937315#",15'],
    { text: SECRET, voucher: '8846201937315' },
  ),
  ...HILINK_NAMES.map((generation) =>
    hilink(`HiLink: ${generation}`, { hilink: generation, web: { login: true, password: PASSWORD } }, async (bench) => {
      await webStatus(bench, PASSWORD);
      await webStatus(bench, 'Falsch-und-geheim-99');
      bench.plant('wrong password', 'Falsch-und-geheim-99');
    }),
  ),
  hilink('HiLink: SMS received', {}, async (bench) => {
    bench.plant('text', EMOJI);
    bench.plant('sender', ABROAD);
    const sms = openSms(bench.tapped, '1-1', { web: { password: 'admin' } });
    sms.receive({ onMessage: () => true });
    await bench.pass(60_000);
    bench.stick.receiveSms({ from: ABROAD, text: EMOJI });
    await bench.pass(120_000);
    await bench.run(sms.list().catch(() => undefined));
    await bench.run(sms.release());
  }),
  hilink('HiLink: SMS sent', {}, async (bench) => {
    bench.plant('text', SECRET);
    bench.plant('recipient', HOME);
    const sms = openSms(bench.tapped, '1-1', { web: { password: 'admin' } });
    await bench.run(sms.send({ to: HOME, text: SECRET }).catch(() => undefined));
    await bench.pass(60_000);
    await bench.run(sms.release());
  }),
  hilink('HiLink: USSD', {}, async (bench) => {
    bench.plant('text', SECRET);
    bench.order({ do: 'ussd', code: '*135#', text: SECRET });
    const sms = openSms(bench.tapped, '1-1', { web: { password: 'admin' } });
    await bench.run(sms.ussd('*135#').catch(() => undefined));
    await bench.run(sms.release());
  }),
  hilink('HiLink: PIN', { sim: { state: 'pin', pin: '7391' } }, async (bench) => {
    const handle = openAt(bench.tapped, '1-1', { pin: '7391', web: { password: 'admin' } });
    await bench.pass(60_000);
    await bench.run(handle.release());
  }),
  {
    name: 'status',
    async work(bench) {
      await bench.plug();
      const handle = openAt(bench.tapped, '1-1');
      const reader = new StatusReader(handle);
      await bench.run(
        reader
          .read({ parts: ['identity', 'signal', 'network', 'sim', 'data', 'temperature'], personal: true })
          .catch(() => undefined),
      );
      await bench.run(handle.release());
    },
  },
  {
    name: 'switch out of the CD-ROM mode',
    options: { firmware: 'stick', setport: undefined },
    async work(bench) {
      await bench.plug();
      await bench.run(switchStick(bench.tapped, await findStick(bench.tapped, '1-1')));
      await bench.at('AT+CGSN');
    },
  },
  {
    name: 'upload of a loader and write',
    options: { firmware: 'hilink', setport: undefined },
    async work(bench) {
      plantFiles(bench);
      await bench.plug({ bootPin: true });
      await bench.run(upload(bench.tapped, { which: '1-1', loader: files.loader, confirm: () => true }));
      await bench.run(write(bench.tapped, { which: '1-1', firmware: files.firmware, confirm: () => true }));
    },
  },
  {
    name: 'conversion',
    options: { firmware: 'hilink', setport: undefined },
    async work(bench) {
      plantFiles(bench);
      await bench.plug();
      await bench.run(
        convert(bench.tapped, {
          which: '1-1',
          ...files,
          confirm: () => true,
          onEvent: (event) => {
            if (event.type === 'wait') void act(bench.stick, event.act);
          },
        }),
      );
    },
  },
  {
    name: 'answers in pieces, with noise in between',
    options: { pieces: 3 },
    async work(bench) {
      bench.plant('text', SECRET);
      bench.plant('sender', ABROAD);
      await bench.plug();
      bench.stick.receiveSms({ from: ABROAD, text: SECRET });
      await bench.pass(5_000);
      await bench.at('AT+CGSN', 'AT+CIMI', 'AT+CMGF=0', 'AT+CMGL=4', 'AT+CNUM');
      bench.order({ fault: 'noise', at: 'at', count: 3, text: '\r\n^RSSI: 20\r\n' });
      await bench.at('AT+CGSN', 'AT+CMGL=4', 'AT+CIMI');
    },
  },
];

export const made = ({ options = {}, work }: Kind): Promise<Made> => makeTrace(options, work);
