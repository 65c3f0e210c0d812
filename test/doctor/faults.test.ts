/**
 * Every fault of the virtual stick, at every stage that knows it, and what the doctor says of it first. The lists are those of the
 * virtual stick: a fault without a row here fails.
 */

import assert from 'node:assert/strict';
import { encodeCbw } from '../../src/codec/cbw';
import { examine, type Finding, type FindingId } from '../../src/doctor';
import type { TtyPort } from '../../src/host/host';
import { FAULTS_AT, type Fault, STAGES, type Stage } from '../../src/virtual/faults';
import { webBench } from '../device/hilink/bench';
import { type Bench, virtualBench } from '../support/bench';
import { component, end } from '../virtual/bootrom-packets';
import { frames, loaderImage } from '../virtual/rig';
import { watched } from './watched';

/** A stage, and what the doctor is to say first of each of its faults: `machine` stands first where nothing is wrong. */
interface Row {
  /** Brings a stick there. */
  reach: () => Promise<Bench>;
  /** Lets the fault strike where the doctor itself does not ask what it strikes. */
  strike?: (bench: Bench) => Promise<void>;
  says: Partial<Record<Fault, FindingId>>;
}

const STICK = { firmware: 'stick', setport: 'FF;10,12', timing: { urcEvery: 0 } } as const;
const pass = (bench: Bench, ms: number) =>
  bench.run(new Promise<void>((resolve) => void bench.clock.after(ms, resolve)));

async function modem(): Promise<Bench> {
  const bench = virtualBench(STICK);
  await bench.plug();
  return bench;
}

async function storage(): Promise<Bench> {
  const bench = virtualBench({ firmware: 'hilink' });
  await bench.plug();
  return bench;
}

async function boot(): Promise<Bench> {
  const bench = virtualBench(STICK);
  await bench.plug({ bootPin: true });
  return bench;
}

/** Writes one after the other, each time waiting for an answer or its absence; the port is closed in the end. */
async function send(bench: Bench, interfaceNumber: number, parts: readonly (Uint8Array | string)[]): Promise<void> {
  const path = bench.stick.ttys.find((tty) => tty.interfaceNumber === interfaceNumber)?.path ?? '';
  await bench.run(
    (async () => {
      const port: TtyPort = await bench.host.openTty(path);
      let heard: () => void = () => undefined;
      port.receive(
        () => heard(),
        () => heard(),
      );
      for (const part of parts) {
        if (!port.isOpen) break;
        const answered = new Promise<void>((resolve) => {
          // Behind its echo.
          heard = () => void bench.clock.after(100, resolve);
          bench.clock.after(3_000, resolve);
        });
        await port.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part).catch(() => undefined);
        await answered;
      }
      await port.close();
    })(),
  );
}

async function loader(): Promise<Bench> {
  const bench = await boot();
  await send(bench, 0, [...component(1, Buffer.alloc(9, 1)), ...component(2, loaderImage())]);
  const { stick } = bench;
  await bench.run(
    new Promise<void>((resolve) => {
      const ready = () => stick.appearance === 'loader' && stick.ttys.length === 3;
      if (ready()) return resolve();
      stick.onEvent(() => ready() && resolve());
    }),
  );
  return bench;
}

const bytes = component(1, Buffer.alloc(1500, 1));
const byBoot =
  (...parts: Uint8Array[]) =>
  (bench: Bench) =>
    send(bench, 0, parts);
const byLoader =
  (...parts: (Uint8Array | string)[]) =>
  (bench: Bench) =>
    send(bench, 2, parts);

/** Whatever goes wrong there, the stick is what it was, or gone. */
const staysBoot = Object.fromEntries(FAULTS_AT.data.map((fault) => [fault, 'is-boot' as const]));
const BOOT: Row['says'] = { ...staysBoot, unplug: 'no-stick' };
const staysLoader = Object.fromEntries(FAULTS_AT.block.map((fault) => [fault, 'is-loader' as const]));
const LOADER: Row['says'] = { ...staysLoader, flood: 'babbles', unplug: 'no-stick' };

const cbw = async (bench: Bench) => {
  bench.stick
    .storage(0)
    ?.bulkOut(encodeCbw({ tag: 7, dataLength: 0, flags: 0, lun: 0, cbLength: 6, cdb: new Uint8Array(16) }));
  await pass(bench, 3_000);
};

