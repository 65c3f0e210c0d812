/**
 * A trace as a part to be played: what a recorded stick showed on the bus, answered to questions, and how long it took. What
 * was not recorded, and all that changes something, is the virtual stick's own.
 */

import type { UsbDevice } from '../host/host';
import { isAt, isBus, isWeb, type Said, type TraceRecord } from '../record/format';

export interface Played {
  text: string;
  /** Milliseconds from the question to the answer's end. */
  ms: number;
}

export interface PlayedAnswer extends Played {
  final: string;
}

type Descriptor = Omit<UsbDevice, 'portPath' | 'bus' | 'address'>;

export interface Script {
  /** `own` as the recorded stick showed itself, where it did under this product id and with as many interfaces. */
  device(own: Descriptor): Descriptor;
  /** The next answer to a question, as it was, but for the echo; the last one again and again. */
  at(command: string): PlayedAnswer | undefined;
  /** The same of a path of the web API; text without blanks at its ends. */
  web(path: string): Played | undefined;
  /** Questions that can be asked again, as they were. */
  readonly questions: readonly string[];
  readonly paths: readonly string[];
  readonly devices: readonly UsbDevice[];
}

/** A question: it changes nothing, whatever it is about. */
const QUESTION = /^AT(?:I|[+^][A-Z]+(?:\?|=\?)?)$/;
/** Without a question mark these do something. */
const DOING = /^AT\^(?:RESET|GODLOAD|DATAMODE)$|^AT\+(?:CHUP|CRST)$/;
const FINAL = /^(?:OK|ERROR|COMMAND NOT SUPPORT|TOO MANY PARAMETERS|\+CM[ES] ERROR:[^+]*)$/;
/** Sessions are the server's own. */
const OWN_PATHS = /^(?:webserver|user)\//;

export function scriptOf(records: readonly TraceRecord[]): Script {
  const answers = new Map<string, PlayedAnswer[]>();
  const bodies = new Map<string, Played[]>();
  const devices = records.filter(isBus).flatMap((record) => record.devices);
  for (const { raw, lines } of records.filter(isAt)) if (!lines) collect(answers, raw);
  for (const { request, response, ms = 0 } of records.filter(isWeb)) {
    const path = request.path.replace(/^\/api\//, '');
    const { status, body } = response ?? {};
    if (request.method !== 'GET' || status !== 200 || body === undefined || OWN_PATHS.test(path)) continue;
    bodies.set(path, [...(bodies.get(path) ?? []), { text: body, ms }]);
  }
  const next = <T>(of: Map<string, T[]>, key: string): T | undefined => {
    const all = of.get(key) ?? [];
    return all.length > 1 ? all.shift() : all[0];
  };
  return {
    device(own) {
      const shown = devices.find(
        ({ productId, interfaces }) => productId === own.productId && interfaces.length === own.interfaces.length,
      );
      if (!shown) return own;
      const { portPath: _, bus: __, address: ___, ...recorded } = shown;
      return { ...recorded, interfaces: recorded.interfaces.map(({ tty: ____, ...one }) => one) };
    },
    at: (command) => next(answers, keyOf(command)),
    web: (path) => next(bodies, path),
    questions: [...answers.keys()],
    paths: [...bodies.keys()],
    devices,
  };
}

const keyOf = (command: string): string => command.replaceAll(/\s/g, '').toUpperCase();

/** Questions of one record that were answered, and of whose answers nothing was left out. */
function collect(answers: Map<string, PlayedAnswer[]>, raw: readonly Said[]): void {
  let asked: { command: string; from: number; text: string; to: number; whole: boolean } | undefined;
  const end = () => {
    const { command = '', text = '', from = 0, to = 0, whole = false } = asked ?? {};
    const final = text.split(/[\r\n]+/).findLast((line) => FINAL.test(line));
    if (!whole || final === undefined || !QUESTION.test(command) || DOING.test(command)) return;
    answers.set(command, [...(answers.get(command) ?? []), { text: withoutEcho(text), final, ms: to - from }]);
  };
  for (const [who, text, { t = 0, left } = {}] of raw) {
    if (who === 'host') {
      end();
      asked = { command: keyOf(text), from: t, text: '', to: t, whole: !left };
    } else if (asked) {
      asked.text += text;
      asked.to = t;
      asked.whole &&= !left;
    }
  }
  end();
}

const withoutEcho = (text: string): string => text.replace(/^\s*AT[^\r\n]*\r(?=\r\n)/i, '');

/** How the composition of ports is written in SETPORT, for a stick that shows `devices`; undefined for one without ports. */
export function setportOf(devices: readonly UsbDevice[]): string | undefined {
  const ports = devices.find(({ productId }) => productId === 0x1506);
  const codes = ports?.interfaces.map((one) => (one.class === 8 ? 'A1' : one.protocol.toString(16).toUpperCase()));
  return codes && codes.length > 0 ? `FF;${codes.join(',')}` : undefined;
}
