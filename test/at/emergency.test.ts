import assert from 'node:assert/strict';
import { parseAllowList } from '../../src/at/allow';
import { checkRequest } from '../../src/at/check';
import { EMERGENCY_NUMBERS } from '../../src/at/emergency';
import { DriverError, isDriverError } from '../../src/errors';
import { OK, openBench, settled } from './port';

/** Why `command` is refused although everything that can be allowed is; undefined if it is not. */
function refusal(command: string): string | undefined {
  const checked = checkRequest(command, { force: true }, '1-1');
  if (!(checked instanceof DriverError)) return undefined;
  assert.equal(checked.code, 'COMMAND_REFUSED', command);
  assert.equal(checked.reason, 'never');
  return checked.message;
}

const never = (command: string) => assert.match(refusal(command) ?? 'let through', /emergency number/, command);
const passes = (command: string) => assert.equal(refusal(command), undefined, command);

describe('emergency numbers', () => {
  it('are never dialled, by whichever form of the command and with force', () => {
    for (const number of EMERGENCY_NUMBERS) {
      for (const command of [
        `ATD${number};`,
        `ATD${number}`,
        `atdt${number};`,
        `ATDP ${number};`,
        `ATDI${number};`,
        `ATD+${number};`,
        `ATD#31#${number};`,
        `ATD*31#${number};`,
        `ATD*31#+${number};`,
        `ATD#31##31#${number};`,
        `ATD*31*16#${number};`,
        `ATD*67${number};`,
        `ATD#31#*67${number};`,
        `ATD*82#31#${number};`,
        `ATD${[...number].join('-')};`,
        `ATD ${[...number].join(' ')} ;`,
        `ATD(${number});`,
        `ATD"${number}";`,
        `ATD"${number};`,
        `ATDT${[...number].join('T')};`,
        `ATD${number}I;`,
        `ATD${number}G;`,
        `ATD${number}#;`,
        `ATD${number},,1234;`,
        `ATDP${number}W1;`,
        `ATE0D${number};`,
        `ATE0V1X4DT${number};`,
        `AT&FD${number};`,
        `ATS0=0D${number};`,
        `AT+CSQ;D${number};`,
        `AT+CSQ;DT${number};+CSQ`,
        `AT+CDV${number}`,
        `AT+CDV=${number}`,
        `AT+CTFR="${number}",129`,
        `AT+CHLD=4*${number}`,
        `AT+CCFC=0,3,"${number}",129`,
        `AT+CCFC=0,3,"${number},129`,
        `at+ccfc = 2 , 3 , "+${number}" , 145 , 1 ; +CSQ`,
        `ATD**21*${number}#`,
        `ATD*61*+${number}*11*20#;`,
        `AT+CUSD=1,"**21*${number}#",15`,
        `AT+CUSD=1,"${Buffer.from(`*002*${number}#`).toString('hex')}",15`,
      ]) {
        never(command);
      }
    }
  });

  it('nor a number that nobody can see here: stored ones, the last one, pressed keys', () => {
    for (const command of [
      'ATD>1;',
      'ATD>SM3;',
      'ATD>"SOS";',
      'ATD> ME 5',
      'ATDT>1',
      'ATDL',
      'ATDL;',
      'ATDS=1',
      'ATE0DL',
      'AT+CKPD="112S"',
    ]) {
      never(command);
    }
  });

  it('nor is help called without a number, as cars do', () => {
    for (const command of ['AT+CECALL=0', 'AT+CSQ;+CECALL=3', 'ATE0+CECALL=1']) {
      assert.match(refusal(command) ?? 'let through', /makes an emergency call/, command);
    }
    for (const command of ['AT+CECALL?', 'AT+CECALL=?']) passes(command);
  });

  it('other numbers, data calls and codes of the network are', () => {
    for (const command of [
      'ATD+49170112;',
      'ATD0811223344;',
      'ATD08-1234567;',
      'ATD1120;',
      'ATD0110;',
      'ATD+49112;',
      'ATD#31#0170123;',
      'ATD*99#',
      'ATD*99***1#',
      'ATD*112#',
      'ATD*110*5#;',
      'ATD**21*+49170112#',
      'ATD*#21#',
      'ATD*162*112#',
      'AT+CCFC=0,3,"+49170112",145',
      'AT+CCFC=0,2,,112',
      'ATD',
      'ATD;',
      'AT+CSQ',
      'ATI112',
      'AT&D1',
    ]) {
      passes(command);
    }
  });

  it('nothing but a call is refused: messages to them, a store, numbers of other commands', () => {
    for (const command of [
      'AT+CMGS="112"',
      'AT+CMGD=112',
      'AT+CMGR=110',
      'AT^NVRD=112',
      'AT+CPBW=1,"112",129,"SOS"',
      'AT+CPBW=1,"+4917",145,"D112"',
      'AT+CUSD=1,"112",15',
      'AT+CHLD=1',
      'AT+CKPD=?',
    ]) {
      passes(command);
    }
  });

  it('a white list that allows every number allows none of them', () => {
    const allow = parseAllowList('D*');
    assert.ok(!isDriverError(checkRequest('ATD0170123;', { allow }, '1-1')));
    for (const force of [false, true]) {
      assert.ok(isDriverError(checkRequest('ATD112;', { allow, force }, '1-1'), 'COMMAND_REFUSED'));
    }
  });

  it('the characters that end a line stay what they are, or text in quotes would be a command', () => {
    for (const command of ['ATS3=34', 'ATS5=65', 'ATE0S3=34'])
      assert.match(refusal(command) ?? '', /changes the character/);
    for (const command of ['ATS3?', 'ATS0=3']) passes(command);
  });
});

