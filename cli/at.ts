/** `e3272 at COMMAND...`: sends AT commands and prints what the modem says. */

import { AtChannel } from '../src/at/channel';
import { DriverError } from '../src/errors';
import { silentStick, surveyStick } from '../src/flash/survey';
import { holdStick } from '../src/stick/hold';
import { findStick, stickText } from '../src/stick/stick';
import { waitForTtys } from '../src/stick/watch';
import type { Context } from './context';

export interface AtCommandOptions {
  timeout?: number;
  force?: boolean;
}

export async function atCommand(
  { host, which, out, signal }: Context,
  commands: string[],
  options: AtCommandOptions,
): Promise<boolean> {
  const stick = await findStick(host, which);
  const hold = await holdStick(host, stick.path, { purpose: 'e3272 at' });
  try {
    if (host.hasBus && stick.mode !== 'tty') {
      throw new DriverError(
        'WRONG_MODE',
        `The stick at ${stickText(stick)} is in ${stick.mode} mode: it has no AT port.`,
        {
          stick: stick.path,
          hint: 'See `e3272 convert --help` for the way from there to an AT port.',
        },
      );
    }
    const surveyed = await surveyStick(host, host.hasBus ? await waitForTtys(host, stick, signal) : stick, signal);
    if (!surveyed) throw silentStick(stick);
    const { kind, port } = surveyed;
    const channel = new AtChannel(port, { clock: host.clock, stick: stick.path });
    try {
      if (kind !== 'at') {
        throw new DriverError(
          'WRONG_MODE',
          `The stick at ${stickText(stick)} runs its ${kind}: it does not answer AT.`,
          {
            stick: stick.path,
            hint: 'See `e3272 convert --help` for the way from there to an AT port.',
          },
        );
      }
      channel.onUrc(({ line }) => out.say(`(unasked) ${line}`));
      await channel.open(signal);
      const replies = [];
      for (const command of commands) {
        const reply = await channel.run(command, {
          signal,
          ...(options.timeout !== undefined && { timeout: options.timeout * 1000 }),
          ...(options.force && { force: true }),
        });
        replies.push(reply);
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
