/** What a program that uses the library is told by the compiler: a wrong type here keeps the tests from being built. */

import assert from 'node:assert/strict';
import { replyValue, urcValue } from '../../../src/at/commands/value';
import type { PortCode } from '../../../src/values/ports';
import type { RegistrationStatus } from '../../../src/values/registration';
import type { OwnNumber } from '../../../src/values/sim';

/** Compiles only where `A` and `B` are the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : never;
const same = <A, B>(_: Same<A, B>): void => undefined;

describe('types of values', () => {
  it('are those of the command, in each of its forms', () => {
    const signal = replyValue('AT+CSQ', ['+CSQ: 20,99']);
    same<NonNullable<typeof signal>['rssi'], number | undefined>(true);
    assert.equal(signal?.rssi, -73);

    const codes = replyValue('AT^SETPORT=?', ['^SETPORT:12: 4G PCUI']);
    same<typeof codes, PortCode[] | undefined>(true);
    assert.equal(codes?.[0]?.name, '4G PCUI');

    const numbers = replyValue('AT+CNUM', ['+CNUM: "","+33606487754",145']);
    same<typeof numbers, OwnNumber[] | undefined>(true);
    assert.equal(numbers?.[0]?.number, '+33606487754');

    const composition = replyValue('AT^SETPORT?', ['^SETPORT:FF;10,12']);
    same<NonNullable<typeof composition>['after'], string[]>(true);
    assert.deepEqual(composition?.after, ['10', '12']);

    const imei = replyValue('at+cgsn', ['863781014954441']);
    same<typeof imei, string | undefined>(true);
    assert.equal(imei?.length, 15);

    const registration = replyValue('AT+CREG?', ['+CREG: 0,1']);
    same<NonNullable<typeof registration>['status'], RegistrationStatus>(true);
    assert.ok(registration?.registered);

    const flow = replyValue('AT^DSFLOWQRY', ['^DSFLOWQRY: 2D,1,2,2D,1,2']);
    same<NonNullable<typeof flow>['txBytes'], number | string>(true);
    assert.equal(flow?.txBytes, 1);
  });

  it('are those of the URC that is meant, and there is no value of another one', () => {
    const signal = urcValue('^RSSI: 20', '^RSSI');
    same<NonNullable<typeof signal>['rssi'], number | undefined>(true);
    assert.equal(signal?.rssi, -73);
    assert.equal(urcValue('^RSSI: 20', '^HCSQ'), undefined);
    const written = urcValue('^rssi: 20');
    same<NonNullable<typeof written>['rssi'], number | undefined>(true);
  });

  it('are any value where nobody knows which command it is', () => {
    const command: string = 'AT+CSQ';
    const value = replyValue(command, ['+CSQ: 20,99']);
    // @ts-expect-error: it may be a text
    const rssi: unknown = value?.rssi;
    assert.equal(rssi, -73);
    assert.equal(typeof value === 'object' && 'rssi' in value && value.rssi, -73);
  });

  it('are none where a command has none', () => {
    const nothing = replyValue('AT^BOOT', ['^BOOT: 1']);
    same<typeof nothing, undefined>(true);
    assert.equal(nothing, undefined);
  });
});
