/** `e3272 switch --to serial`: out of the CD-ROM and out of HiLink mode, to serial ports. */

import type { Try } from '../src/hilink/ways';
import { type ToSerialOptions, toSerial } from '../src/leave-hilink/to-serial';
import { triedTexts } from '../src/leave-hilink/tried';
import type { SwitchMessage } from '../src/modeswitch/messages';
import { holdStick } from '../src/stick/hold';
import type { Stick } from '../src/stick/stick';
import type { Context } from './context';
import { stickJson, stickLine } from './show-stick';

export interface SerialCommandOptions {
  message?: SwitchMessage;
  /** Seconds. */
  timeout: number;
  permanent?: boolean;
  force?: boolean;
  /** Of its web page. */
  address?: string;
}

export async function serialCommand(
  { host, out, signal }: Context,
  stick: Stick,
  { message, timeout, permanent, force, address }: SerialCommandOptions,
): Promise<boolean> {
  const stage = (text: string) => out.event({ type: 'stage', stage: 'switch', text });
  const onTry = ({ way, to }: Try) => stage(`Asking the stick at ${stick.path} for its ${to} mode (${way}).`);
  const password = process.env['E3272_HILINK_PASSWORD'];
  const options: ToSerialOptions = {
    message,
    permanent,
    force,
    address,
    timeoutMs: timeout * 1000,
    signal,
    onTry,
    ...(password && { password }),
  };
  const hold = await holdStick(host, stick.path, { purpose: 'mode switch' });
  stage(`Taking the stick at ${stick.path} to serial ports.`);
  const { stick: now, ...result } = await toSerial(host, stick, options).finally(hold.release);
  const { switched, tried, temporary, setport } = result;
  out.result(`${switched ? 'Switched' : 'Nothing to switch'}: ${stickLine(now)}`);
  if (tried.length > 0) out.result(`Tried: ${triedTexts(tried)}.`);
  if (setport) out.result(`AT^SETPORT is ${setport.now}; before it was ${setport.before}.`);
  if (temporary) out.say('It is HiLink again as soon as it is plugged in anew, unless --permanent keeps these ports.');
  out.object({ type: 'result', ok: true, ...result, ...stickJson(now) });
  return true;
}
