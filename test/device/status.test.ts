import assert from 'node:assert/strict';
import type { AtReply } from '../../src/at/reply';
import { type AtHandle, openAt } from '../../src/device/at/open-at';
import { StatusReader } from '../../src/device/status';
import { hasChanged, StatusWatch, type StatusWatchOptions } from '../../src/device/status-watch';
import { failure, isDriverError } from '../../src/errors';
import { STATUS, STATUS_PARTS, type Status } from '../../src/values/status';
import { VirtualClock } from '../../src/virtual/clock';
import type { StickEvent } from '../../src/virtual/events';
import { type Bench, OK, openBench, settled } from '../at/port';
import { virtualBench } from '../support/bench';
import { fits } from '../support/fits';

const info = (line: string) => `\r\n${line}\r\n${OK}`;

/** What an E3272 on LTE answers; all else it does not know. */
const ANSWERS: Record<string, string> = {
  'AT^HCSQ?': info('^HCSQ:"LTE",61,51,66,20'),
  'AT^SYSINFOEX': info('^SYSINFOEX:2,3,0,1,,6,"LTE",101,"LTE"'),
  'AT+COPS?': info('+COPS: 0,0,"Operator",7'),
  'AT+CEREG?': info('+CEREG: 0,1'),
  'AT+CREG?': info('+CREG: 0,2'),
  'AT+CGREG?': info('+CGREG: 0,2'),
  'AT+CPIN?': info('+CPIN: READY'),
  'AT^CPIN?': info('^CPIN: READY,,10,3,10,3'),
  'AT^NDISSTATQRY?': info('^NDISSTATQRY:1,,,"IPV4"'),
  'AT^DSFLOWQRY': info('^DSFLOWQRY: 0000002D,0000000000019A01,0000000000736A52,0000002E,19A02,736A53'),
  'AT^CHIPTEMP?': info('^CHIPTEMP: 390,431,65535,35,65535'),
  ATI: info('Manufacturer: huawei\r\nModel: E3272\r\nRevision: 21.436.11.00.372\r\nIMEI: 863781014954441'),
  'AT^FHVER': info('^FHVER:"E3272 21.436.11.00.372,CH1E3272SM Ver.A"'),
  'AT+CIMI': info('208150123456789'),
  'AT^ICCID?': info('^ICCID: 983351509062559841F4'),
};

const ALL: Status = {
  signal: { system: 'LTE', rssi: -60, rsrp: -90, sinr: -7, rsrq: -10, bars: 4 },
  network: {
    operator: 'Operator',
    registration: 'home',
    registered: true,
    roaming: false,
    service: 'valid',
    system: 'LTE',
    submode: 'LTE',
  },
  sim: { state: 'READY', pinTries: 3, pukTries: 10 },
  data: {
    connection: 'up',
    seconds: 45,
    txBytes: 104_961,
    rxBytes: 7_563_858,
    totalSeconds: 46,
    totalTxBytes: 104_962,
    totalRxBytes: 7_563_859,
  },
  temperature: 43.1,
  identity: { manufacturer: 'huawei', model: 'E3272', revision: '21.436.11.00.372', hardware: 'CH1E3272SM Ver.A' },
};

interface Scripted extends Bench {
  reader: StatusReader;
  read(parts?: readonly (keyof Status)[], personal?: boolean): Promise<Status>;
  /** Commands sent by the last read. */
  asked(): string[];
}

/** A reader on a stick that answers as {@link ANSWERS} with `changes`; undefined: it stays silent. */
async function scripted(changes: Record<string, string | undefined> = {}): Promise<Scripted> {
  const bench = await openBench({ space: 'never' });
  const answers = { ...ANSWERS, ...changes };
  bench.answer((command) =>
    command === 'AT' ? OK : command in answers ? answers[command] : '\r\nCOMMAND NOT SUPPORT\r\n',
  );
  const reader = new StatusReader(bench.channel);
  return {
    ...bench,
    reader,
    read: (parts = STATUS_PARTS, personal = false) => {
      bench.port.written.length = 0;
      return bench.clock.run(reader.read({ parts, personal }));
    },
    asked: () => bench.port.written.map((text) => text.trim()),
  };
}

