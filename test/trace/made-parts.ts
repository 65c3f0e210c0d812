/** What the fifty traces of made.ts are put together from: what is planted, and what is done with the stick. */

import { openAt } from '../../src/device/at/open-at';
import { openSms, type SendRequest } from '../../src/device/sms/open-sms';
import { makeFirmware, makeLoader } from '../../src/virtual/make-files';
import type { Incoming } from '../../src/virtual/sms/centre';
import type { BenchStick } from '../support/bench';
import type { MadeBench } from './made-bench';

export interface Kind {
  name: string;
  options?: BenchStick;
  work: (bench: MadeBench) => Promise<void>;
}

export const ABROAD = '+491715550123';
export const HOME = '01715550177';
export const SECRET = 'Rosalinde waits behind the old mill at nine';
export const ACCENTED = 'Größe: Ärger für Bärbel Müßig in Østerås, señor';
export const CYRILLIC = 'Встретимся у старой мельницы в девять';
export const EMOJI = 'Rendezvous 😀 um neun 🍺 bei Katharina';
export const LONG = `${SECRET}. `.repeat(9);
export const PASSWORD = 'Geheimnis-4711x';
export const PIN = '73918264';

export const hex = (text: string) => Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase();

/** Messages that arrive, and what is done about them. */
export const incoming = (name: string, message: Partial<Incoming> & { text: string }, ...commands: string[]): Kind => ({
  name,
  async work(bench) {
    const { from = ABROAD, text } = message;
    bench.plant('text', text);
    bench.plant('sender', from);
    await bench.plug();
    const sms = openSms(bench.tapped, '1-1');
    sms.receive({ onMessage: () => true });
    await bench.pass(5_000);
    bench.stick.receiveSms({ ...message, from, text });
    await bench.pass(30_000);
    await bench.at(...commands);
    await bench.run(sms.release());
  },
});

export const outgoing = (name: string, to: string, text: string, more: Partial<SendRequest> = {}): Kind => ({
  name,
  async work(bench) {
    bench.plant('text', text);
    bench.plant('recipient', to);
    await bench.plug();
    const sms = openSms(bench.tapped, '1-1');
    await bench.run(sms.send({ to, text, ...more }).catch(() => undefined));
    await bench.pass(30_000);
    await bench.run(sms.release());
  },
});

export const commands = (
  name: string,
  options: BenchStick,
  lines: readonly string[],
  planted: Record<string, string> = {},
): Kind => ({
  name,
  options,
  async work(bench) {
    for (const [what, value] of Object.entries(planted)) bench.plant(what, value);
    await bench.plug();
    await bench.at(...lines);
  },
});

export const ussd = (
  name: string,
  options: BenchStick,
  reply: object,
  lines: readonly string[],
  planted: Record<string, string>,
): Kind => ({
  name,
  options,
  async work(bench) {
    for (const [what, value] of Object.entries(planted)) bench.plant(what, value);
    await bench.plug();
    bench.order({ do: 'ussd', code: '*135#', ...reply });
    for (const line of lines) {
      await bench.at(line);
      await bench.pass(30_000);
    }
  },
});

/** Text mode: the text stands behind the header as it is. */
export const stored = (charset: string): Kind => ({
  name: `SMS in text mode, ${charset}`,
  async work(bench) {
    bench.plant('text', SECRET);
    bench.plant('sender', ABROAD);
    await bench.plug();
    bench.stick.receiveSms({ from: ABROAD, text: SECRET });
    await bench.pass(5_000);
    await bench.at(`AT+CSCS="${charset}"`, 'AT+CMGF=1', 'AT+CMGL="ALL"', 'AT+CMGR=0', 'AT+CMGR=1', 'AT+CNMI=2,2,0,1,0');
    bench.stick.receiveSms({ from: ABROAD, text: SECRET });
    await bench.pass(5_000);
  },
});

export const hilink = (name: string, options: BenchStick, work: (bench: MadeBench) => Promise<void>): Kind => ({
  name,
  options: { firmware: 'hilink', setport: undefined, ...options },
  async work(bench) {
    bench.plant('password', PASSWORD);
    await bench.plug();
    await bench.toHilink();
    await work(bench);
  },
});

export const webStatus = async (bench: MadeBench, password: string) => {
  const handle = openAt(bench.tapped, '1-1', { web: { password } });
  await bench.pass(60_000);
  await bench.run(
    handle
      .webStatus({ parts: ['signal', 'network', 'sim', 'data', 'identity'], personal: true })
      .catch(() => undefined),
  );
  await bench.run(handle.release());
};

export const files = { loader: makeLoader({ size: 20_000 }), firmware: makeFirmware() };
/** Bytes that must not be found: somewhere in the middle of each file. */
const piece = (bytes: Uint8Array) => Buffer.from(bytes.subarray(9_000, 9_024)).toString('hex');

export const plantFiles = (bench: MadeBench) => {
  bench.plant('bytes of the loader', piece(files.loader));
  bench.plant('bytes of the firmware', piece(files.firmware));
};