const TABLE: Record<Stage, Row> = {
  enumerate: {
    reach: async () => virtualBench(STICK),
    strike: async (bench) => {
      bench.stick.plug();
      await pass(bench, 1_500);
    },
    says: {
      othermode: 'is-fastboot',
      noreturn: 'no-stick',
      nodriver: 'driver-missing',
      slowtty: 'node-missing',
      unplug: 'no-stick',
      late: 'no-stick',
    },
  },
  // A CD-ROM that does not do what it is told is still one.
  cbw: {
    reach: storage,
    strike: cbw,
    says: { silence: 'is-storage', late: 'is-storage', nak: 'is-storage', unplug: 'no-stick' },
  },
  csw: {
    reach: storage,
    strike: cbw,
    says: { late: 'is-storage', lost: 'is-storage', garbage: 'is-storage', nak: 'is-storage', unplug: 'no-stick' },
  },
  probe: { reach: boot, strike: byBoot(Uint8Array.of(0x41)), says: BOOT },
  head: { reach: boot, strike: byBoot(...bytes.slice(0, 1)), says: BOOT },
  data: { reach: boot, strike: byBoot(...bytes.slice(0, 2)), says: BOOT },
  end: { reach: boot, strike: byBoot(...bytes.slice(0, 3), end(3)), says: BOOT },
  // What the doctor itself asks a loader.
  dloadver: {
    reach: loader,
    says: {
      silence: 'silent',
      late: 'silent',
      lost: 'silent',
      garbage: 'silent',
      nak: 'silent',
      noise: 'is-loader',
      flood: 'is-loader',
      unplug: 'left',
    },
  },
  dloadinfo: { reach: loader, strike: byLoader('AT^DLOADINFO?\r'), says: LOADER },
  datamode: { reach: loader, strike: byLoader('AT^DATAMODE\r'), says: LOADER },
  version: { reach: loader, strike: byLoader(frames.one(0x0c)), says: LOADER },
  identify: { reach: loader, strike: byLoader(frames.one(0x45)), says: LOADER },
  ping: { reach: loader, strike: byLoader(frames.one(0x3a)), says: LOADER },
  start: { reach: loader, strike: byLoader(frames.start(0x107, 5000)), says: LOADER },
  block: {
    reach: loader,
    strike: byLoader(frames.start(0x107, 5000), frames.block(1, Buffer.alloc(10))),
    says: LOADER,
  },
  close: { reach: loader, strike: byLoader(frames.start(0x107, 5000), frames.end(0x107, 5000)), says: LOADER },
  reset: {
    reach: loader,
    // It restarts whatever becomes of its answer, unless the request did not arrive.
    strike: async (bench) => {
      await byLoader(frames.one(0x0a))(bench);
      await pass(bench, 60_000);
    },
    says: {
      ...Object.fromEntries(FAULTS_AT.reset.map((fault) => [fault, 'machine' as const])),
      silence: 'is-loader',
      nak: 'is-loader',
      damaged: 'is-loader',
      unplug: 'no-stick',
    },
  },
  at: {
    reach: modem,
    says: {
      silence: 'silent',
      late: 'slow',
      lost: 'silent',
      garbage: 'garbled',
      nak: 'refuses',
      noise: 'machine',
      half: 'garbled',
      twice: 'machine',
      unplug: 'left',
    },
  },
  // Whatever has become of a message, the modem works.
  sms: {
    reach: modem,
    strike: (bench) =>
      send(bench, 1, ['AT\r', 'AT\r', 'AT+CMGS=22\r', '0001000C9194710121436500000AE8329BFD4697D9EC37\x1a', 'AT\r']),
    says: {
      silence: 'machine',
      late: 'machine',
      lost: 'machine',
      garbage: 'machine',
      nak: 'machine',
      noise: 'machine',
      unplug: 'no-stick',
    },
  },
  web: {
    reach: () => webBench(),
    says: {
      silence: 'web-silent',
      late: 'slow',
      lost: 'web-faulty',
      garbage: 'web-faulty',
      nak: 'web-faulty',
      unplug: 'left',
      cut: 'web-faulty',
      usedtoken: 'web-faulty',
      nosession: 'web-faulty',
      toomany: 'web-faulty',
      lockout: 'web-faulty',
      redirect: 'web-faulty',
      reboot: 'left',
    },
  },
};

/** A fault that the doctor itself runs into strikes each time, or it would be a hiccup. */
const OFTEN = 1_000;

describe('doctor: every fault of the virtual stick', () => {
  for (const stage of Object.keys(STAGES) as Stage[]) {
    for (const fault of FAULTS_AT[stage]) {
      it(`${fault} at ${stage}`, async () => {
        const { reach, strike, says } = TABLE[stage];
        const bench = await reach();
        const once = ['unplug', 'reboot'].includes(fault) || strike !== undefined;
        bench.stick.faults.order({ fault, at: stage, count: once ? 1 : OFTEN });
        await strike?.(bench);
        const seen = watched(bench);
        const began = bench.clock.now();
        const found: Finding[] = await bench.run(examine({ host: seen.host, version: '1' }));
        assert.ok(strike === undefined || bench.stick.faults.open === 0, 'the fault has struck');
        assert.equal(found[0]?.id, says[fault], JSON.stringify(found.map(({ level, id }) => `${level} ${id}`)));
        assert.ok(bench.clock.now() - began < 10_000, `it took ${bench.clock.now() - began} ms`);
        assert.deepEqual(seen.changes(), []);
      });
    }
  }

  it('has a row for each, and none besides', () => {
    for (const stage of Object.keys(STAGES) as Stage[]) {
      const rows = Object.keys(TABLE[stage].says);
      for (const fault of FAULTS_AT[stage]) assert.ok(rows.includes(fault), `${fault} at ${stage}`);
    }
  });
});