describe('status of a stick', () => {
  it('is one call for everything, as plain data, and without numbers of persons', async () => {
    const { read, asked } = await scripted();
    const status = await read();
    assert.deepEqual(status, ALL);
    fits(status, STATUS, 'status');
    assert.deepEqual(JSON.parse(JSON.stringify(status)), status);
    assert.doesNotMatch(JSON.stringify(status), /863781014954441/);
    assert.ok(!asked().some((command) => /CIMI|ICCID|CMG|CPMS|CGSN/.test(command)));
  });

  it('holds the parts that were wished for and asks for no other', async () => {
    const { read, asked } = await scripted();
    assert.deepEqual(await read(['temperature']), { temperature: 43.1 });
    assert.deepEqual(asked(), ['AT^CHIPTEMP?']);
    assert.deepEqual(await read([]), {});
  });

  it('T47: gives IMEI, IMSI and ICCID when they are asked for, by other ways where it must', async () => {
    const numbers = { imei: '863781014954441', imsi: '208150123456789', iccid: '8933150509265589144' };
    const { read } = await scripted();
    assert.deepEqual((await read(['identity'], true)).identity, { ...ALL.identity, ...numbers });
    const other = await scripted({
      ATI: info('Manufacturer: \r\nModel: E3272'),
      'AT+CGSN': info('863781014954441'),
      'AT^ICCID?': '\r\nCOMMAND NOT SUPPORT\r\n',
      'AT+CRSM=176,12258,0,0,10': info('+CRSM: 144,0,"983351509062559841F4"'),
    });
    assert.deepEqual((await other.read(['identity'], true)).identity, {
      model: 'E3272',
      hardware: 'CH1E3272SM Ver.A',
      ...numbers,
    });
  });

  it('T14: what the firmware does not have is left out, and not asked again until the port was reopened', async () => {
    const { read, asked, reader } = await scripted({
      'AT^CHIPTEMP?': '\r\nCOMMAND NOT SUPPORT\r\n',
      'AT^DSFLOWQRY': '\r\nERROR\r\n',
      'AT^NDISSTATQRY?': '\r\n+CME ERROR: 4\r\n',
    });
    assert.deepEqual(await read(['temperature', 'data']), {});
    assert.equal(asked().length, 3);
    assert.deepEqual(await read(['temperature', 'data']), {});
    assert.deepEqual(asked(), []);
    reader.forget();
    await read(['temperature', 'data']);
    assert.equal(asked().length, 3);
  });

  it('falls back to the older commands', async () => {
    const { read, asked } = await scripted({
      'AT^HCSQ?': '\r\nCOMMAND NOT SUPPORT\r\n',
      'AT+CSQ': info('+CSQ: 20,99'),
      'AT^SYSINFOEX': '\r\nERROR\r\n',
      'AT^SYSINFO': info('^SYSINFO:2,3,1,5,1,,5'),
      'AT^CPIN?': '\r\nERROR\r\n',
      'AT+CEREG?': '\r\nERROR\r\n',
      'AT+CREG?': info('+CREG: 0,5'),
      'AT+COPS?': info('+COPS: 0,2,"26201",2'),
    });
    const expected = {
      signal: { rssi: -73, bars: 5 },
      network: {
        operator: '26201',
        registration: 'roaming',
        registered: true,
        roaming: true,
        service: 'valid',
        system: 'WCDMA',
        submode: 'HSDPA',
      },
      sim: { state: 'READY' },
    };
    assert.deepEqual(await read(['signal', 'network', 'sim']), expected);
    await read(['signal', 'network', 'sim']);
    assert.ok(!asked().includes('AT^HCSQ?') && !asked().includes('AT^SYSINFOEX'));
  });

  it('T48: is registered by +CEREG alone, and else by the one that tells most', async () => {
    const { read, asked } = await scripted();
    assert.equal((await read(['network'])).network?.registration, 'home');
    assert.ok(!asked().includes('AT+CREG?'));
    for (const [eps, cs, ps, expected] of [
      [0, 2, 0, 'searching'],
      [3, 0, 0, 'denied'],
      [0, 0, 1, 'home'],
      [0, 0, 0, 'idle'],
    ] as const) {
      const other = await scripted({
        'AT+CEREG?': info(`+CEREG: 0,${eps}`),
        'AT+CREG?': info(`+CREG: 0,${cs}`),
        'AT+CGREG?': info(`+CGREG: 0,${ps}`),
      });
      assert.equal((await other.read(['network'])).network?.registration, expected);
    }
  });

  it('T21: tells that the SIM is busy, missing or locked, and asks again the next time', async () => {
    for (const [answer, state] of [
      ['\r\n+CME ERROR: 14\r\n', 'BUSY'],
      ['\r\n+CME ERROR: SIM busy\r\n', 'BUSY'],
      ['\r\n+CME ERROR: 10\r\n', 'NOT INSERTED'],
      ['\r\n+CME ERROR: SIM not inserted\r\n', 'NOT INSERTED'],
      ['\r\n+CME ERROR: 13\r\n', 'FAILURE'],
      [info('+CPIN: SIM PUK'), 'SIM PUK'],
    ] as const) {
      const refusal = answer.includes('ERROR') ? answer : '\r\nCOMMAND NOT SUPPORT\r\n';
      const { read, asked } = await scripted({
        'AT+CPIN?': answer,
        'AT^CPIN?': refusal,
        'AT+COPS?': refusal,
        'AT+CEREG?': refusal,
      });
      assert.deepEqual((await read(['sim', 'network'])).sim, { state }, answer);
      await read(['sim', 'network']);
      assert.ok(asked().includes('AT+CPIN?'), answer);
      if (answer.includes('ERROR')) assert.ok(asked().includes('AT^CPIN?'), answer);
    }
  });

  it('knows that there is no SIM from ^SYSINFOEX where the stick only says ERROR', async () => {
    const { read } = await scripted({
      'AT+CPIN?': '\r\nERROR\r\n',
      'AT^CPIN?': '\r\nERROR\r\n',
      'AT^SYSINFOEX': info('^SYSINFOEX:0,0,0,255,,0,"NO SERVICE",0,"NO SERVICE"'),
    });
    assert.deepEqual((await read(['network', 'sim'])).sim, { state: 'NOT INSERTED' });
    assert.equal((await read(['sim'])).sim, undefined);
  });

  it('without service has no figures, and no bars', async () => {
    const { read } = await scripted({
      'AT^HCSQ?': info('^HCSQ:"NOSERVICE"'),
      'AT^SYSINFOEX': info('^SYSINFOEX:0,0,2,1,,0,"NO SERVICE",0,"NO SERVICE"'),
      'AT+COPS?': info('+COPS: 0'),
      'AT+CEREG?': info('+CEREG: 0,2'),
    });
    assert.deepEqual(await read(['signal', 'network']), {
      signal: { system: 'NOSERVICE', bars: 0 },
      network: { registration: 'searching', registered: false, service: 'none' },
    });
  });

  it('T16: leaves a command alone that twice stays unanswered, and gives up when the stick does not answer', async () => {
    const { read, asked } = await scripted({ 'AT^CHIPTEMP?': undefined });
    for (const times of [1, 2]) {
      const { temperature, signal } = await read(['temperature', 'signal']);
      assert.deepEqual([temperature, signal?.bars], [undefined, 4], `${times}`);
      assert.ok(asked().includes('AT^CHIPTEMP?'));
    }
    await read(['temperature', 'signal']);
    assert.ok(!asked().includes('AT^CHIPTEMP?'));

    const dead = await scripted({ 'AT^HCSQ?': undefined, 'AT+CSQ': undefined });
    assert.ok(isDriverError(await settled(dead.read()), 'TIMEOUT'));
    assert.deepEqual(
      dead.asked().filter((command) => command.length > 2),
      ['AT^HCSQ?', 'AT+CMEE?', 'AT+CSQ'],
    );
  });
});

