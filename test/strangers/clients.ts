/**
 * Programs of others that speak to HiLink sticks, from the npm registry: installed into a folder of their own at test time, each
 * run in a process of its own, against the web server of a virtual stick. What they make of it is asserted, then told as rows
 * of docs/strangers.md.
 */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '../../src/host/clock';
import type { StickEvent } from '../../src/virtual/events';
import { VirtualStick } from '../../src/virtual/stick';
import { HILINK_FIRMWARE, type HilinkFirmware } from '../../src/virtual/web/firmware';
import { serveWeb } from '../../src/virtual/web/server';
import type { Row } from '../kernel/table';
import { NEW_MODE } from '../virtual/web/rig';

const WANTED = { 'huawei-lte-api': '0.1.1', hilinkhuawei: '2.1.7' } as const;
type Stranger = keyof typeof WANTED;

const run = promisify(execFile);
/** Milliseconds; only ends what hangs. */
const PATIENCE = 120_000;
const TO = '+440000000000';
const FROM = '+491713920000';
const TEXT = 'Grüße <an> & "alle"';
const PASSWORD = 'secret1';

/** Arguments: port, password. With a login; says what it has got as JSON. */
const LTE_API = `
const { Connection, Device, Monitoring, Sms, User } = require('huawei-lte-api');
const [port, password, to, text] = process.argv.slice(1);
(async () => {
  const c = new Connection('http://admin:' + password + '@127.0.0.1:' + port + '/', 20000);
  await c.ready;
  const information = await new Device(c).information();
  const status = await new Monitoring(c).status();
  const list = await new Sms(c).getSmsList();
  const sent = await new Sms(c).sendSms([to], text);
  const deleted = await new Sms(c).deleteSms(Number(list.Messages.Message.Index));
  const left = await new Sms(c).getSmsList();
  const loggedOut = await new User(c).logout();
  console.log(JSON.stringify({ information, status, list, sent, deleted, left, loggedOut }));
})().catch((error) => console.log(JSON.stringify({ error: error.message })));
`;

/** Arguments: port, model. Its questions for values go to port 80 whatever it was told: they are led to the stick. */
const HILINK_HUAWEI = `
const http = require('node:http');
const [port, model, to, text] = process.argv.slice(1);
for (const name of ['request', 'get']) {
  const real = http[name];
  http[name] = (to, ...rest) => {
    const url = typeof to === 'string' ? new URL(to) : undefined;
    return real(url ? { host: url.hostname, path: url.pathname, port } : { ...to, port }, ...rest);
  };
}
console.log = () => undefined;
const h = require('hilinkhuawei');
h.setIp('127.0.0.1');
h.port = Number(port);
h.setModel(model);
const ask = (name, ...args) => new Promise((resolve) => h[name](...args, resolve));
(async () => {
  const information = (await ask('basicInfo')).response;
  const status = (await ask('status')).response;
  const list = await ask('listInbox');
  const sent = (await ask('send', to, text)).response;
  const deleted = (await ask('delete', list.response[0].Index)).response;
  process.stdout.write(JSON.stringify({ information, status, list, sent, deleted }));
})();
`;

interface Case {
  stranger: Stranger;
  firmware: HilinkFirmware;
  /** What the row says of the way. */
  asked: string;
  args: readonly string[];
  /** Where it wants a password. */
  login?: true;
}

const CASES: readonly Case[] = [
  { stranger: 'huawei-lte-api', firmware: 'metas', asked: 'cookie and metas', args: [PASSWORD], login: true },
  { stranger: 'huawei-lte-api', firmware: 'sestok', asked: 'login by hash', args: [PASSWORD], login: true },
  { stranger: 'hilinkhuawei', firmware: 'metas', asked: 'model 3372h', args: ['3372h'] },
  { stranger: 'hilinkhuawei', firmware: 'sestok', asked: 'model 3372h', args: ['3372h'] },
  { stranger: 'hilinkhuawei', firmware: 'token', asked: 'model 3372s, token without cookie', args: ['3372s'] },
];

/** A folder with both of them in it. */
export async function installStrangers(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'e3272-strangers-'));
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const wanted = Object.entries(WANTED).map(([name, version]) => `${name}@${version}`);
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', ...quiet, ...wanted], { cwd: folder, timeout: PATIENCE });
  return folder;
}

