/**
 * Where a command gets its answers from: the AT port of a stick, or the web API that it has in HiLink mode. On the bus the
 * mode of the stick decides, a tty has AT, an address the web API.
 */

import { ask } from '../src/at/ask';
import type { AtChannel } from '../src/at/channel';
import { openAtPort } from '../src/device/at/port-choice';
import { PlainSms } from '../src/device/sms/plain-sms';
import { StatusReader } from '../src/device/status';
import { Ussd, type UssdReply } from '../src/device/ussd-conversation';
import { type DriverError, failure } from '../src/errors';
import type { HilinkClient } from '../src/hilink/client';
import { plainStatus } from '../src/hilink/status';
import { holdStick } from '../src/stick/hold';
import { findStick, type Stick, stickText } from '../src/stick/stick';
import { STICK } from '../src/values/identity';
import type { Members } from '../src/values/shape';
import type { Status, StatusPart } from '../src/values/status';
import { WEB_IDENTITY } from '../src/values/web';
import { type Context, usage } from './context';
import { cliFailure } from './messages';
import { type Told, type WebOptions, withWeb } from './web';

/** A received message; what is not known of it is not there. */
export interface Listed {
  /** A number in HiLink mode, `SM:3` on an AT port. */
  id: number | string;
  from?: string;
  text?: string;
  time?: string;
  read: boolean;
}

export interface Sent {
  to: string;
  parts: number;
  outcome: 'sent' | 'failed' | 'unknown';
  error?: DriverError;
}

/** What both modes have, for the time of one command. */
export interface Source {
  readonly kind: 'at' | 'hilink';
  /** Which one it is, for the last line. */
  readonly where: { stick?: string; url?: string };
  status(parts: readonly StatusPart[]): Promise<Status>;
  /** With what points to a person; its members are described by `members`. */
  identity(): Promise<{ identity: object; members: Members }>;
  list(): Promise<Listed[]>;
  send(to: string, text: string): Promise<Sent>;
  /** Resolves with the ids of what is gone. */
  remove(ids: readonly string[]): Promise<(string | number)[]>;
  markRead(ids: readonly string[]): Promise<void>;
  ussd(code: string): Promise<UssdReply>;
  cancelUssd(): Promise<void>;
}

export interface Work {
  source: Source;
  context: Context;
}

/** Opens the source that is meant, works, gives it back, and tells the last line. */
export async function withSource(
  context: Context,
  options: WebOptions,
  work: (work: Work) => Promise<Told>,
): Promise<boolean> {
  const tell = async (source: Source): Promise<boolean> => {
    const { ok = true, ...told } = await work({ source, context });
    context.out.object({ type: 'result', ok, source: source.kind, ...source.where, ...told });
    return ok;
  };
  return withMeant(context, options, {
    at: (channel, stick) => tell(atSource(context, channel, stick)),
    web: (client, stick) => tell(webSource(context, client, stick)),
  });
}

interface Doors {
  at(channel: AtChannel, stick: Stick): Promise<boolean>;
  web(client: HilinkClient, stick: Stick | undefined): Promise<boolean>;
}

/** By its address alone, or the stick on the bus or behind a tty, which is held meanwhile. */
export async function withMeant(context: Context, options: WebOptions, { at, web }: Doors): Promise<boolean> {
  const { host, which, byAddress } = context;
  if (byAddress) return withWeb(context, options, undefined, (client) => web(client, undefined));
  const stick = await findStick(host, which);
  const hold = await holdStick(host, stick.path, { purpose: 'e3272' });
  try {
    if (host.hasBus && stick.mode === 'hilink') {
      return await withWeb(context, options, stick, (client) => web(client, stick));
    }
    if (options.url !== undefined) throw usage('--url is for a stick in HiLink mode: this one is in another.');
    return await onPort(context, stick, at);
  } finally {
    hold.release();
  }
}

async function onPort({ host, signal }: Context, stick: Stick, at: Doors['at']): Promise<boolean> {
  const which = stickText(stick);
  if (host.hasBus && stick.mode !== 'tty') {
    throw cliFailure('WRONG_MODE/no-at-in-mode', { which, mode: stick.mode }, { stick: stick.path });
  }
  const channel = await openAtPort(host, stick, 'auto', signal);
  if (typeof channel === 'string') {
    throw cliFailure('WRONG_MODE/no-at', { which, runs: channel }, { stick: stick.path });
  }
  try {
    return await at(channel, stick);
  } finally {
    await channel.close();
  }
}

function atSource({ host, signal }: Context, channel: AtChannel, { path }: Stick): Source {
  const reader = new StatusReader(channel);
  const sms = new PlainSms(host, channel);
  const me = {};
  const ussd = new Ussd(
    host,
    (command, options) => ask(channel, command, options),
    (listener) => channel.onUrc(listener),
  );
  return {
    kind: 'at',
    where: { stick: path },
    status: (parts) => reader.read({ parts, signal }),
    async identity() {
      const { identity = {} } = await reader.read({ parts: ['identity'], personal: true, signal });
      return { identity, members: STICK.members };
    },
    list: () => sms.list(signal),
    send: (to, text) => sms.send(to, text),
    remove: (ids) => sms.delete(ids),
    markRead: (ids) => sms.markRead(ids),
    ussd: (code) => ussd.send(me, code, { signal }),
    cancelUssd: () => ussd.cancel(me),
  };
}

function webSource({ out, signal }: Context, client: HilinkClient, stick: Stick | undefined): Source {
  const chosen = async (ids: readonly string[]) => {
    const all = await client.sms.list('inbox', { signal });
    return ids.map((id) => {
      const found = all.find((message) => String(message.id) === id);
      if (!found) throw failure('BAD_ARGUMENT/no-such-message', { id });
      return found;
    });
  };
  return {
    kind: 'hilink',
    where: { ...(stick && { stick: stick.path }), url: client.url },
    status: async (parts) => plainStatus(await client.status({ parts, signal })),
    identity: async () => ({ identity: await client.identity({ signal }), members: WEB_IDENTITY.members }),
    list: async () =>
      (await client.sms.list('inbox', { signal })).map(({ id, from, text, time, read }) => ({
        id,
        ...(from !== undefined && { from }),
        ...(text !== undefined && { text }),
        ...(time !== undefined && { time }),
        read,
      })),
    send: (to, text) => client.sms.send({ to, text, signal }),
    async remove(ids) {
      const onWait = () => out.say('Waiting for half a minute: a long message may still be arriving.');
      const gone = await client.sms.deleteWhole(await chosen(ids), { signal, onWait });
      return gone.map(({ id }) => id);
    },
    markRead: async (ids) => client.sms.markRead(await chosen(ids), { signal }),
    ussd: (code) => client.ussd(code, { signal }),
    cancelUssd: () => client.cancelUssd(),
  };
}