describe('emergency numbers of the stick', () => {
  const LINES = '\r\n^ECCLIST: 0,"115",1\r\n^ECCLIST: 1,"1122",31\r\n';

  it('are asked for once, in front of the first call, and never dialled', async () => {
    const { clock, port, channel, answer } = await openBench();
    answer((command) => (command.startsWith('AT^ECCLIST?') ? `${LINES}${OK}` : OK));
    // Neither calls a number.
    for (const command of ['AT+CSQ', 'ATD*99#']) await clock.run(channel.run(command));
    assert.equal(port.written.length, 2);
    const calls = await clock.run(
      Promise.all(['ATD115;', 'ATD#31#1122;', 'ATD0170123;'].map((command) => settled(channel.run(command)))),
    );
    assert.deepEqual(
      calls.map((call) => (call instanceof DriverError ? call.code : call.final)),
      ['COMMAND_REFUSED', 'COMMAND_REFUSED', 'OK'],
    );
    assert.equal(port.written.filter((text) => text.includes('ECCLIST')).length, 1);
    assert.ok(!port.written.some((text) => /D(115|#31#)/.test(text)));
    // The category is no number to call.
    assert.equal((await clock.run(channel.run('ATD31;'))).final, 'OK');
  });

  it('count too when the stick names them unasked', async () => {
    const { clock, port, channel } = await openBench();
    port.feed('\r\n^ECCLIST: 1,117\r\n');
    const error = await clock.run(settled(channel.run('ATD117;', { force: true })));
    assert.ok(isDriverError(error, 'COMMAND_REFUSED'));
  });

  it('firmware that does not know the question, or does not answer it, can call all the same', async () => {
    for (const reply of ['\r\nCOMMAND NOT SUPPORT\r\n', undefined]) {
      const { clock, channel, answer } = await openBench();
      answer((command) => (command.startsWith('AT^ECCLIST?') ? reply : OK));
      assert.equal((await clock.run(channel.run('ATD0170123;'))).final, 'OK');
      assert.ok(isDriverError(await settled(channel.run('ATD112;', { force: true })), 'COMMAND_REFUSED'));
    }
  });

  it('a list without end does not grow without end', async () => {
    const { clock, port, channel } = await openBench();
    for (let i = 0; i < 200; i++) port.feed(`\r\n^ECCLIST: ${2000 + i}\r\n`);
    assert.ok(isDriverError(await clock.run(settled(channel.run('ATD2000;'))), 'COMMAND_REFUSED'));
    assert.equal((await clock.run(channel.run('ATD2199;'))).final, 'OK');
  });
});
