/** `e3272 at COMMAND...`: sends AT commands and prints what the modem says. */

import { replyValue } from '../src/at/commands/value';
import { openAtPort } from '../src/device/at/port-choice';
import { mayHang, refuseHanging, SpokenDialect } from '../src/device/dialect';
import { holdStick } from '../src/stick/hold';
import { findStick, stickText } from '../src/stick/stick';
import type { Context } from './context';
import { cliFailure } from './messages';

export interface AtCommandOptions {
  timeout?: number;
  force?: boolean;
}

export async function atCommand(
  { host, which: asked, out, signal }: Context,
  commands: string[],
  options: AtCommandOptions,
): Promise<boolean> {
  const stick = await findStick(host, asked);
  const hold = await holdStick(host, stick.path, { purpose: 'e3272 at' });
  try {
    const which = stickText(stick);
    const at = { stick: stick.path };
    if (host.hasBus && stick.mode !== 'tty') {
      throw cliFailure('WRONG_MODE/no-at-in-mode', { which, mode: stick.mode }, at);
    }
    const channel = await openAtPort(host, stick, 'auto', signal);
    if (typeof channel === 'string') {
      throw cliFailure('WRONG_MODE/no-at', { which, runs: channel }, at);
    }
    try {
      channel.onUrc(({ line }) => out.say(`(unasked) ${line}`));
      const spoken = new SpokenDialect((command, given) => channel.run(command, given));
      const replies = [];
      for (const command of commands) {
        if (mayHang(command, { force: options.force ?? false })) await refuseHanging(command, {}, spoken, stick.path);
        const reply = await channel.run(command, {
          signal,
          ...(options.timeout !== undefined && { timeout: options.timeout * 1000 }),
          ...(options.force && { force: true }),
        });
        const value = reply.ok ? replyValue(reply.command, reply.lines) : undefined;
        replies.push({ ...reply, ...(value !== undefined && { value }) });
        for (const line of reply.lines) out.result(line);
        out.result(reply.final);
      }
      const ok = replies.every((r) => r.ok);
      out.object({ type: 'result', ok, stick: stick.path, mode: stick.mode, replies });
      return ok;
    } finally {
      await channel.close();
    }
  } finally {
    hold.release();
  }
}
