/** Echo, reply and URC told apart: what the stick sends for one command, and what must come of it. */

import assert from 'node:assert/strict';
import type { AtReply } from '../../src/at/channel';
import { byBytes, openBench, whole } from './port';

interface Seen {
  lines: string[];
  final: string;
  urcs: string[];
}

/** Runs `command` while the stick sends `answer`, whole and byte by byte, which must make no difference. */
async function exchange(command: string, answer: string, expect?: string[]): Promise<Seen> {
  const results: Seen[] = [];
  for (const cut of [whole, byBytes]) {
    const { clock, port, channel, urcs } = await openBench({ space: 'never' });
    port.cut = cut;
    port.onWrite = () => port.feed(answer);
    const reply: AtReply = await clock.run(channel.run(command, expect ? { expect } : {}));
    results.push({ lines: reply.lines, final: reply.final, urcs: urcs.map(({ line }) => line) });
  }
  assert.deepEqual(results[0], results[1]);
  assert.ok(results[0]);
  return results[0];
}

describe('framing of replies', () => {
  it('T1: a URC before the echo, behind it, between the lines and before OK', async () => {
    const seen = await exchange(
      'ATI',
      '\r\n^RSSI:1\r\nATI\r\r\n\r\n^RSSI:2\r\n\r\nModel: E3272\r\n\r\n^BOOT:1,0,0,0,7\r\n\r\nIMEI: 1\r\n\r\n+CMTI: "SM",1\r\n\r\nOK\r\n',
    );
    assert.deepEqual(seen.lines, ['Model: E3272', 'IMEI: 1']);
    assert.deepEqual(seen.urcs, ['^RSSI:1', '^RSSI:2', '^BOOT:1,0,0,0,7', '+CMTI: "SM",1']);
  });

  it('T4: an echo although it was turned off, one cut in two by a URC, one glued to a URC', async () => {
    const reply = '+CSQ: 20,99\r\n\r\nOK\r\n';
    for (const echo of ['AT+CSQ\r\r\n', 'AT+C\r\n^RSSI:20\r\nSQ\r\r\n', '\r\n^RSSI:20AT+CSQ\r\r\n', '']) {
      const seen = await exchange('AT+CSQ', `${echo}${reply}`);
      assert.deepEqual(seen.lines, ['+CSQ: 20,99'], echo);
      assert.deepEqual(seen.urcs, echo.includes('RSSI') ? ['^RSSI:20'] : [], echo);
    }
  });

  it('T4: what stands before the echo is no reply to this command', async () => {
    const seen = await exchange('AT+CGSN', '\r\n123\r\nAT+CGSN\r\r\n359853033124388\r\n\r\nOK\r\n');
    assert.deepEqual(seen.lines, ['359853033124388']);
  });

  it('T4: takes one echo only: the same text again is a line of the reply', async () => {
    assert.deepEqual((await exchange('ATI', 'ATI\r\r\nModel: X\r\nATI\r\n\r\nOK\r\n')).lines, ['Model: X', 'ATI']);
  });

  it('T19: takes no line of a listed text for a prompt', async () => {
    const text = '\r\n+CMGR: "REC READ","+49151",,"17/02/06"\r\n> hello\r\n\r\nOK\r\n';
    assert.equal((await exchange('AT+CMGR=1', text)).lines[1], '> hello');
  });

  it('T4: an information line that only looks like the beginning of the echo stays', async () => {
    assert.deepEqual((await exchange('AT+CLAC', '\r\nA\r\nH\r\n\r\nOK\r\n')).lines, ['A', 'H']);
    assert.deepEqual((await exchange('AT+CLAC', '\r\nA\r\n\r\nOK\r\n')).lines, ['A']);
  });

  it('T5: replies without a prefix, also a bare 0', async () => {
    assert.deepEqual((await exchange('AT^DLOADVER?', '\r\n2.0\r\n\r\nOK\r\n')).lines, ['2.0']);
    assert.deepEqual((await exchange('AT^SIGNVER=1,0,AB,1', '\r\n0\r\n\r\nOK\r\n')).lines, ['0']);
  });

  it('T6: several lines with blank ones between', async () => {
    const seen = await exchange(
      'AT^VERSION?',
      '\r\n^VERSION:BDT:Jul 4 2011, 21:33:25\r\n\r\n\r\n^VERSION:CFG:\r\n\r\n\r\nOK\r\n',
    );
    assert.deepEqual(seen.lines, ['^VERSION:BDT:Jul 4 2011, 21:33:25', '^VERSION:CFG:']);
  });

  it('T7: URCs of two lines, also inside a reply and with another URC in their hex', async () => {
    const pdu = '07913306091040F0040B913336157675F0000071205281500040024B32';
    for (const body of [`${pdu}\r\n`, `${pdu.slice(0, 21)}\r\n^RSSI:9\r\n${pdu.slice(21)}\r\n`]) {
      const seen = await exchange('ATI', `\r\nModel: E3272\r\n\r\n+CMT: ,21\r\n${body}\r\nOK\r\n`);
      assert.deepEqual(seen.lines, ['Model: E3272']);
      assert.equal(seen.urcs.at(-1), `+CMT: ,21\n${pdu}`);
      assert.equal(seen.urcs.length, body.includes('RSSI') ? 2 : 1);
    }
    const text = await exchange('AT', '\r\n+CMT: "+4915112345",,"17/02/06,00:04:32+04"\r\n> OK then\r\n\r\nOK\r\n');
    assert.deepEqual(text.urcs, ['+CMT: "+4915112345",,"17/02/06,00:04:32+04"\n> OK then']);
    const report = await exchange('AT', '\r\n+CDS: 2\r\n00ABCD\r\n\r\n+CBM: 2\r\nABCD\r\n\r\nOK\r\n');
    assert.deepEqual(report.urcs, ['+CDS: 2\n00ABCD', '+CBM: 2\nABCD']);
  });

  it('T7: a two-line URC in the middle of a PDU of a list', async () => {
    const pdu = '07913306091040F0040B913336157675F0000071205281500040024B32';
    const seen = await exchange(
      'AT+CMGL=4',
      `\r\n+CMGL: 0,1,,21\r\n${pdu.slice(0, 20)}\r\n+CMT: ,21\r\n${pdu}\r\n${pdu.slice(20)}\r\n\r\nOK\r\n`,
    );
    assert.deepEqual(seen.lines, ['+CMGL: 0,1,,21', pdu]);
    assert.deepEqual(seen.urcs, [`+CMT: ,21\n${pdu}`]);
  });

  it('T7: a line that nobody asked for, in the middle of a PDU, whether its prefix is known or not', async () => {
    const pdu = '07913306091040F0040B913336157675F0000071205281500040024B32';
    for (const line of [
      '^NWTIME: 25/05/23,12:00:34+08,01',
      '^CCIN: 1',
      '^CSIN: 1,2',
      '^CSMN: 1',
      '^XNEW: 1,"two"',
      '+XNEW: 1',
      '^X_NEW: 1',
      '^ANAMETHATISLONGERTHANANYCOMMAND: 1',
      '*NEW: 1',
      'RING',
      'NO CARRIER',
    ]) {
      const cut = `${pdu.slice(0, 21)}\r\n${line}\r\n${pdu.slice(21)}`;
      const listed = await exchange('AT+CMGL=4', `\r\n+CMGL: 0,1,,21\r\n${cut}\r\n\r\nOK\r\n`);
      assert.deepEqual(listed, { lines: ['+CMGL: 0,1,,21', pdu], final: 'OK', urcs: [line] }, line);
      const told = await exchange('ATI', `\r\nModel: E3272\r\n\r\n+CMT: ,21\r\n${cut}\r\n\r\nOK\r\n`);
      assert.deepEqual(told, { lines: ['Model: E3272'], final: 'OK', urcs: [line, `+CMT: ,21\n${pdu}`] }, line);
    }
  });

  it('T7: a PDU is announced by its header with a name from the phone book too, whatever that holds', async () => {
    const pdu = '07913306091040F0040B913336157675F0000071205281500040024B32';
    const cut = `${pdu.slice(0, 21)}\r\n^CSIN: 1\r\n${pdu.slice(21)}`;
    for (const [command, header] of [
      ['AT+CMGL=4', '+CMGL: 0,1,"Smith, Jane, work",21'],
      ['AT+CMGR=0', '+CMGR: 1,"Smith, Jane",21'],
    ] as const) {
      const { lines } = await exchange(command, `\r\n${header}\r\n${cut}\r\n\r\nOK\r\n`);
      assert.deepEqual(lines, [header, pdu]);
    }
    const { urcs } = await exchange('ATI', `\r\n+CMT: "Smith, Jane",21\r\n${cut}\r\n\r\nOK\r\n`);
    assert.deepEqual(urcs, ['^CSIN: 1', `+CMT: "Smith, Jane",21\n${pdu}`]);
  });

  it("T1: ^CCIN, ^CSIN and ^CSMN are nobody's reply", async () => {
    for (const name of ['^CCIN', '^CSIN', '^CSMN']) {
      const seen = await exchange('ATI', `\r\nModel: E3272\r\n\r\n${name}: 1\r\n\r\nOK\r\n`);
      assert.deepEqual([seen.lines, seen.urcs], [['Model: E3272'], [`${name}: 1`]]);
    }
  });

  it('T7: what was asked for ends a PDU that is not whole, and so do a final and the end of a dialled call', async () => {
    const half = '07913306091040F0040B91';
    const next = `\r\n+CMGL: 1,1,,2\r\n00ABCD\r\n`;
    const listed = await exchange('AT+CMGL=4', `\r\n+CMGL: 0,1,,21\r\n${half}${next}\r\nOK\r\n`);
    assert.deepEqual(listed.lines, ['+CMGL: 0,1,,21', half, '+CMGL: 1,1,,2', '00ABCD']);
    const expected = await exchange('AT+CMGL=4', `\r\n+CMGL: 0,1,,21\r\n${half}\r\n^XNEW: 1\r\n\r\nOK\r\n`, ['^XNEW']);
    assert.deepEqual([expected.lines, expected.urcs], [['+CMGL: 0,1,,21', half, '^XNEW: 1'], []]);
    const failed = await exchange('AT+CMGL=4', `\r\n+CMGL: 0,1,,21\r\n${half}\r\n+CMS ERROR: 500\r\n`);
    assert.deepEqual([failed.lines, failed.final], [['+CMGL: 0,1,,21', half], '+CMS ERROR: 500']);
    const call = await exchange('ATD*99#', `\r\n+CMT: ,21\r\n${half}\r\nNO CARRIER\r\n`);
    assert.deepEqual([call.final, call.urcs], ['NO CARRIER', [`+CMT: ,21\n${half}`]]);
  });

  it('T8: +CUSD over several lines, with blank ones, an OK and another URC in its text', async () => {
    const seen = await exchange(
      'AT+CUSD=1,"*100#",15',
      '\r\nOK\r\n\r\n+CUSD: 0,"Menu\r\n\r\nOK\r\n^RSSI:3\r\n1 more",15\r\n',
    );
    assert.equal(seen.final, 'OK');
    assert.deepEqual(seen.urcs, ['^RSSI:3', '+CUSD: 0,"Menu\n\nOK\n1 more",15']);
    const inner = await exchange('AT', '\r\n+CUSD: 1,"5" left",15\r\n\r\nOK\r\n');
    assert.deepEqual(inner.urcs, ['+CUSD: 1,"5" left",15']);
  });

  it('T9: a prefix shared by reply and URC goes to the query once, and never to a set', async () => {
    for (const name of ['^HCSQ', '^RFSWITCH', '^SIMST']) {
      const twice = `\r\n${name}:1,1\r\n\r\n${name}:1,0\r\n\r\nOK\r\n`;
      assert.deepEqual(await exchange(`AT${name}?`, twice), {
        lines: [`${name}:1,1`],
        final: 'OK',
        urcs: [`${name}:1,0`],
      });
    }
    const set = await exchange('AT^RFSWITCH=0', '\r\n^RFSWITCH:0,1\r\n\r\nOK\r\n');
    assert.deepEqual([set.lines, set.urcs], [[], ['^RFSWITCH:0,1']]);
    const usual = await exchange('AT+CUSD=1,"AA",15', '\r\n+CUSD: 0,"AB",15\r\n\r\nOK\r\n');
    assert.deepEqual([usual.lines, usual.urcs], [[], ['+CUSD: 0,"AB",15']]);
    const expected = await exchange('AT+CUSD=1,"AA",15', '\r\n+CUSD: 0,"AB",15\r\n\r\nOK\r\n', ['+cusd']);
    assert.deepEqual([expected.lines, expected.urcs], [['+CUSD: 0,"AB",15'], []]);
    const query = await exchange('AT^NDISSTATQRY?', '\r\n^NDISSTAT:1,,,"IPV4"\r\n\r\n^NDISSTATQRY:1\r\n\r\nOK\r\n');
    assert.deepEqual([query.lines, query.urcs], [['^NDISSTATQRY:1'], ['^NDISSTAT:1,,,"IPV4"']]);
  });

  it('T9: the shape of a registration line tells reply from URC', async () => {
    for (const [urc, reply] of [
      ['+CREG: 1', '+CREG: 2,1,"1607","14DB"'],
      ['+CREG: 1,8BE3,2BAF', '+CREG: 2,1'],
      ['+CREG: 0,0,0', '+CREG: 2,0,0,0'],
      ['+CREG: 5, 1607, 14DB, 7', '+CREG: 2,5, 1607, 14DB,7'],
      ['+CREG: 1,"0001","0000001"', '+CREG: (0-2)'],
    ] as const) {
      const seen = await exchange('AT+CREG?', `\r\n${urc}\r\n\r\n${reply}\r\n\r\n${urc}\r\n\r\nOK\r\n`);
      assert.deepEqual(seen, { lines: [reply], final: 'OK', urcs: [urc, urc] }, reply);
    }
    assert.deepEqual((await exchange('AT+CREG=2', '\r\n+CREG: 1,5\r\n\r\nOK\r\n')).urcs, ['+CREG: 1,5']);
  });

  it('T10: prefixes in any case', async () => {
    assert.deepEqual((await exchange('at^hcsq?', '\r\n^hcsq:"LTE",1\r\n\r\nOK\r\n')).lines, ['^hcsq:"LTE",1']);
    assert.deepEqual((await exchange('AT', '\r\n^Rssi:4\r\n\r\nOK\r\n')).urcs, ['^Rssi:4']);
  });

  it('T12: OK and ERROR inside a line are no final', async () => {
    const seen = await exchange('AT+COPS?', '\r\n+COPS: 0,0,"OK ERROR",7\r\nOK then\r\nan ERROR\r\n\r\nOK\r\n');
    assert.deepEqual(seen.lines, ['+COPS: 0,0,"OK ERROR",7', 'OK then', 'an ERROR']);
  });

  it('T13: an error glued to a line of the reply is not final, one glued to a URC is', async () => {
    const reply = await exchange('AT+CNUM', '\r\nERROR+CNUM: "","+331",145\r\n+CME ERROR: 25+CNUM: 2\r\n\r\nOK\r\n');
    assert.deepEqual([reply.lines, reply.final], [['+CNUM: "","+331",145', '+CNUM: 2'], 'OK']);
    const urc = await exchange('AT+CNUM', '\r\n+CME ERROR: 14^RSSI:5\r\n');
    assert.deepEqual([urc.final, urc.urcs], ['+CME ERROR: 14', ['^RSSI:5']]);
  });

  it('takes the end of a call for a final only where the command can dial', async () => {
    const other = await exchange('AT+CSQ', '\r\nNO CARRIER\r\n\r\n+CSQ: 1,99\r\n\r\nOK\r\n');
    assert.deepEqual([other.final, other.urcs], ['OK', ['NO CARRIER']]);
    assert.equal((await exchange('ATD*99#', '\r\nNO CARRIER\r\n')).final, 'NO CARRIER');
  });

  it('says when a reply had to be cut, instead of handing on a part of it', async () => {
    const { clock, port, channel } = await openBench();
    port.onWrite = () => port.feed(`\r\n${'x'.repeat(20_000)}\r\nOK\r\n`);
    await assert.rejects(clock.run(channel.run('AT+CLAC')), { code: 'PROTOCOL' });
    port.onWrite = () => port.feed(`\r\n${`${'x'.repeat(999)}\r\n`.repeat(2_000)}OK\r\n`);
    await assert.rejects(clock.run(channel.run('AT+CLAC')), { code: 'PROTOCOL' });
  });
});