describe('change of a status', () => {
  const changed = (now: Partial<Status>) => hasChanged(ALL, { ...ALL, ...now }, 3);
  const signal = (more: object): Status => ({ ...ALL, signal: { ...ALL.signal, ...more } });

  it('is what a person would call one', () => {
    assert.equal(hasChanged(undefined, ALL, 3), true);
    assert.equal(changed({}), false);
    assert.equal(changed(signal({ rssi: -62, rsrp: -92, sinr: -5, bars: 3 })), false);
    assert.equal(changed(signal({ rsrp: -93 })), true);
    assert.equal(changed(signal({ rsrq: undefined })), true);
    assert.equal(changed(signal({ system: 'WCDMA' })), true);
    const { signal: _, ...without } = ALL;
    assert.equal(hasChanged(ALL, without, 3), true);
    assert.equal(changed({ temperature: 44.9 }), false);
    assert.equal(changed({ temperature: 45.1 }), true);
    assert.equal(changed({ data: { ...ALL.data, txBytes: 5e9, seconds: 99 } }), false);
    assert.equal(changed({ data: { ...ALL.data, connection: 'down' } }), true);
    assert.equal(changed({ sim: { state: 'SIM PIN' } }), true);
    assert.equal(changed({ network: { ...ALL.network, registration: 'roaming' } }), true);
  });
});

/** A watch on a virtual stick, and what it told. */
async function watched(options: Partial<StatusWatchOptions> = {}) {
  const bench = virtualBench({ firmware: 'stick', setport: 'FF;10,12', timing: { urcEvery: 0 } });
  const handle = openAt(bench.host, '1-1');
  const events: StickEvent[] = [];
  bench.stick.onEvent((event) => events.push(event));
  const told: Status[] = [];
  const failures: unknown[] = [];
  let next: (() => void) | undefined;
  const watch = new StatusWatch(
    handle,
    bench.clock,
    { parts: ['signal', 'sim'], ...options },
    {
      status: (status) => {
        told.push(status);
        next?.();
      },
      failed: (error) => {
        failures.push(error);
        next?.();
      },
    },
  );
  const something = () =>
    bench.run(
      new Promise<void>((resolve) => {
        next = resolve;
      }),
    );
  const pass = (ms: number) => bench.run(new Promise<void>((resolve) => bench.clock.after(ms, resolve)));
  const end = async () => {
    watch.stop();
    await bench.run(handle.release());
    bench.stick.unplug();
    assert.equal(bench.clock.pending, 0, 'timers are left');
  };
  return { ...bench, events, handle, watch, told, failures, something, pass, end };
}

