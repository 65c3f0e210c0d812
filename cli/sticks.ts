/** `e3272 list`, `e3272 watch`, `e3272 switch`. */

import { foreignText } from '../src/family/foreign';
import { BY_ITSELF } from '../src/family/switches-by-itself';
import { setConfiguration } from '../src/modeswitch/configuration';
import type { SwitchMessage } from '../src/modeswitch/messages';
import { switchStick } from '../src/modeswitch/switch';
import { holdStick } from '../src/stick/hold';
import { obstacleOf } from '../src/stick/obstacle';
import { findStick, idText, listSticks, type Stick } from '../src/stick/stick';
import { watchSticks } from '../src/stick/watch';
import type { Context } from './context';

/** A stick as `--json` shows it and as the nodes will. */
export const stickJson = (stick: Stick) => ({
  stick: stick.path,
  mode: stick.mode,
  product: stick.product,
  vendorId: stick.vendorId,
  productId: stick.productId,
  ...(stick.device.configuration !== undefined && { configuration: stick.device.configuration }),
  ttys: stick.ttys.map(({ path, interface: number, role }) => ({ path, interface: number, role })),
  ...(stick.problem !== undefined && { problem: stick.problem }),
  ...(stick.foreign && { foreign: stick.foreign }),
});

function line(stick: Stick): string {
  const ttys = stick.ttys.map((t) => `${t.path} (${t.role})`).join(', ');
  const missing = stick.foreign ? `not used: ${foreignText(stick.foreign)}` : (obstacleOf(stick)?.text ?? '');
  return [stick.path.padEnd(8), idText(stick), stick.mode.padEnd(8), stick.product, ttys, missing]
    .filter(Boolean)
    .join('  ');
}

export async function list({ host, out }: Context): Promise<boolean> {
  const sticks = await listSticks(host);
  for (const stick of sticks) out.result(line(stick));
  if (sticks.length === 0) out.say('No Huawei stick is plugged in.');
  out.object({ type: 'result', ok: true, sticks: sticks.map(stickJson) });
  return true;
}

/** Tells every change until it is stopped by a signal. */
export async function watch({ host, out, signal }: Context): Promise<boolean> {
  out.say('Watching for sticks; stop with Ctrl-C.');
  const watching = watchSticks(host, (change) => {
    const from = change.from && change.from !== change.stick.mode ? ` (was ${change.from})` : '';
    out.result(`${change.event.padEnd(8)}  ${line(change.stick)}${from}`);
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

export interface SwitchCommandOptions {
  message: SwitchMessage;
  timeout: number;
  /** Another USB configuration instead of another mode. */
  configuration?: number;
}

export async function switchCommand(context: Context, options: SwitchCommandOptions): Promise<boolean> {
  const { host, which, out, signal } = context;
  const stick = await findStick(host, which);
  const { message, timeout, configuration } = options;
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
  out.result(`${texts[result.by]}: ${line(result.stick)}`);
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

async function configure({ host, out, signal }: Context, stick: Stick, value: number): Promise<boolean> {
  const hold = await holdStick(host, stick.path, { purpose: 'another configuration' });
  out.event({ type: 'stage', stage: 'switch', text: `Setting configuration ${value} of the stick at ${stick.path}.` });
  const result = await setConfiguration(host, stick, value, { signal }).finally(hold.release);
  const { stick: now, from, changed, ms } = result;
  out.result(`${changed ? `Configuration ${value}` : `Configuration ${value} was set already`}: ${line(now)}`);
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
