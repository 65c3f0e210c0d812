import assert from 'node:assert/strict';
import type { Urc } from '../../src/at/channel';
import { expectOk } from '../../src/at/reply';
import type { Ask } from '../../src/at/sms/store';
import { Ussd } from '../../src/device/ussd-conversation';
import { failure, isDriverError } from '../../src/errors';
import { Listeners } from '../../src/listeners';
import { TIMEOUTS } from '../../src/timeouts';
import { VirtualClock } from '../../src/virtual/clock';
import { VirtualHost } from '../../src/virtual/host';

/** A stick that answers each +CUSD request as `network` says: the URC's line, or none. */
function bench(network: (command: string) => string | undefined, mode: string | null = '1') {
  const clock = new VirtualClock();
  const host = new VirtualHost({ sticks: [], clock });
  const urcs = new Listeners<Urc>();
  const commands: string[] = [];
  const say = (line: string) => urcs.tell({ urc: line.split(':')[0] ?? '', line });
  let refusal: string | undefined;
  const ask: Ask = async (command) => {
    commands.push(command);
    if (command === 'AT^USSDMODE?') {
      const final = mode === null ? 'COMMAND NOT SUPPORT' : 'OK';
      return expectOk({ command, ok: mode !== null, final, lines: [`^USSDMODE: ${mode}`], ms: 0 });
    }
    if (command.startsWith('AT+CUSD=1')) {
      const answer = network(command);
      if (answer?.startsWith('+CME')) refusal = answer;
      else if (answer !== undefined) clock.after(3_000, () => say(answer));
    }
    const final = refusal ?? 'OK';
    refusal = undefined;
    return expectOk({ command, ok: final === 'OK', final, lines: [], ms: 0 });
  };
  const ussd = new Ussd(host, ask, (listener) => urcs.add(listener));
  const me = {};
  return {
    clock,
    ussd,
    commands,
    say,
    me,
    send: (text: string, owner: object = me, timeout?: number) =>
      clock.run(ussd.send(owner, text, timeout === undefined ? {} : { timeout })),
    wait: (ms: number) => clock.run(new Promise<void>((resolve) => clock.after(ms, resolve))),
  };
}

const code = (wanted: string) => (error: unknown) => isDriverError(error) && error.code === wanted;
const CREDIT = '+CUSD: 0,"A0E09A5E2FB3D9E539E858A7A3C3E2B25B07CAB9723150B12A7501",15';