describe('watch on a status', () => {
  it('tells as soon as the port is there, then on its schedule, never faster than 5 s', async () => {
    const it = await watched({ everyMs: 10 });
    const first = it.something();
    await it.plug();
    await first;
    const began = it.clock.now();
    await it.something();
    assert.ok(it.clock.now() - began >= 4_500, `${it.clock.now() - began}`);
    assert.deepEqual(it.told[1], it.told[0]);
    assert.equal(it.told[0]?.sim?.state, 'READY');
    await it.end();
  });

  it('tells nothing by itself without a schedule, and always what it is asked', async () => {
    const it = await watched({ changesOnly: true });
    await it.plug();
    await it.pass(60_000);
    assert.deepEqual(it.told, []);
    const [one, two] = await it.run(Promise.all([it.watch.read(), it.watch.read()]));
    assert.deepEqual(one, two);
    assert.equal(one?.signal?.system, 'LTE');
    await it.end();
  });

  it('tells only what has changed, and takes up after the stick was away', async () => {
    const it = await watched({ everyMs: 5_000, changesOnly: true });
    const first = it.something();
    await it.plug();
    await first;
    await it.pass(60_000);
    assert.equal(it.told.length, 1);
    it.stick.removeSim();
    await it.something();
    assert.equal(it.told[1]?.sim?.state, 'NOT INSERTED');
    it.stick.unplug();
    await it.pass(60_000);
    assert.deepEqual(it.failures, []);
    it.stick.insertSim();
    const back = it.something();
    await it.plug();
    await back;
    assert.equal(it.told.length, 3);
    assert.equal(it.told[2]?.sim?.state, 'READY');
    await it.end();
  });

  it('reads soon after a URC about a part, once for a group of them', async () => {
    const it = await watched({ urcs: true, everyMs: 3_600_000 });
    const first = it.something();
    await it.plug();
    await first;
    await it.pass(10_000);
    it.stick.removeSim();
    const asked = it.events.length;
    const began = it.clock.now();
    const news = it.something();
    for (const urc of ['^RSSI:10', '^SIMST: 255', '^RSSI:11']) {
      it.stick.urc(urc);
      await it.pass(300);
    }
    await news;
    assert.ok(it.clock.now() - began < 5_000);
    await it.pass(4_000);
    assert.equal(it.told[1]?.sim?.state, 'NOT INSERTED');
    const reads = it.events.slice(asked).filter((e) => e.what === 'at' && e.command.trim() === 'AT^HCSQ?');
    assert.equal(reads.length, 1);
    // Nothing new: nothing told. And not about parts that nobody wants.
    it.stick.urc('^RSSI:10');
    it.stick.urc('+CREG: 0');
    await it.pass(60_000);
    assert.equal(it.told.length, 2);
    await it.end();
  });

  it('tells once why it fails, again after it has worked, and nothing that the state tells', async () => {
    const clock = new VirtualClock();
    let answer: () => Promise<AtReply> = () => Promise.reject(failure('TIMEOUT/out-of-step', { path: '/dev/ttyUSB0' }));
    const handle = {
      state: { state: 'ready' },
      run: () => answer(),
      onState: () => () => undefined,
      onUrc: () => () => undefined,
    } as unknown as AtHandle;
    const told: Status[] = [];
    const failures: unknown[] = [];
    const events = { status: (s: Status) => told.push(s), failed: (e: unknown) => failures.push(e) };
    const watch = new StatusWatch(handle, clock, { parts: ['signal'], everyMs: 5_000 }, events);
    const pass = (ms: number) => clock.run(new Promise<void>((resolve) => clock.after(ms, resolve)));
    const reply = { command: '', ok: true, final: 'OK', lines: ['^HCSQ:"NOSERVICE"'], ms: 0 };
    const dead = answer;
    await pass(60_000);
    assert.equal(failures.length, 1);
    answer = () => Promise.reject(failure('BUSY/at-job', { stick: null }));
    await pass(60_000);
    assert.equal(failures.length, 1);
    // A dead stick has taught nothing: all is asked as before.
    answer = () => Promise.resolve(reply);
    await pass(60_000);
    assert.deepEqual(told.at(-1), { signal: { system: 'NOSERVICE', bars: 0 } });
    answer = dead;
    await pass(60_000);
    assert.equal(failures.length, 2);
    watch.stop();
    const before = told.length;
    answer = () => Promise.resolve(reply);
    await pass(60_000);
    assert.equal(told.length, before);
  });
});