const versionOf = (folder: string, stranger: Stranger): string =>
  (JSON.parse(readFileSync(join(folder, 'node_modules', stranger, 'package.json'), 'utf8')) as { version: string })
    .version;

/** A stick in HiLink mode, as fast as may be, and what happens in it. */
async function hilinkStick({ firmware, login }: Case): Promise<{ stick: VirtualStick; events: StickEvent[] }> {
  const stick = new VirtualStick({
    clock: systemClock,
    hilink: firmware,
    web: { password: PASSWORD, login: login ?? false },
    timing: { plug: 5, switch: 5, offBus: 5, firstTty: 5, webStart: 5, webAnswer: 1, sms: 5, dial: 1, urcEvery: 0 },
  });
  const events: StickEvent[] = [];
  const seen = (wanted: () => boolean) =>
    new Promise<void>((resolve) => {
      const stop = stick.onEvent(() => {
        if (!wanted()) return;
        stop();
        resolve();
      });
    });
  stick.onEvent((event) => events.push(event));
  const there = seen(() => stick.appearance === 'cdrom-hilink');
  stick.plug();
  await there;
  const up = seen(() => stick.web?.up === true);
  assert.equal(stick.storage(0)?.bulkOut(NEW_MODE), 'ok');
  await up;
  stick.receiveSms({ from: FROM, text: TEXT });
  return { stick, events };
}

/** In what both of them say: texts, or lists of one text. */
const first = (value: unknown): unknown => (Array.isArray(value) ? value[0] : value);
const field = (value: unknown, ...names: string[]): unknown =>
  names.reduce<unknown>((at, name) => (at === undefined ? at : first((at as Record<string, unknown>)[name])), value);

/** What the stranger has got is what the stick has. */
function judge({ stranger, firmware }: Case, said: Record<string, unknown>): void {
  const what = `${stranger} on ${firmware}: ${JSON.stringify(said)}`;
  assert.equal(said['error'], undefined, what);
  const own = stranger === 'huawei-lte-api';
  assert.equal(field(said, 'information', own ? 'DeviceName' : 'devicename'), 'E3272', what);
  assert.equal(field(said, 'information', 'SoftwareVersion'), HILINK_FIRMWARE[firmware].version, what);
  assert.equal(field(said, 'status', 'ServiceStatus'), '2', what);
  assert.equal(field(said, 'status', 'SignalIcon'), '5', what);
  const message = own ? field(said, 'list', 'Messages', 'Message') : field(said, 'list', 'response');
  assert.equal(field(message, 'Phone'), FROM, what);
  assert.equal(field(message, 'Content'), TEXT, what);
  assert.equal(said['sent'], 'OK', what);
  assert.equal(said['deleted'], 'OK', what);
  if (!own) return;
  assert.equal(field(said, 'left', 'Count'), '0', what);
  assert.equal(said['loggedOut'], 'OK', what);
}

async function drive(folder: string, one: Case): Promise<Row> {
  const { stick, events } = await hilinkStick(one);
  const server = await serveWeb({ stick, port: 0 });
  try {
    const script = one.stranger === 'hilinkhuawei' ? HILINK_HUAWEI : LTE_API;
    const args = ['-e', script, `${server.port}`, ...one.args, TO, TEXT];
    const { stdout } = await run(process.execPath, args, { cwd: folder, timeout: PATIENCE });
    judge(one, JSON.parse(stdout) as Record<string, unknown>);
    const sent = events.flatMap((event) => (event.what === 'sms' ? [[event.to, event.whole]] : []));
    assert.deepEqual(sent, [[TO, TEXT]]);
    const inbox = [...stick.world.store('ME').entries()].filter(([, { status }]) => status < 2);
    assert.deepEqual(inbox, [], 'deleted from the store');
  } finally {
    await server.close();
    stick.unplug();
  }
  const asked = `HiLink ${HILINK_FIRMWARE[one.firmware].version}: ${one.asked}`;
  const result = `${one.login ? 'login, ' : ''}information, status, list, send, delete${one.login ? ', logout' : ''}`;
  return { type: 'stranger', stranger: one.stranger, version: versionOf(folder, one.stranger), asked, result };
}

/** All of them; each row has been asserted. Needs the registry. */
export async function driveStrangers(): Promise<Row[]> {
  const folder = await installStrangers();
  try {
    const rows: Row[] = [];
    for (const one of CASES) rows.push(await drive(folder, one));
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
