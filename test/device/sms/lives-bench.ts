/** Somebody who sends SMS over several lives: what a life leaves on the disk is given to the next one. */

import assert from 'node:assert/strict';
import type { Fate, SendRequest, SendResult, SmsHandle } from '../../../src/device/sms/open-sms';
import { openSms } from '../../../src/device/sms/open-sms';
import type { NoteEntry } from '../../../src/host/host';
import { type Bench, virtualBench } from '../../support/bench';
import { FROM, type Sent } from './sms-bench';

export const MODEM = { firmware: 'stick', setport: 'FF;10,12' } as const;

export interface Lives extends Bench {
  sms: SmsHandle;
  sent: Sent[];
  told: { fate: Fate; tag: unknown }[];
  reports: string[];
  /** A deploy: the share is given back, and another one is opened. */
  deploy(): Promise<void>;
  send(request?: Partial<SendRequest>): Promise<SendResult>;
  wait(ms: number): Promise<void>;
  until(enough: () => boolean): Promise<void>;
  notes(): NoteEntry[];
}

interface Start {
  /** What another life has left on the disk. */
  notes?: NoteEntry[];
  boot?: string;
  away?: true;
}

export async function start(
  { notes = [], boot, away }: Start = {},
  more: Parameters<typeof virtualBench>[1] = [],
): Promise<Lives> {
  const bench = virtualBench(MODEM, more);
  if (!away) await bench.plug();
  for (const { key, text } of notes) bench.host.writeNote(key, text ?? '');
  bench.host.bootName = boot;
  const sent: Sent[] = [];
  for (const stick of [bench.stick, ...bench.others]) {
    stick.onEvent((event) => {
      if (event.what === 'sms') sent.push(event);
    });
  }
  const told: Lives['told'] = [];
  const reports: string[] = [];
  const open = () => {
    const sms = openSms(bench.host, '1-1');
    sms.fates('out', (fate, tag) => told.push({ fate, tag }));
    // What came while nobody had the port is looked for only where somebody receives.
    sms.receive({ onMessage: () => false });
    sms.reports('out', ({ part, outcome }, tag) => reports.push(`${part} ${outcome} ${tag}`));
    return sms;
  };
  const wait = (ms: number) => bench.run(new Promise<void>((resolve) => bench.clock.after(ms, resolve)));
  const it: Lives = {
    ...bench,
    sms: open(),
    sent,
    told,
    reports,
    async deploy() {
      await bench.run(it.sms.release());
      it.sms = open();
    },
    send: (request = {}) =>
      it.sms.send({ to: FROM, text: 'Water in the cellar', from: { owner: 'out', tag: 'mine' }, ...request }),
    wait,
    async until(enough) {
      for (let i = 0; !enough(); i++) {
        assert.ok(i < 2_000, 'it does not come');
        await wait(100);
      }
    },
    notes: () => bench.host.listNotes().filter(({ key }) => key.startsWith('outbox-')),
  };
  return it;
}

export const texts = ({ sent }: Lives) => sent.flatMap(({ whole }) => whole ?? []);
export const states = ({ told }: Lives) => told.map(({ fate: { id, state } }) => `${id} ${state}`);
/** The stick has the next part of `id`, after so many; by what is on the disk. */
export const isSending = (it: Lives, id: string, done = 0) =>
  it.notes().some(({ text = '' }) => {
    const { entries } = JSON.parse(text) as { entries: { id: string; state: string; done: number }[] };
    return entries.some((entry) => entry.id === id && entry.state === 'sending' && entry.done === done);
  });

/** What the disk holds at the moment when `when` is true first. */
export async function snapshot(it: Lives, when: () => boolean): Promise<NoteEntry[]> {
  await it.until(when);
  return it.notes();
}
