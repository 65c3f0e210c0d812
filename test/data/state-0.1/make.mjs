/**
 * Made this folder: `node test/data/state-0.1/make.mjs BUILD`, BUILD being the built tree of the first commit. Its driver
 * reads a virtual stick and keeps its notes here; the stick's two stores are written down beside them, as it left them.
 */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const build = process.argv[2];
const here = import.meta.dirname;
const require = createRequire(join(build, 'make.js'));
const { virtualBench, onWrites } = require('./test/virtual-setup.js');
const { Notes } = require('./src/host/notes.js');
const { openSms } = require('./src/session/sms/service.js');
const { openAt } = require('./src/session/at-service.js');
const { deliver } = require('./test/session/sms/sim.js');
const { encodeSubmit } = require('./src/at/sms/submit.js');

const SIM = { state: 'ready', pin: '4711', messages: 30 };
const bench = virtualBench({ firmware: 'stick', setport: 'FF;10,12', seed: 1, sim: SIM });
const { stick, clock, host, run } = bench;
rmSync(join(here, 'e3272'), { recursive: true, force: true });
mkdirSync(join(here, 'e3272'), { recursive: true });
const notes = new Notes([join(here, 'e3272')]);
host.readNote = (key) => notes.read(key);
host.writeNote = (key, text) => notes.write(key, text);

const wait = (ms) => run(new Promise((resolve) => clock.after(ms, resolve)));
const FROM = '+491701234567';
const got = [];
const reports = [];
const receiver = {
  onMessage: (message) => {
    got.push(message);
    if (message.flash) return 'ignored';
    return message.text.startsWith('to be deleted');
  },
  onReport: (report) => {
    reports.push(report);
    return false;
  },
};
const sms = (message) => stick.receiveSms({ from: FROM, ...message });
const pdu = (hex) => stick.receivePdu(hex);

await bench.plug();
const at = openAt(host, '1-1');
await run(at.run('AT+CPMS="ME","ME","ME"'));
sms({ text: 'in ME before 0.1 began, 1' });
sms({ text: 'in ME before 0.1 began, 2', alphabet: 'ucs2' });
await run(at.run('AT+CPMS="SM","SM","SM"'));
sms({ text: 'on the SIM before 0.1 began' });
await wait(1_000);

// It may not delete one message, now or later.
onWrites(host, (bytes) =>
  /^AT\+CMGD=/.test(Buffer.from(bytes).toString('latin1')) ? Buffer.from('AT+NONE \r') : bytes,
);
await run(at.release());
const handle = openSms(host, '1-1');
handle.receive(receiver);
await wait(10_000);
sms({ text: 'plain' });
sms({ text: 'Grüße §€' });
sms({ text: 'Здравствуйте 🎉' });
sms({ from: 'Vodafone', text: 'from a name' });
sms({ text: 'to be deleted, but the stick refuses' });
sms({ text: 'flash, which nobody wanted', flash: true });
sms({ text: `${'a'.repeat(153) + 'b'.repeat(153)}c` });
sms({ text: `${'Ж'.repeat(70)}Я` });
sms({ text: `${'x'.repeat(153) + 'y'.repeat(153)}z`, reference: 200, order: [1, 3] });
pdu(deliver({ text: 'without a time' }).replace('52503200000080', 'FFFFFFFFFFFFFF'));
pdu('07919730071111F1000B9197');
await wait(5_000);
// Another user has the next one come into the other store: 0.1 follows its +CMTI.
const other = openAt(host, '1-1');
await run(other.run('AT+CPMS="SM","SM","ME"'));
sms({ text: 'in ME while 0.1 ran' });
await wait(5_000);
await run(other.run('AT+CPMS="SM","SM","SM"'));
pdu('0006020C91947110325476525032210043805250322101438000');
await wait(5_000);
const [draft] = encodeSubmit({ to: FROM, text: 'a draft', reference: 0 });
await run(other.run(`AT+CMGW=${draft.length}`, { prompt: { body: draft.hex } }));
await wait(70_000);
await run(Promise.all([handle.release(), other.release()]));
// The SIM wants its PIN after the next start, and 0.1 has a wrong one.
stick.insertSim('pin');
stick.unplug();
await wait(5_000);
await bench.plug();
const locked = openAt(host, '1-1', { pin: '1234' });
const pinEvents = [];
locked.onEvent((event) => pinEvents.push(event.text));
await wait(20_000);
await run(locked.release());
// Node-RED is down: somebody unlocks the SIM by hand for a moment, and two messages come.
stick.insertSim('ready');
await wait(5_000);
const dump = openAt(host, '1-1', { pulseMs: 0 });
await run(dump.run('AT+CPMS="SM","SM","SM"'));
sms({ text: 'while 0.1 was down, 1' });
sms({ text: 'while 0.1 was down, 2' });
await run(dump.run('AT+CPMS="SM","SM","ME"'));
sms({ text: 'in ME while 0.1 was down' });
await wait(1_000);
const stores = {};
for (const store of ['SM', 'ME']) {
  await run(dump.run(`AT+CPMS="${store}","SM","SM"`));
  const { lines } = await run(dump.run('AT+CMGL=4'));
  const headers = lines.filter((line) => line.startsWith('+CMGL:'));
  const bodies = lines.filter((line) => !line.startsWith('+CMGL:'));
  stores[store] = headers.map((head, i) => {
    const [index, status] = head.slice(7).split(',').map(Number);
    return { index, status, pdu: bodies[i] };
  });
}
await run(dump.release());
const kept = {
  made: 'b860cdb',
  seed: 1,
  sim: { ...SIM, state: 'pin' },
  pinTries: stick.sim.pinTries,
  wrongPin: '1234',
  stores,
};
writeFileSync(join(here, 'stick.json'), `${JSON.stringify(kept, undefined, 2)}\n`);
writeFileSync(join(here, 'handed-over.json'), `${JSON.stringify({ messages: got, reports }, undefined, 2)}\n`);
