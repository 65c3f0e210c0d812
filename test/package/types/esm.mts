/** What a program sees of the packed types, and what it must not see: compiled by tarball.test.ts against the tarball. */

import {
  type AtHandle,
  convert,
  createLocalHost,
  type ErrorCode,
  type Host,
  isDriverError,
  type JobReport,
  openAt,
  openSms,
  replyValue,
  type Status,
  StatusReader,
  urcValue,
} from '@e3272/node-red';
// @ts-expect-error: what is inside the package is not public.
import { AtChannel } from '@e3272/node-red/build/src/at/channel';
import { VirtualClock, VirtualHost, VirtualStick } from '@e3272/node-red/testing';

/** True only where both are the very same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <_T extends true>(): void => undefined;

export { AtChannel };

const clock = new VirtualClock();
const stick = new VirtualStick({ clock });
export const host: Host = new VirtualHost({ sticks: [stick], clock });
// @ts-expect-error: a stick lives by a clock.
new VirtualStick({});
// @ts-expect-error: only for the house.
stick.world;
// @ts-expect-error: nobody outside can call a real stick a virtual one.
createLocalHost({ real: false });
// @ts-expect-error: no such fault.
stick.faults.order({ fault: 'boredom', at: 'block' });

export async function values(at: AtHandle): Promise<void> {
  const { lines } = await at.run('AT+CSQ');
  is<Same<NonNullable<ReturnType<typeof replyValue<'AT+CSQ'>>>['rssi'], number | undefined>>();
  // @ts-expect-error: no member of this value.
  replyValue('AT+CSQ', lines)?.nothing;
  // @ts-expect-error: it may be unknown.
  replyValue('AT+CSQ', lines)?.rssi.toFixed();
  urcValue('^RSSI:20', '^RSSI')?.rssi?.toFixed();
  const status = await new StatusReader(at).read({ parts: ['signal', 'sim'] });
  is<Same<typeof status, Status>>();
  is<Same<NonNullable<Status['signal']>['rsrp'], number | undefined>>();
  // @ts-expect-error: no such part.
  await new StatusReader(at).read({ parts: ['weather'] });
}

export function errors(error: unknown): ErrorCode | undefined {
  // @ts-expect-error: the codes are a closed set.
  isDriverError(error, 'NO_SUCH_CODE');
  // @ts-expect-error: anything may have been thrown.
  error.code;
  return isDriverError(error) ? error.code : undefined;
}

export function jobs(): Promise<JobReport> {
  // @ts-expect-error: which stick?
  void convert(host, {});
  return convert(host, {
    which: 'auto',
    confirm: ({ stick, steps }) => stick === '1-1' && steps.length > 0,
    onEvent(event) {
      if (event.type === 'wait') is<Same<typeof event.act, 'boot-pin' | 'replug'>>();
      // @ts-expect-error: only a wait has something for a person to do.
      event.act;
    },
  });
}

export const sms = openSms(host, '1-1.4', { pin: '1234' });
export const at = openAt(host, '1-1.4', { timeout: 5_000 });