describe('USSD', () => {
  it('T17: waits for the answer behind the OK', async () => {
    const it = bench(() => CREDIT);
    assert.deepEqual(await it.send('*100#'), { text: ' Aktuelles Guthaben: 9.91 EUR.', menu: false });
    assert.deepEqual(it.commands, ['AT^USSDMODE?', 'AT+CUSD=1,"AA180C3602",15']);
    await it.send('*100#');
    assert.equal(it.commands.length, 3, 'the mode is asked for once');
  });

  it('takes an answer that comes before the OK', async () => {
    const it = bench(() => undefined);
    const reply = it.clock.run(it.ussd.send(it.me, '*100#', {}));
    it.clock.after(0, () => it.say(CREDIT));
    assert.equal((await reply).menu, false);
  });

  it("T41: sends text in the stick's own form, and finds it out where the stick does not tell, anew after each opening", async () => {
    const plain = bench(() => '+CUSD: 0,"1234",15', '0');
    assert.deepEqual(await plain.send('*100#'), { text: '1234', menu: false });
    assert.equal(plain.commands.at(-1), 'AT+CUSD=1,"*100#",15');
    plain.ussd.reset();
    await plain.send('*100#');
    assert.equal(plain.commands.filter((c) => c === 'AT^USSDMODE?').length, 2);

    const silent = bench((command) => (command.includes('*100#') ? '+CUSD: 0,"Hi!",15' : '+CME ERROR: 50'), null);
    silent.commands.length = 0;
    assert.deepEqual(await silent.send('*100#'), { text: 'Hi!', menu: false });
    await silent.send('*100#');
    assert.deepEqual(
      silent.commands.filter((c) => c.startsWith('AT+CUSD')).map((c) => c.slice(10, 17)),
      ['"AA180C', '"*100#"', '"*100#"'],
    );
  });

  it('answers menus, and leaves them for a new code, on request and after a while', async () => {
    const it = bench(
      (command) => (command.includes('"31"') ? '+CUSD: 0,"Hi!",15' : '+CUSD: 1,"1 Balance\n2 Top up",15'),
      '1',
    );
    assert.deepEqual(await it.send('*100#'), { text: '1 Balance\n2 Top up', menu: true });
    await assert.rejects(it.send('*101#', {}), code('BUSY'));
    assert.deepEqual(await it.send('1'), { text: 'Hi!', menu: false });
    assert.ok(!it.commands.includes('AT+CUSD=2'));

    await it.send('*100#');
    await it.send('*100#');
    assert.equal(it.commands.filter((c) => c === 'AT+CUSD=2').length, 1, 'a new code');
    await it.clock.run(it.ussd.cancel(it.me));
    await it.clock.run(it.ussd.cancel({}));
    assert.equal(it.commands.filter((c) => c === 'AT+CUSD=2').length, 2, 'on request');
    await it.send('*100#');
    await it.wait(TIMEOUTS.ussd.menu + 1_000);
    assert.equal(it.commands.filter((c) => c === 'AT+CUSD=2').length, 3, 'after a while');
    assert.equal((await it.send('*100#', {})).menu, true, 'then somebody else may');
  });

  it('is one conversation at a time', async () => {
    const it = bench(() => CREDIT);
    const first = it.clock.run(it.ussd.send(it.me, '*100#', {}));
    await assert.rejects(it.ussd.send({}, '*101#', {}), code('BUSY'));
    await assert.rejects(it.ussd.send(it.me, '*101#', {}), code('BUSY'));
    assert.equal((await first).menu, false);
  });

  it('gives up after its time and leaves the conversation', async () => {
    const it = bench(() => undefined);
    const before = it.clock.now();
    await assert.rejects(it.send('*100#'), code('TIMEOUT'));
    assert.equal(it.clock.now() - before, TIMEOUTS.ussd.answer);
    assert.equal(it.commands.at(-1), 'AT+CUSD=2');
    await assert.rejects(it.send('*100#', it.me, 1_000), code('TIMEOUT'));
  });

  it('can be called off', async () => {
    const it = bench(() => undefined);
    const off = new AbortController();
    const sent = it.ussd.send(it.me, '*100#', { signal: off.signal });
    it.clock.after(5_000, () => off.abort(failure('CANCELLED/job', {})));
    await assert.rejects(it.clock.run(sent), code('CANCELLED'));
    assert.equal(it.commands.at(-1), 'AT+CUSD=2');
  });

  it("tells the network's refusals apart from the stick's", async () => {
    for (const [line, wanted] of [
      ['+CUSD: 2', 'AT_ERROR'],
      ['+CUSD: 4', 'AT_ERROR'],
      ['+CUSD: 5', 'TIMEOUT'],
      ['+CME ERROR: 30', 'CME_ERROR'],
    ] as const) {
      const it = bench(() => line);
      await assert.rejects(it.send('*100#'), code(wanted), line);
    }
    const ended = bench(() => '+CUSD: 2,"D4F29C0E",15');
    assert.deepEqual(await ended.send('*100#'), { text: 'Test', menu: false });
  });

  it('refuses what can not be sent before anything is asked', async () => {
    const it = bench(() => CREDIT);
    await assert.rejects(it.send('**04*1234*1111*1111#'), code('COMMAND_REFUSED'));
    await assert.rejects(it.send('*35*0000#'), code('COMMAND_REFUSED'));
    await assert.rejects(it.send(''), code('BAD_ARGUMENT'));
    assert.deepEqual(it.commands, []);
  });
});
