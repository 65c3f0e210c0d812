/** `e3272 list`, `e3272 watch`, `e3272 switch`. */

import { BY_ITSELF } from '../src/family/switches-by-itself';
import { setConfiguration } from '../src/modeswitch/configuration';
import type { SwitchMessage } from '../src/modeswitch/messages';
import { switchStick } from '../src/modeswitch/switch';
import { holdStick } from '../src/stick/hold';
import { findStick, listSticks, type Stick } from '../src/stick/stick';
import { watchSticks } from '../src/stick/watch';
import { type Context, usage } from './context';
import { stickJson, stickLine } from './show-stick';
import { type SerialCommandOptions, serialCommand } from './to-serial';

export async function list({ host, out }: Context): Promise<boolean> {
  const sticks = await listSticks(host);
  for (const stick of sticks) out.result(stickLine(stick));
  if (sticks.length === 0) out.say('No Huawei stick is plugged in.');
  out.object({ type: 'result', ok: true, sticks: sticks.map(stickJson) });
  return true;
}

/** Tells every change until it is stopped by a signal. */
export async function watch({ host, out, signal }: Context): Promise<boolean> {
  out.say('Watching for sticks; stop with Ctrl-C.');
  const watching = watchSticks(host, (change) => {
    const from = change.from && change.from !== change.stick.mode ? ` (was ${change.from})` : '';
    out.result(`${change.event.padEnd(8)}  ${stickLine(change.stick)}${from}`);
    out.object({
      type: 'stick',
      event: change.event,
      ...(change.from && { from: change.from }),
      ...stickJson(change.stick),
    });
  });
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  watching.stop();
  out.object({ type: 'result', ok: true });
  return true;
}

export interface SwitchCommandOptions extends SerialCommandOptions {
  /** Default `new`. */
  message?: SwitchMessage;
  timeout: number;
  /** Another USB configuration instead of another mode. */
  configuration?: number;
  /** Beyond the CD-ROM. */
  to?: 'serial';
}

export async function switchCommand(context: Context, options: SwitchCommandOptions): Promise<boolean> {
  const { host, which, out, signal } = context;
  const { message = 'new', timeout, configuration, to } = options;
  requireTogether(options);
  const stick = await findStick(host, which);
  if (to !== undefined) return serialCommand(context, stick, options);
  if (configuration !== undefined) return configure(context, stick, configuration);
  const hold = await holdStick(host, stick.path, { purpose: 'mode switch' });
  out.event({
    type: 'stage',
    stage: 'switch',
    text: `Switching the stick at ${stick.path} by the message "${message}".`,
  });
  const result = await switchStick(host, stick, { message, timeoutMs: timeout * 1000, signal }).finally(hold.release);
  const texts = {
    message: 'Switched',
    tool: 'Switched by usb_modeswitch',
    other: 'Switched by another program in the meantime',
    already: 'Nothing to switch',
  };
  out.result(`${texts[result.by]}: ${stickLine(result.stick)}`);
  if (!result.asExpected && result.by !== 'already') {
    out.say(
      `The message "${message}" is known to lead to another mode than ${result.to.mode}; take the stick as it is.`,
    );
  }
  if (message === 'alt' && result.to.mode === 'hilink') out.say(BY_ITSELF.text);
  const { stick: now, ...rest } = result;
  out.object({ type: 'result', ok: true, ...rest, ...stickJson(now) });
  return true;
}

/** Error: BAD_ARGUMENT for options that say nothing together. */
function requireTogether({ to, configuration, permanent, force, address }: SwitchCommandOptions): void {
  if (to !== undefined && configuration !== undefined) throw usage('--to and --configuration exclude each other.');
  if (to === undefined && (permanent || force || address !== undefined))
    throw usage('--permanent, --force and --address go with --to serial.');
}

async function configure({ host, out, signal }: Context, stick: Stick, value: number): Promise<boolean> {
  const hold = await holdStick(host, stick.path, { purpose: 'another configuration' });
  out.event({ type: 'stage', stage: 'switch', text: `Setting configuration ${value} of the stick at ${stick.path}.` });
  const result = await setConfiguration(host, stick, value, { signal }).finally(hold.release);
  const { stick: now, from, changed, ms } = result;
  out.result(`${changed ? `Configuration ${value}` : `Configuration ${value} was set already`}: ${stickLine(now)}`);
  out.object({
    type: 'result',
    ok: true,
    ...(from !== undefined && { from }),
    to: value,
    changed,
    ms,
    ...stickJson(now),
  });
  return true;
}
