/** USSD: codes and menus of the virtual network, and +CUSD in the two forms of ^USSDMODE. */

import { gsm7Characters, gsm7Text, pack, unpack } from '../sms/gsm7';
import { fieldsOf, numberIn } from './arguments';
import { toLine, ucs2Hex, ucs2Text } from './charset';
import type { Handler } from './handler';
import { registered } from './network-service';
import { BAD, OK, type Reply } from './reply';
import { numeric } from './settings';
import type { ModemContext } from './state';
import type { UssdReply } from './ussd-session';

/** Codes that the network knows from the start. */
export const freshUssd = (): Map<string, UssdReply> =>
  new Map<string, UssdReply>([
    ['*100#', { text: 'Balance: 9.91 EUR\nValid to 31.12.' }],
    [
      '*101#',
      {
        text: '1 Balance\n2 Tariff\n0 End',
        next: {
          '1': { text: '9.91 EUR' },
          '2': { text: 'Tariff:\n1 S\n2 L', next: { '1': { text: 'S is yours' }, '2': { text: 'L is yours' } } },
          '0': { text: 'Goodbye', status: 2 },
        },
      },
    ],
    ['*102#', { text: 'Баланс: 9.91 €' }],
  ]);

/** The network waits for an answer as long, milliseconds. */
const PATIENCE = 120_000;
const ENDED = 2;
const UNSUPPORTED = 4;
const TIMED_OUT = 5;
const GSM7_DCS = 15;
const UCS2_DCS = 72;
const CR = 0x0d;

const isUcs2 = (dcs: number): boolean => (dcs & 0xcc) === 0x48 || dcs === 17;

/** Text from the host as +CUSD carries it; undefined = not understood. */
function read(m: ModemContext, field: string, dcs: number): string | undefined {
  if (!m.settings.ussdPacked) return isUcs2(dcs) ? ucs2Text(field) : field;
  if (!/^([0-9a-f]{2})+$/i.test(field)) return undefined;
  if (isUcs2(dcs)) return ucs2Text(field);
  const octets = Buffer.from(field, 'hex');
  const text = gsm7Text(unpack(octets, 1_000));
  // Seven spare bits hold a filling character.
  return octets.length % 7 === 0 ? text.replace(/[\r@]$/, '') : text;
}

function write(m: ModemContext, text: string, dcs: number | undefined): string {
  const septets = dcs !== undefined && isUcs2(dcs) ? undefined : gsm7Characters(text)?.flat();
  if (!septets) return `"${ucs2Hex(text)}",${dcs ?? UCS2_DCS}`;
  if (!m.settings.ussdPacked) return `"${toLine(text, m.settings.sms.charset)}",${dcs ?? GSM7_DCS}`;
  if (septets.length % 8 === 7) septets.push(m.quirks.has('ussd-pad-zero') ? 0 : CR);
  return `"${pack(septets).toString('hex').toUpperCase()}",${dcs ?? GSM7_DCS}`;
}

/** Most octets of a USSD string (3GPP 24.080): 182 septets. */
const LONGEST = 160;

/** Why no network can say this; undefined = it can. */
export function problemOf({ text, status, dcs, next }: UssdReply): string | undefined {
  if (next && (status ?? 1) !== 1) return 'where "next" leads on, the status is 1';
  const septets = dcs !== undefined && isUcs2(dcs) ? undefined : gsm7Characters(text)?.flat();
  if (!septets && dcs !== undefined && !isUcs2(dcs)) return 'the text needs UCS-2, which is dcs 72';
  const octets = septets ? Math.ceil((septets.length * 7) / 8) : text.length * 2;
  return octets > LONGEST ? 'it is longer than 182 characters, or 80 in UCS-2' : undefined;
}

/** The network speaks. */
export function speak(m: ModemContext, reply: UssdReply): void {
  const { ussd } = m.settings;
  const status = reply.status ?? (reply.next ? 1 : 0);
  ussd.turn++;
  ussd.next = reply.next;
  ussd.open = status === 1;
  ussd.asked = false;
  ussd.said = { ...reply, status };
  const data = reply.text === '' ? '' : `,${write(m, reply.text, reply.dcs)}`;
  if (m.settings.ussdReports) m.urc(`+CUSD: ${status}${data}`);
  if (!ussd.open) return;
  const { turn } = ussd;
  m.after(PATIENCE, () => {
    if (ussd.turn === turn) speak(m, { text: '', status: TIMED_OUT });
  });
}

const answerTo = (m: ModemContext, text: string): UssdReply => {
  const { next, open } = m.settings.ussd;
  // Any word may come: the answers are the menu's own alone.
  const led = next && (Object.hasOwn(next, text) ? next[text] : next['*']);
  if (open) return led ?? { text: 'Not understood', status: ENDED };
  return m.codes.get(text) ?? { text: '', status: UNSUPPORTED };
};

/** The host ends a conversation; what would still come finds nobody. */
export function release({ settings: { ussd } }: ModemContext): void {
  ussd.turn++;
  Object.assign(ussd, { open: false, next: undefined, asked: false });
}

/** The host says `text`: how the network's answer is let in, and after how many milliseconds. */
export function ask(m: ModemContext, text: string): { ms: number; come: () => void } {
  const { ussd } = m.settings;
  const reply = answerTo(m, text);
  const turn = ++ussd.turn;
  Object.assign(ussd, { asked: true, said: undefined });
  m.event({ what: 'ussd', text });
  const come = () => {
    if (ussd.turn === turn) speak(m, reply);
  };
  return { ms: reply.ms ?? m.times.ussd, come };
}

const cusd: Handler = (m, args): Reply => {
  const fields = fieldsOf(args);
  const mode = numberIn(fields[0], 0, 2);
  const dcs = numberIn(fields[2], 0, 255, GSM7_DCS);
  if (mode === undefined || dcs === undefined || fields.length > 3) return BAD;
  if (mode === 2) {
    release(m);
    return OK;
  }
  m.settings.ussdReports = mode === 1;
  if (fields[1] === undefined) return OK;
  if (m.settings.ussdPacked && m.quirks.has('ussd-plain-only')) return { cme: 304 };
  const text = read(m, fields[1], dcs);
  if (text === undefined) return BAD;
  if (!registered(m)) return { cme: 30 };
  const { ms, come } = ask(m, text);
  if (m.quirks.has('cusd-first')) {
    m.after(0, come);
    return { lines: [], ms: 10 };
  }
  return { lines: [], after: () => m.after(ms, come) };
};

export const USSD_COMMANDS: [string, Handler][] = [
  ['+CUSD?', (m) => [`+CUSD: ${m.settings.ussdReports ? 1 : 0}`]],
  ['+CUSD=?', () => ['+CUSD: (0-2)']],
  ['+CUSD=', cusd],
  ...numeric(
    '^USSDMODE',
    [0, 1],
    (s) => (s.ussdPacked ? 1 : 0),
    (s, v) => {
      s.ussdPacked = v === 1;
    },
  ),
];
