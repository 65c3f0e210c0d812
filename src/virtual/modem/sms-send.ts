/** Messages from the host: what the prompt of +CMGS and +CMGW takes, and the way to the network. */

import { encodeCentre, PduError } from '../sms/fields';
import { decodePdu, encodeSubmit, encodeText, type Submit } from '../sms/pdu';
import { numberIn } from './arguments';
import { fromLine, ucs2Text } from './charset';
import { registered } from './network-service';
import type { Reply } from './reply';
import { storeNamed } from './sms-incoming';
import type { ModemContext } from './state';

const SIM_CMS: Readonly<Record<string, number>> = { absent: 310, pin: 311, puk: 316, busy: 314 };

/** Refusal of whatever needs the SIM's messages, or undefined. */
export const simRefusalCms = (m: ModemContext): Reply | undefined => {
  const cms = SIM_CMS[m.sim.state];
  return cms === undefined ? undefined : { cms };
};

/** Longest TPDU: 164 octets. */
const LONGEST = 164;

type Then = (pdu: string, message: Submit) => Reply;

/** The prompt for a PDU of `length` octets without its service centre, or for a text to `to`. */
function composed(m: ModemContext, fields: readonly string[], then: Then): Reply {
  const refusal = simRefusalCms(m);
  if (refusal) return refusal;
  if (m.settings.sms.text) {
    const to = fromLine(fields[0] ?? '', m.settings.sms.charset);
    if (to === undefined || !/^\+?[0-9*#]{1,20}$/.test(to)) return { cms: 305 };
    return { prompt: 'text', done: (body) => checked(textPdu(m, to, body), undefined, then, 305) };
  }
  const length = numberIn(fields[0], 1, LONGEST);
  if (length === undefined) return { cms: 304 };
  return { prompt: 'pdu', done: (body) => checked(body, length, then, 304) };
}

function checked(pdu: string | undefined, length: number | undefined, then: Then, otherwise: number): Reply {
  if (pdu === undefined) return { cms: otherwise };
  try {
    const message = decodePdu(pdu, 'to network') as Submit;
    return length === undefined || message.length === length ? then(pdu, message) : { cms: otherwise };
  } catch (error) {
    if (error instanceof PduError) return { cms: otherwise };
    throw error;
  }
}

/** A SUBMIT as +CSMP says; undefined for a text that does not fit one message. */
function textPdu(m: ModemContext, to: string, body: string): string | undefined {
  const { charset, csmp } = m.settings.sms;
  const [first, validity, pid, dcs] = csmp;
  const ucs2 = (dcs & 0x0c) === 0x08;
  const text = ucs2 && charset !== 'UCS2' ? ucs2Text(body) : fromLine(body, charset);
  if (text === undefined) return undefined;
  try {
    const coded = encodeText(text, { ...(ucs2 && { alphabet: 'ucs2' }), flash: (dcs & 0x13) === 0x10, reference: 0 });
    if (coded.data.length > 1) return undefined;
    const tpdu = encodeSubmit(to, first, pid, validity, coded);
    return Buffer.concat([encodeCentre(''), tpdu])
      .toString('hex')
      .toUpperCase();
  } catch (error) {
    if (error instanceof PduError) return undefined;
    throw error;
  }
}

/** Hands a SUBMIT to the network. */
function send(m: ModemContext, name: '+CMGS' | '+CMSS', pdu: string, message: Submit): Reply {
  if (message.centre === '' && m.sim.centre === '') return { cms: 330 };
  if (!registered(m)) return { cms: 331 };
  const { refuse } = m.centre.settings;
  if (refuse > 0) return { cms: refuse };
  const reference = m.sim.reference;
  m.sim.reference = (reference + 1) & 0xff;
  return {
    lines: [`${name}: ${reference}`],
    ms: m.times.sms,
    after: () => m.centre.submit(message, pdu, reference, m.sim.number),
  };
}

export const cmgs = (m: ModemContext, fields: readonly string[]): Reply =>
  composed(m, fields, (pdu, message) => send(m, '+CMGS', pdu, message));

/** `+CMGW=<length>[,<stat>]`, or in text mode `"<number>"[,<type>[,"<stat>"]]`: stored as to be sent. */
export function cmgw(m: ModemContext, fields: readonly string[]): Reply {
  return composed(m, fields, (pdu) => {
    const index = storeNamed(m, m.settings.sms.stores[1]).add(fields.at(-1) === '3' ? 3 : 2, pdu);
    return index === undefined ? { cms: 322 } : [`+CMGW: ${index}`];
  });
}

export function cmss(m: ModemContext, fields: readonly string[]): Reply {
  const store = storeNamed(m, m.settings.sms.stores[1]);
  const index = numberIn(fields[0], 0, store.size - 1);
  const stored = index === undefined ? undefined : store.get(index);
  if (!stored || stored.status < 2) return simRefusalCms(m) ?? { cms: 321 };
  return checked(
    stored.pdu,
    undefined,
    (pdu, message) => {
      const reply = send(m, '+CMSS', pdu, message);
      if ('lines' in reply) stored.status = 3;
      return reply;
    },
    304,
  );
}
