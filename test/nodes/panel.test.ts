/** The sidebar's part in the runtime: what the browser gets, and what it can ask for. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isFileInUse, useFiles } from '../../nodes/shared/files-in-use';
import { isForeign } from '../../nodes/shared/foreign';
import { virtualStick } from '../../nodes/shared/hosts';
import type { Card, ConsoleLine, FileCard, Health, JobLog, PanelState, StoredFile } from '../../plugins/e3272/shapes';
import type { JobReport } from '../../src/flash/events';
import { cancelJob, jobAt } from '../../src/jobs/registry';
import { makeDemoFiles, makeFirmware } from '../../src/virtual/make-files';
import { admin, deploy, settings, startRuntime } from './runtime';
import { testStick } from './sticks';

const JSON_TYPE = { 'content-type': 'application/json' };
const BYTES = { 'content-type': 'application/octet-stream' };

const post = (path: string, body: unknown, headers: Record<string, string> = JSON_TYPE) =>
  admin('POST', `/e3272/${path}`, { headers, body: JSON.stringify(body) });

async function ok<T>(answer: Promise<Response>): Promise<T> {
  const response = await answer;
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text) as T;
}

const get = <T>(path: string): Promise<T> => ok<T>(admin('GET', `/e3272/${path}`));
const order = (what: string, more: object = {}) =>
  ok(post('panel/order', { stick: 'virtual-1', order: what, ...more }));

/** The card once `wanted` holds; the doorbell of the browser is a look every 50 ms here. */
async function card(what: string, wanted: (card: Card) => boolean): Promise<Card> {
  let last: Card | undefined;
  for (let i = 0; i < 600; i++) {
    const { cards } = await get<PanelState>('panel');
    last = cards.find(({ stick }) => stick === 'virtual-1');
    if (last && wanted(last)) return last;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the card was to be ${what}, and is ${JSON.stringify(last)}`);
}

const atPort = () => card('a modem', ({ station, job }) => station === 'at' && (!job || job.ended !== undefined));

async function emptyFlow(): Promise<void> {
  await deploy([{ id: 'tab', type: 'tab', label: 'empty' }]);
}

describe('the sidebar in the runtime', () => {
  before(async () => {
    await startRuntime();
    await emptyFlow();
  });

  it('leads a virtual stick from nothing to a modem, and back to nothing', async () => {
    assert.deepEqual(await ok(post('panel/virtual', {})), { stick: 'virtual-1' });
    const storage = await card('a CD-ROM', ({ station }) => station === 'storage');
    assert.deepEqual([storage.status, storage.id, storage.virtual], ['storage', '12d1:1f01', true]);
    assert.ok(storage.orders.includes('switch'));
    await order('switch');
    await card('a router', ({ station }) => station === 'hilink');

    const request = { stick: 'virtual-1', made: true, setport: 'FF;10,12' };
    const files = await ok<Record<string, { problems: unknown[]; kind: string }>>(post('panel/check', request));
    assert.deepEqual(
      Object.values(files).map(({ kind, problems }) => [kind, problems]),
      [
        ['loader', []],
        ['firmware', []],
      ],
    );
    await ok(post('panel/convert', { ...request, dryRun: true }));
    const dry = await card('checked', ({ job }) => job?.ended !== undefined);
    assert.deepEqual([dry.job?.ended?.ok, dry.job?.ended?.dryRun, dry.station], [true, true, 'hilink']);
    const checked = await get<JobLog>('panel/virtual-1/job');
    assert.ok(checked.checks.length >= 4 && (checked.report?.plan?.length ?? 0) >= 3, JSON.stringify(checked.report));

    await ok(post('panel/convert', { ...request, confirm: 'virtual-1' }));
    const waiting = await card('waiting', ({ job }) => job?.wait === 'boot-pin');
    assert.equal(waiting.status, 'waiting');
    assert.deepEqual(await get('panel/waits'), [{ stick: 'virtual-1', act: 'boot-pin' }]);
    await order('unplug');
    assert.equal((await card('pulled', ({ id }) => id === undefined)).station, 'unplugged');
    await order('boot-pin');
    const done = await atPort();
    assert.deepEqual([done.job?.ended?.ok, done.job?.ended?.dryRun], [true, false]);
    assert.deepEqual(await get('panel/waits'), []);
    const { report, lines } = await get<JobLog>('panel/virtual-1/job?after=0');
    assert.equal(report?.setport?.now, 'FF;10,12');
    assert.ok(lines.every(({ no }, i) => no === i + 1));
    await ok(post('panel/virtual-1/job/seen', {}));
    assert.equal((await card('seen', ({ job }) => job === undefined)).status, 'tty');
  });

  it('says that a write was not completed, until one is', async () => {
    assert.equal((await atPort()).unfinished, undefined);
    const { stick } = await virtualStick('virtual-1');
    const request = { stick: 'virtual-1', made: true, reflash: true, confirm: 'virtual-1' };
    stick.faults.order({ fault: 'nak', at: 'start', nth: 3 });
    await ok(post('panel/convert', request));
    const failed = await card('failed', ({ job }) => job?.ended?.ok === false);
    assert.deepEqual([failed.unfinished, failed.station], [['VxWorks_R1'], 'at']);
    await ok(post('panel/convert', request));
    assert.equal((await card('done', ({ job }) => job?.ended?.ok === true)).unfinished, undefined);
    await ok(post('panel/virtual-1/job/seen', {}));
  });

  it('opens the port for those who look when they ask for it, until they have seen enough', async () => {
    assert.ok((await atPort()).orders.includes('look'));
    await order('look');
    const looked = await card('read', ({ modem }) => modem?.bars !== undefined && modem.messages !== undefined);
    assert.deepEqual([looked.used, looked.orders.includes('unlook')], [true, true]);
    await order('unlook');
    const free = await card('free', ({ status }) => status === 'tty');
    assert.deepEqual([free.used, free.modem], [false, undefined]);
  });

  it('makes HiLink of a stick only with its web pages', async () => {
    await atPort();
    const request = { stick: 'virtual-1', toHilink: true, confirm: 'virtual-1', firmware: { name: 'some.bin' } };
    assert.equal((await post('panel/convert', request)).status, 400);
    type Checked = Record<string, { problems: unknown[] }>;
    const made = await ok<Checked>(post('panel/check', { stick: 'virtual-1', made: true, toHilink: true }));
    assert.deepEqual(Object.keys(made), ['loader', 'firmware', 'webui']);
    assert.ok(Object.values(made).every(({ problems }) => problems.length === 0));
  });

  it('opens no port that nothing uses, and shows what a node reads', async () => {
    const before = await atPort();
    assert.deepEqual([before.used, before.modem, before.status], [false, undefined, 'tty']);
    await deploy([
      { id: 'tab', type: 'tab', label: 'at' },
      { id: 'stick', type: 'e3272-stick', stick: 'virtual-1' },
      {
        id: 'at',
        type: 'e3272-at',
        z: 'tab',
        stick: 'stick',
        command: 'AT^HCSQ?',
        commandType: 'str',
        wires: [[], []],
      },
    ]);
    const used = await card('in use', ({ modem }) => modem?.bars !== undefined && modem.operator !== undefined);
    assert.deepEqual([used.used, used.status], [true, 'ready']);
    assert.ok(used.modem?.figures.some(({ label, text }) => label === 'RSRP' && /^-\d+ dBm$/.test(text)));
    await order('release');
    const released = await card('handed over', ({ status }) => status === 'released');
    assert.ok(released.orders.includes('take'));
    await order('take');
    await card('taken back', ({ status }) => status === 'ready');
    await emptyFlow();
    await card('free', ({ status }) => status === 'tty');
  });

  it('has a console: the guard and the redactor of the nodes', async () => {
    const path = 'panel/virtual-1/console';
    await get<ConsoleLine[]>(`${path}?after=0`);
    await ok(post(path, { command: 'AT+CSQ' }));
    const first = await get<ConsoleLine[]>(`${path}?after=0`);
    assert.deepEqual(
      first.filter(({ kind }) => kind !== 'urc').map(({ kind }) => kind),
      ['command', 'line', 'value', 'ok'],
    );
    const last = first.at(-1)?.no ?? 0;
    await ok(post(path, { command: 'AT+CGSN' }));
    await ok(post(path, { command: 'AT+CPIN="1234"' }));
    await ok(post(path, { command: 'AT+NOSUCH' }));
    const rest = (await get<ConsoleLine[]>(`${path}?after=${last}`)).filter(({ kind }) => kind !== 'urc');
    assert.deepEqual(
      rest.map(({ kind }) => kind),
      ['command', 'line', 'ok', 'command', 'error', 'command', 'refused'],
    );
    assert.ok(!/\d{14}|1234/.test(JSON.stringify(rest)), JSON.stringify(rest));
    const offered = await get<{ command: string }[]>('panel/commands?start=at%2Bcs');
    assert.ok(offered.some(({ command }) => command === 'AT+CSQ'));
    const found = await get<{ command: string; about: string }[]>('panel/commands?words=QUALITY%20signal');
    assert.ok(found.some(({ command }) => command === 'AT^HCSQ?'));
    assert.ok(found.every(({ about }) => /signal/i.test(about) && /quality/i.test(about)));
    await ok(post(`${path}/close`, {}));
    await card('free again', ({ status }) => status === 'tty');
    assert.equal((await post(path, { command: 'A'.repeat(401) })).status, 400);
  });

  it('says no to an order that cannot be, and to a yes to another stick', async () => {
    const status = async (path: string, body: unknown) => (await post(path, body)).status;
    assert.equal(await status('panel/order', { stick: 'virtual-1', order: 'format' }), 400);
    assert.equal(await status('panel/order', { stick: '1-9.9', order: 'restart' }), 404);
    assert.equal(await status('panel/order', { stick: 'virtual-1', order: 'cancel' }), 409);
    assert.equal(await status('panel/order', ['stick']), 400);
    assert.equal(await status('panel/convert', { stick: 'virtual-1', made: true, reflash: true }), 400);
    assert.equal(await status('panel/convert', { stick: 'virtual-1', made: true, reflash: true, confirm: '1-1' }), 400);
    assert.equal(await status('panel/convert', { stick: 'virtual-1', made: 'yes', confirm: 'virtual-1' }), 400);
    for (const query of ['job?after[toString]=1', 'job?after=-1', 'job?after=1&after=2']) {
      assert.equal((await admin('GET', `/e3272/panel/virtual-1/${query}`)).status, 200, query);
    }
    for (const order of ['constructor', '__proto__', 'toString']) {
      assert.equal(await status('panel/order', { stick: 'virtual-1', order }), 400, order);
    }
    // Pressed on a card that is no more.
    for (const order of ['switch', 'take', 'release', 'plug', 'boot-pin']) {
      assert.equal(await status('panel/order', { stick: 'virtual-1', order }), 409, order);
    }
    const dry = { stick: 'virtual-1', made: true, reflash: true, dryRun: true };
    assert.equal(await status('panel/convert', { ...dry, wayIn: 'bootpin' }), 400);
    assert.equal(await status('panel/convert', { stick: 'virtual-1', toHilink: true, dryRun: true }), 400);
    assert.equal((await atPort()).job, undefined);
  });

  it('makes a router of a modem, where that is said', async () => {
    const wish = { stick: 'virtual-1', made: true, toHilink: true, confirm: 'virtual-1' };
    await ok(post('panel/convert', wish));
    const done = await card('written', ({ job }) => job?.ended !== undefined);
    assert.deepEqual([done.job?.ended?.error, done.job?.ended?.ok], [undefined, true]);
    const { report } = await get<JobLog>('panel/virtual-1/job');
    assert.equal(report?.setport, undefined);
    await ok(post('panel/virtual-1/job/seen', {}));
    await order('switch');
    await card('a router', ({ station }) => station === 'hilink');
  });

  it('answers no page of another site, and takes no form', async () => {
    const asked = async (headers: Record<string, string>, body = '{}') =>
      (await admin('POST', '/e3272/panel/virtual', { headers, body })).status;
    assert.equal(await asked({ ...JSON_TYPE, 'sec-fetch-site': 'cross-site' }), 403);
    assert.equal(await asked({ ...JSON_TYPE, 'sec-fetch-site': 'same-site' }), 403);
    assert.equal(await asked({ ...JSON_TYPE, origin: 'http://evil.example' }), 403);
    assert.equal(await asked({ ...JSON_TYPE, origin: 'null' }), 403);
    assert.equal(await asked({ 'content-type': 'text/plain' }), 415);
    assert.equal(await asked({ 'content-type': 'application/x-www-form-urlencoded' }, 'a=1'), 415);
    assert.equal(await asked({ ...JSON_TYPE, 'sec-fetch-site': 'same-origin' }), 200);
    assert.equal((await admin('GET', '/e3272/panel', { headers: { origin: 'http://evil.example' } })).status, 403);
  });

  it('tells what is wrong on this machine, with what to do about it', async () => {
    const [{ findings, guarded }, again] = await Promise.all([
      ok<Health>(post('panel/health', {})),
      ok<Health>(post('panel/health', {})),
    ]);
    assert.equal(guarded, false);
    assert.ok(
      findings.some(({ id }) => id === 'machine'),
      JSON.stringify(findings),
    );
    for (const { id, level, cure } of findings) if (level !== 'ok') assert.ok(cure, id);
    assert.deepEqual(again.findings, findings);
    assert.equal((await admin('GET', '/e3272/panel/health')).status, 404);
  });

  it('knows its own pages behind a proxy', () => {
    assert.equal(
      isForeign({ host: '10.0.0.1:1880', origin: 'https://home.example', 'x-forwarded-host': 'home.example' }),
      false,
    );
    assert.equal(isForeign({ host: 'home.example', origin: 'https://home.example' }), false);
    assert.equal(isForeign({ host: 'home.example', origin: 'https://home.example:8443' }), true);
    assert.equal(isForeign({ host: 'home.example' }), false);
  });
});

describe('files of the sidebar', () => {
  const list = async () => (await get<{ files: StoredFile[] }>('panel/files')).files.map(({ name }) => name);
  const begin = (name: string, size: number) => post('panel/files', { name, size });
  const piece = (id: string, offset: number, body: Uint8Array<ArrayBuffer>) =>
    admin('POST', `/e3272/panel/files/${id}?offset=${offset}`, { headers: BYTES, body });
  const folder = () => join(String(settings['userDir']), 'e3272', 'files');

  async function send(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const { id, piece: most } = await ok<{ id: string; piece: number }>(begin(name, bytes.length));
    for (let at = 0; at < bytes.length; at += most) await ok(piece(id, at, bytes.subarray(at, at + most)));
  }

  it('come in pieces, go on after a break, and are checked', async () => {
    await startRuntime();
    const bytes = new Uint8Array(makeFirmware({ images: [{ code: 0x101, size: 100_000 }] }));
    const { id } = await ok<{ id: string }>(begin('firmware.bin', bytes.length));
    await ok(piece(id, 0, bytes.subarray(0, 60_000)));
    // The page is gone, and comes again: a piece that is there already is not taken twice.
    const again = await ok<{ id: string; have: number }>(begin('firmware.bin', bytes.length));
    assert.deepEqual([again.id, again.have], [id, 60_000]);
    assert.deepEqual(await ok(piece(id, 0, bytes.subarray(0, 60_000))), { have: 60_000, done: false });
    assert.deepEqual(await list(), []);
    assert.deepEqual(await ok(piece(id, 60_000, bytes.subarray(60_000))), { have: bytes.length, done: true });
    assert.deepEqual(await list(), ['firmware.bin']);
    assert.deepEqual(new Uint8Array(readFileSync(join(folder(), 'firmware.bin'))), bytes);
    type Checked = { firmware: { kind: string; fits?: string; problems: unknown[] } };
    const request = { stick: 'virtual-1', firmware: { name: 'firmware.bin' } };
    const { firmware } = await ok<Checked>(post('panel/check', request));
    assert.deepEqual([firmware.kind, firmware.problems, firmware.fits], ['firmware', [], 'E3272']);
    await send(
      'broken.bin',
      bytes.map((byte, i) => (i === 5_000 ? byte ^ 1 : byte)),
    );
    const broken = await ok<Checked>(post('panel/check', { ...request, firmware: { name: 'broken.bin' } }));
    assert.ok(broken.firmware.problems.length > 0);
    assert.equal(broken.firmware.fits, undefined);
  });

  it('stay in their folder, whatever they are called', async () => {
    for (const name of [
      '../x.bin',
      '/etc/passwd',
      '..',
      '.part-0123456789abcdef',
      'a/b',
      'a\\b',
      '',
      'x'.repeat(121),
      '\u0000',
    ]) {
      assert.equal((await begin(name, 10)).status, 400, name);
      assert.equal((await post('panel/check', { stick: 'virtual-1', firmware: { name } })).status, 400, name);
    }
    const check = { stick: 'virtual-1', firmware: { path: '/etc/hostname' } };
    assert.equal((await post('panel/check', check)).status, 403);
    await ok(post('panel/path', { path: '/etc/hostname' }));
    await ok(post('panel/check', check));
    settings.e3272FlashFolder = folder();
    try {
      assert.equal((await post('panel/check', check)).status, 403);
      assert.equal((await post('panel/path', { path: '/etc/hostname' })).status, 403);
    } finally {
      delete settings.e3272FlashFolder;
    }
  });

  it('are bounded in size and number, and what breaks off is cleaned', async () => {
    assert.equal((await begin('big.bin', 301 * 1024 * 1024)).status, 413);
    assert.equal((await begin('none.bin', 0)).status, 400);
    const { id } = await ok<{ id: string }>(begin('half.bin', 10));
    assert.equal((await piece(id, 0, new Uint8Array(11))).status, 413);
    await ok(piece(id, 0, new Uint8Array(4)));
    assert.ok(readdirSync(folder()).some((name) => name.startsWith('.part-')));
    await ok(post(`panel/files/${id}/drop`, {}));
    assert.ok(!readdirSync(folder()).some((name) => name.startsWith('.part-')));
    assert.equal((await piece(id, 4, new Uint8Array(6))).status, 404);
    for (let i = 0; i < 25; i++) await send(`f${i}.bin`, new Uint8Array([i + 1]));
    const names = await list();
    assert.equal(names.length, 20);
    assert.ok(names.includes('f24.bin') && !names.includes('firmware.bin'), names.join());
  });

  it('are named for the flash node, and stay where a flow names them', async () => {
    const paths = () => get<{ name: string; path: string }[]>('panel/paths');
    const oldest = (await paths()).at(-1);
    assert.equal(oldest?.path, join(folder(), oldest?.name ?? ''));
    await deploy([
      { id: 'tab', type: 'tab', label: 'flash', disabled: true },
      { id: 'flash', type: 'e3272-flash', z: 'tab', stick: '', firmware: oldest?.path, wires: [[], []] },
    ]);
    for (let i = 0; i < 20; i++) await send(`g${i}.bin`, new Uint8Array([i + 1]));
    const names = await list();
    assert.deepEqual([names.length, names.at(-1)], [20, oldest?.name]);
    await emptyFlow();
    settings.e3272FlashFolder = folder();
    try {
      assert.ok((await paths()).every(({ name, path }) => name === path));
    } finally {
      delete settings.e3272FlashFolder;
    }
  });

  it('stay as they are while jobs work with them, to the end of the last job', async () => {
    const oldest = (await list()).at(-1) ?? '';
    const releases = [useFiles([join(folder(), oldest)]), useFiles([join(folder(), oldest)])];
    releases[0]?.();
    releases[0]?.();
    for (let i = 0; i < 20; i++) await send(`h${i}.bin`, new Uint8Array([i + 1]));
    assert.equal((await list()).at(-1), oldest);
    const refused = await begin(oldest, 10);
    assert.equal(refused.status, 409);
    assert.match(await refused.text(), /in use by a job/);
    releases[1]?.();
    const { id } = await ok<{ id: string }>(begin(oldest, 1));
    const again = useFiles([join(folder(), oldest)]);
    assert.equal((await piece(id, 0, new Uint8Array([7]))).status, 409);
    again();
    await ok(piece(id, 0, new Uint8Array([7])));
    assert.deepEqual([...readFileSync(join(folder(), oldest))], [7]);
  });

  it('are in use from the beginning of a conversion to its end', async () => {
    const { name, next, stick } = await testStick({ firmware: 'hilink' });
    const up = next((event) => event.what === 'mode' && event.mode !== 'off');
    stick.plug();
    await up;
    const { loader, firmware } = makeDemoFiles();
    await send('job-loader.bin', new Uint8Array(loader.bytes));
    await send('job-firmware.bin', new Uint8Array(firmware.bytes));
    const used = () => ['job-loader.bin', 'job-firmware.bin'].map((file) => isFileInUse(join(folder(), file)));
    assert.deepEqual(used(), [false, false]);
    const files = { loader: { name: 'job-loader.bin' }, firmware: { name: 'job-firmware.bin' } };
    await get('panel');
    await ok(post('panel/convert', { stick: name, ...files, confirm: name }));
    assert.deepEqual(used(), [true, true]);
    const job = jobAt(name);
    assert.ok(job && cancelJob(name));
    const report = await new Promise<JobReport>((onEnd) => job.watch({ onEvent() {}, onEnd }));
    assert.equal(report.error?.code, 'CANCELLED');
    assert.deepEqual(used(), [false, false]);
  });

  it('go by their names: where they lie is nothing to whoever looks', async () => {
    type Checked = { loader: FileCard };
    await send('wrong.bin', new Uint8Array(4_096).fill(7));
    const wrong = await admin('POST', '/e3272/panel/check', {
      headers: JSON_TYPE,
      body: JSON.stringify({ loader: { name: 'wrong.bin' }, firmware: { name: 'not-there.bin' } }),
    });
    const text = await wrong.text();
    assert.ok(!text.includes(folder()), text);
    const { loader, firmware } = JSON.parse(text) as Checked & { firmware: FileCard };
    assert.equal(loader.size, 4_096);
    // What is not there has no size, rather than none.
    assert.deepEqual(
      [firmware.name, firmware.size, firmware.problems[0]?.code],
      ['not-there.bin', undefined, 'FILE_NOT_FOUND'],
    );
    assert.equal(firmware.problems[0]?.params?.['name'], 'not-there.bin');
  });

  it('are checked without a stick too, as for a real one', async () => {
    await send('loose.bin', new Uint8Array(10));
    type Checked = { loader: { problems: unknown[] } };
    const { loader } = await ok<Checked>(post('panel/check', { loader: { name: 'loose.bin' } }));
    assert.ok(loader.problems.length > 0);
    assert.equal((await post('panel/check', { loader: { name: 'loose.bin' }, made: true })).status, 400);
  });

  it('are written as they were shown, and once', async () => {
    const bytes = new Uint8Array(makeFirmware({ images: [{ code: 0x101, size: 100_000 }] }));
    await send('shown.bin', bytes);
    const wish = { stick: 'virtual-1', reflash: true, dryRun: true, firmware: { name: 'shown.bin' } };
    type Checked = { firmware: { sha256: string } };
    const { firmware } = await ok<Checked>(post('panel/check', wish));
    const sha256 = { firmware: firmware.sha256 };
    await send('shown.bin', new Uint8Array(makeFirmware({ images: [{ code: 0x101, size: 90_000 }] })));
    assert.equal((await post('panel/convert', { ...wish, sha256 })).status, 409);
    await send('shown.bin', bytes);
    const pressed = await Promise.all([1, 2, 3].map(() => post('panel/convert', { ...wish, sha256 })));
    assert.deepEqual(pressed.map(({ status }) => status).sort(), [200, 409, 409]);
    await card('checked', ({ job }) => job?.ended !== undefined);
    await ok(post('panel/virtual-1/job/seen', {}));
  });

  it('of the administrator are never deleted to make room', async () => {
    settings.e3272FlashFolder = folder();
    try {
      assert.equal((await begin('one-more.bin', 10)).status, 507);
      assert.equal((await list()).length, 20);
    } finally {
      delete settings.e3272FlashFolder;
    }
  });
});
