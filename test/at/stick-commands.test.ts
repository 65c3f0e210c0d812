import assert from 'node:assert/strict';
import { parseIdentity } from '../../src/at/commands/identity';
import { parseComposition } from '../../src/at/commands/ports';
import { splitFields } from '../../src/at/fields';
import { expectOk } from '../../src/at/reply';
import { getSetport, setportOptions, setSetport } from '../../src/at/setport';
import { readFirmwareVersion, readIdentity, reset } from '../../src/at/stick-commands';
import { isDriverError } from '../../src/errors';
import { type Bench, OK, openBench, settled } from './port';

const E3272 = '1: 3G MODEM|2: 3G PCUI|16: NCM|A1: CDROM|A2: SD|10: 4G MODEM|12: 4G PCUI|13: 4G DIAG'.split('|');
const E3131 = '1: 3G MODEM|2: 3G PCUI|3: 3G DIAG|16: NCM|A1: CDROM'.split('|');

/** A stick that knows `codes` and shows `running`. */
async function setportStick(codes: string[], running = 'A1,A2;10,12,16,A1,A2'): Promise<Bench> {
  const it = await openBench({ space: 'never' });
  it.answer((command) => {
    if (command === 'AT^SETPORT=?') return `${codes.map((line) => `\r\n^SETPORT:${line}\r\n`).join('')}${OK}`;
    return command === 'AT^SETPORT?' ? `\r\n^SETPORT:${running}\r\n${OK}` : OK;
  });
  return it;
}

describe('fields', () => {
  it('splits outside quotes and takes blanks and quotes of any kind off', () => {
    assert.deepEqual(splitFields(' a , "b,c" ,, “d”, "e'), ['a', 'b,c', '', 'd', 'e']);
  });
});

describe('AT commands about the stick', () => {
  it('T6, T50: reads ATI with blank lines in it and without a manufacturer', async () => {
    const { clock, channel, answer } = await openBench();
    answer(
      () => '\r\nManufacturer: \r\n\r\nModel: E3272\r\nIMEI: 863781014954441\r\n+GCAP: +CGSM, +DS,+ES\r\n\r\nOK\r\n',
    );
    assert.deepEqual(await clock.run(readIdentity(channel)), {
      model: 'E3272',
      imei: '863781014954441',
      gcap: ['+CGSM', '+DS', '+ES'],
    });
    assert.deepEqual(parseIdentity([]), {});
    assert.deepEqual(parseIdentity(['IMEI: XXXXXXXXXXXXXXX', 'nonsense', ': x']), {});
  });

  it('reads ^FHVER', async () => {
    const { clock, channel, answer } = await openBench();
    answer(() => `\r\n^FHVER:"E1221 11.002.00.00.00,CH1E122XM Ver.A"\r\n${OK}`);
    const version = { product: 'E1221', software: '11.002.00.00.00', hardware: 'CH1E122XM Ver.A' };
    assert.deepEqual(await clock.run(readFirmwareVersion(channel)), version);
    answer(() => OK);
    assert.equal(await clock.run(readFirmwareVersion(channel)), undefined);
  });

  it('turns refusals into errors with number and words', async () => {
    const { clock, channel, answer } = await openBench();
    for (const [line, code, number, text] of [
      ['ERROR', 'AT_ERROR/refused', undefined, /ERROR/],
      ['COMMAND NOT SUPPORT', 'AT_ERROR/unknown-command', undefined, /COMMAND NOT SUPPORT/],
      ['TOO MANY PARAMETERS', 'AT_ERROR/too-many-parameters', undefined, /TOO MANY PARAMETERS/],
      ['NO CARRIER', 'AT_ERROR/refused', undefined, /NO CARRIER/],
      ['+CME ERROR: 10', 'CME_ERROR/no-sim', 10, /SIM not inserted/],
      ['+CME ERROR: SIM not inserted', 'CME_ERROR/no-sim', 10, /SIM not inserted/],
      ['+CMS ERROR: 10', 'CMS_ERROR/barred', 10, /10/],
      ['+CMS ERROR: 310', 'CMS_ERROR/no-sim', 310, /310/],
      ['+CMS ERROR: 321', 'CMS_ERROR/refused', 321, /invalid memory index/],
      ['+CME ERROR: 4711', 'CME_ERROR/refused', 4711, /4711/],
    ] as const) {
      answer(() => `\r\n${line}\r\n`);
      const reply = await clock.run(channel.run('ATD1'));
      assert.throws(
        () => expectOk(reply, { stick: '1-1.4' }),
        (error) => {
          assert.ok(isDriverError(error, code), line);
          assert.equal(error.number, number);
          assert.equal(error.stick, '1-1.4');
          assert.match(error.message, text);
          return true;
        },
      );
    }
    answer(() => OK);
    const reply = await clock.run(channel.run('AT'));
    assert.equal(expectOk(reply), reply);
  });

  it('T15: a restart is done with OK, or when the port vanishes before', async () => {
    const first = await openBench();
    await first.clock.run(reset(first.channel));
    const second = await openBench();
    second.port.onWrite = () => second.port.vanish();
    await second.clock.run(reset(second.channel));
    const third = await openBench();
    third.answer(() => '\r\nERROR\r\n');
    assert.ok(isDriverError(await third.clock.run(settled(reset(third.channel))), 'AT_ERROR'));
  });
});

