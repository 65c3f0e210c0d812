/** The steps that bring back a stick whose AT port is silent. The stick must be held, and its port closed. */

import { parseParts } from '../../at/command';
import { timeoutOf } from '../../at/limits';
import { AtLink, type Outcome } from '../../at/link';
import { DriverError, failure } from '../../errors';
import { type Host, sleep } from '../../host/host';
import { portsToAsk, type Stick } from '../../stick/stick';
import { TIMEOUTS } from '../../timeouts';
import type { RecoveryStep } from './events';

/** In words, as part of "Next step: ...". */
export const STEP_TEXTS: Readonly<Record<RecoveryStep, string>> = {
  resync: 'leave a text prompt and get into step with the port again',
  reopen: 'close the port and open it again',
  cfun: 'switch the radio off and on (AT+CFUN), on whichever port answers',
  reset: 'restart the stick (AT^RESET), on whichever port answers',
  reauthorize: 'take the stick off the USB bus and let it come back',
};

/** To be made sure of after the step `cfun`: without it the stick answers, and has no network. */
export const RADIO_ON = 'AT+CFUN=1';

/** ESC leaves a text prompt; the CR behind it ends a line that is too short to be a command. */
const LEAVE_PROMPT = Buffer.from('\u001b\r', 'latin1');

/**
 * Carries out `step`. Resolves when it is done, which proves nothing: only an answered `AT` does, and for a restart the
 * bus, whose news abort `signal`. Errors: the signal's reason; those of ports are none, the step then just did not help.
 */
export async function bringBack(host: Host, stick: Stick, step: RecoveryStep, signal: AbortSignal): Promise<void> {
  if (step === 'cfun') await onAnyPort(host, stick, ['AT+CFUN=0', RADIO_ON], signal);
  else if (step === 'reset') {
    await onAnyPort(host, stick, ['AT^RESET'], signal);
    await sleep(host.clock, TIMEOUTS.health.leave, signal);
  } else if (step === 'reauthorize' && host.reauthorize && (await host.reauthorize(stick.path))) {
    await sleep(host.clock, TIMEOUTS.health.leave, signal);
  }
  signal.throwIfAborted();
}

/** A port that has just answered is worth the time that the radio takes to come up. */
const timeoutOfStep = (text: string): number =>
  text === RADIO_ON ? timeoutOf(parseParts(text)) : TIMEOUTS.health.step;

/** Sends `commands` on one port after another, until one port has answered all of them with OK. */
async function onAnyPort(host: Host, stick: Stick, commands: readonly string[], signal: AbortSignal): Promise<void> {
  for (const tty of portsToAsk(stick)) {
    signal.throwIfAborted();
    const answered = await onPort(host, tty.path, commands, signal).catch((error: unknown) => {
      if (error instanceof DriverError) return false;
      throw error;
    });
    if (answered) return;
  }
  signal.throwIfAborted();
}

async function onPort(host: Host, path: string, commands: readonly string[], signal: AbortSignal): Promise<boolean> {
  const port = await host.openTty(path);
  const over = failure('CANCELLED/step', { path });
  const link = new AtLink(
    port,
    host.clock,
    () => {},
    (error) => link.fail(error),
  );
  const onAbort = () => link.fail(over);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    link.listen();
    // Not awaited: a port that hangs may take no byte, and other steps are still to come.
    port.write(LEAVE_PROMPT).catch(() => undefined);
    await sleep(host.clock, TIMEOUTS.at.quiet, signal);
    for (const text of commands) {
      const exchange = { text, parts: parseParts(text), dials: false, timeoutMs: timeoutOfStep(text) };
      // With the space before the CR, which all sticks take.
      const bytes = Buffer.from(`${text} \r`, 'latin1');
      const outcome = await new Promise<Outcome>((settle) => link.exchange(exchange, bytes, settle));
      if (outcome.kind !== 'final' || outcome.final.kind !== 'ok') return false;
    }
    return true;
  } finally {
    signal.removeEventListener('abort', onAbort);
    await port.close();
  }
}
