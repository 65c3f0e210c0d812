/** SMS through the whole driver, on a virtual stick: what tests of it share. */

import assert from 'node:assert/strict';
import {
  openSms,
  type Receiver,
  type SmsHandle,
  type SmsMessage,
  type StatusReport,
  type Storage,
} from '../../../src/device/sms/open-sms';
import { type DriverError, isDriverError } from '../../../src/errors';
import type { StickEvent } from '../../../src/virtual/events';
import { type Bench, type BenchStick, virtualBench } from '../../support/bench';

export type Sent = StickEvent & { what: 'sms' };

export interface SmsBench extends Bench {
  sms: SmsHandle;
  got: SmsMessage[];
  reports: StatusReport[];
  storages: Storage[];
  errors: DriverError[];
  /** What the network got. */
  sent: Sent[];
  /** The same process again: everything that it kept in memory is gone. */
  restart(receiver?: Partial<Receiver>): Promise<void>;
  /** Lets time pass until `enough`. */
  until(enough: () => boolean): Promise<void>;
  wait(ms: number): Promise<void>;
  texts(): string[];
}

/** `before`: what happens while nobody has looked at the stick yet. */
export async function opened(
  receiver: Partial<Receiver> = {},
  options: BenchStick = {},
  before: (bench: Bench) => void = () => undefined,
): Promise<SmsBench> {
  const bench = virtualBench({ firmware: 'stick', setport: 'FF;10,12', ...options });
  await bench.plug();
  before(bench);
  const [got, reports, storages, errors, sent]: [SmsMessage[], StatusReport[], Storage[], DriverError[], Sent[]] = [
    [],
    [],
    [],
    [],
    [],
  ];
  bench.stick.onEvent((event) => {
    if (event.what === 'sms') sent.push(event);
  });
  const wait = (ms: number) => bench.run(new Promise<void>((resolve) => bench.clock.after(ms, resolve)));
  const open = async (more: Partial<Receiver>) => {
    const sms = openSms(bench.host, '1-1');
    sms.receive({
      onMessage: (message) => {
        got.push(message);
        return false;
      },
      onReport: (report) => {
        reports.push(report);
        return true;
      },
      onStorage: (storage) => storages.push(storage),
      onError: (error) => errors.push(error),
      ...more,
    });
    return sms;
  };
  const it: SmsBench = {
    ...bench,
    sms: await open(receiver),
    got,
    reports,
    storages,
    errors,
    sent,
    async restart(more = receiver) {
      await bench.run(it.sms.release());
      it.sms = await open(more);
    },
    async until(enough) {
      for (let i = 0; !enough(); i++) {
        assert.ok(i < 2_000, 'it does not come');
        await wait(200);
      }
    },
    wait,
    texts: () => got.map(({ text }) => text),
  };
  await it.until(() => storages.length > 0);
  return it;
}

export const code = (wanted: string, number?: number) => (error: unknown) =>
  isDriverError(error) && error.code === wanted && (number === undefined || error.number === number);

export const LONG = 'A long text about water in the cellar. '.repeat(9);
export const FROM = '+491701234567';
export const SENT = Date.UTC(2025, 4, 23, 10, 0, 34);