describe('^SETPORT', () => {
  it('T11: is read with and without quotes, blanks and prefix', async () => {
    for (const [line, before, after] of [
      ['^SETPORT:A1,A2;10,12,16,A1,A2', ['A1', 'A2'], ['10', '12', '16', 'A1', 'A2']],
      ['^SETPORT: "FF; 12,16"', ['FF'], ['12', '16']],
      ['^setport:ff;a', ['FF'], ['A']],
      ['^SETPORT:;2,3,16', [], ['2', '3', '16']],
      ['A1,A2;1,2', ['A1', 'A2'], ['1', '2']],
    ] as const) {
      const { clock, channel, answer } = await openBench();
      answer(() => `\r\n${line}\r\n${OK}`);
      assert.deepEqual(await clock.run(getSetport(channel)), { before, after }, line);
    }
    for (const line of ['', '1,2', '1;2;3', 'X;1', '1;99999', '1,,2;3'])
      assert.equal(parseComposition(line), undefined, line);
  });

  it('says so when there is no composition in the answer', async () => {
    const { clock, channel } = await openBench();
    assert.ok(isDriverError(await clock.run(settled(getSetport(channel))), 'PROTOCOL'));
  });

  it('T32: the list names the codes in the order of the stick', async () => {
    const { clock, channel } = await setportStick(E3272);
    const codes = await clock.run(setportOptions(channel));
    assert.deepEqual(codes[1], { code: '2', name: '3G PCUI' });
    assert.equal(codes.length, E3272.length);
  });

  it('sets what holds an AT port and reports the old value', async () => {
    for (const [codes, value] of [
      [E3272, 'FF;10,12'],
      [E3272, 'ff; 10, 12 ,16'],
      [E3272, '"A1,A2;2"'],
      [E3131, ';2,3,16'],
    ] as const) {
      const { clock, port, channel } = await setportStick([...codes]);
      const previous = await clock.run(setSetport(channel, value));
      assert.deepEqual(previous, { before: ['A1', 'A2'], after: ['10', '12', '16', 'A1', 'A2'] });
      const sent = value.replaceAll(/[" ]/g, '').toUpperCase();
      assert.equal(port.written.at(-1), `AT^SETPORT="${sent}"\r`);
    }
  });

  it('T38: refuses what would leave no AT port, or codes the stick does not list', async () => {
    for (const [codes, value] of [
      [E3272, 'FF;10,16'],
      [E3272, 'A1,A2;A1,A2'],
      [E3272, '12;10'],
      [E3131, 'FF;10,12'],
      [E3131, 'FF;1,12'],
      [E3272, 'FF;12,A3'],
      [[], 'FF;10,12'],
    ] as const) {
      const { clock, port, channel } = await setportStick([...codes]);
      const error = await clock.run(settled(setSetport(channel, value)));
      assert.ok(isDriverError(error, 'COMMAND_REFUSED'), value);
      assert.deepEqual(port.written, ['AT^SETPORT=?\r']);
      await clock.run(setSetport(channel, value, { force: true }));
      assert.equal(port.written.at(-1), `AT^SETPORT="${value}"\r`);
    }
  });

  it('refuses bad shapes even by force, before a byte is sent', async () => {
    const { clock, port, channel } = await setportStick(E3272);
    const long = `FF;${Array.from({ length: 20 }, (_, i) => i + 10).join(',')}`;
    for (const value of [
      '',
      'FF',
      'FF;',
      ';',
      'FF;12,12',
      'FF,A1;12',
      'FF;12,FF',
      '12',
      'FF;12";^GODLOAD',
      'FF;12;12',
      long,
    ]) {
      for (const force of [false, true]) {
        const error = await clock.run(settled(setSetport(channel, value, { force })));
        assert.ok(isDriverError(error, 'COMMAND_REFUSED'), value);
      }
    }
    assert.deepEqual(port.written, []);
  });
});
