/** `e3272 hilink ...`: a stick in HiLink mode by the address of its web interface. No bus is needed, nor looked at. */

import { isDriverError } from '../src/errors';
import { type HilinkClient, openHilink } from '../src/hilink/client';
import { plainStatus } from '../src/hilink/status';
import type { Transport } from '../src/hilink/transport';
import { nextStep, type WayHere, waysOf } from '../src/hilink/ways';
import type { Member } from '../src/values/shape';
import { STATUS } from '../src/values/status';
import { WEB_VALUES } from '../src/values/web';
import type { Context } from './context';
import { cliFailure } from './messages';
import { askSecret } from './secret';

export interface HilinkCommandOptions {
  url: string;
  user?: string;
  /** Of the stick that is meant. */
  imei?: string;
}

export interface ForceOption {
  force?: boolean;
}

interface Work {
  client: HilinkClient;
  context: Context;
  signal: AbortSignal;
}

/** What a command has found: members of its last line; with `ok` false it has failed. */
type Told = Readonly<Record<string, unknown>> & { ok?: boolean };

/**
 * Opens the stick, works, and logs out, whatever happens. The password comes from the environment; where that has none, a
 * person is asked for it as soon as the stick wants one.
 */
export async function withHilink(
  context: Context,
  { url, user, imei }: HilinkCommandOptions,
  work: (work: Work) => Promise<Told>,
): Promise<boolean> {
  const { out, signal } = context;
  const attempt = async (password: string | undefined): Promise<boolean> => {
    const client = openHilink({
      url,
      ...(user !== undefined && { user }),
      ...(password !== undefined && { password }),
      ...(imei !== undefined && { expect: { imei } }),
      ...heard(context),
    });
    try {
      const { ok = true, ...told } = await work({ client, context, signal });
      out.object({ type: 'result', ok, source: 'hilink', url: client.url, ...told });
      return ok;
    } finally {
      await client.close();
    }
  };
  const ask = () => askSecret(`Password of the web page of ${url}: `, signal);
  const given = process.env['E3272_HILINK_PASSWORD'];
  if (given) return attempt(given);
  const asked = process.stdin.isTTY && (await wantsLogin(context, url)) ? await ask() : undefined;
  try {
    return await attempt(asked);
  } catch (error) {
    // Older firmware does not tell it beforehand.
    if (asked !== undefined || !isDriverError(error, 'HILINK_ERROR/login-needed')) throw error;
    const password = await ask();
    if (!password) throw error;
    return attempt(password);
  }
}

const heard = ({ trace }: Context) => trace && { tap: (transport: Transport) => trace.tapWeb(transport) };

async function wantsLogin(context: Context, url: string): Promise<boolean> {
  const { signal } = context;
  const client = openHilink({ url, ...heard(context) });
  try {
    return (await client.wantsLogin({ signal })) === true;
  } finally {
    await client.close();
  }
}

const nothingTold = ({ url }: HilinkClient) => cliFailure('HILINK_ERROR/nothing-told', { stick: url });

export async function status({ client, context: { out }, signal }: Work): Promise<Told> {
  const found = plainStatus(await client.status({ parts: ['signal', 'network', 'sim'], signal }));
  if (Object.keys(found).length === 0) throw nothingTold(client);
  for (const line of linesOf(STATUS, found)) out.result(line);
  return found;
}

export async function identity({ client, context: { out }, signal }: Work): Promise<Told> {
  const found = await client.identity({ signal });
  if (Object.keys(found).length === 0) throw nothingTold(client);
  for (const line of linesOf(WEB_VALUES, { identity: found })) out.result(line);
  return { identity: found };
}

export async function listSms({ client, context: { out }, signal }: Work): Promise<Told> {
  const messages = (await client.sms.list('inbox', { signal })).map(({ id, from, text, time, read }) => ({
    id,
    ...(from !== undefined && { from }),
    ...(text !== undefined && { text }),
    ...(time !== undefined && { time }),
    read,
  }));
  for (const { id, from, text, time, read } of messages) {
    out.result([`${id}${read ? '' : ' new'}`, time, from].filter((part) => part !== undefined).join('  '));
    for (const line of (text ?? '').split(/\r?\n/)) out.result(`  ${line}`);
  }
  if (messages.length === 0) out.say('There are no messages.');
  return { messages };
}

const OUTCOMES = {
  sent: 'Sent',
  failed: 'Not sent: the stick has given it up',
  unknown: 'Nobody knows whether it was sent: the stick does not say. It is not sent again by itself',
} as const;

export const sendSms =
  (to: string, text: string) =>
  async ({ client, context: { out }, signal }: Work): Promise<Told> => {
    const result = await client.sms.send({ to, text, signal });
    out.result(`${OUTCOMES[result.outcome]} (${result.parts} SMS).`);
    return { ok: result.outcome === 'sent', ...result };
  };

/** The code, and answers to the menus that it leads to. */
export const ussd =
  (codes: readonly string[]) =>
  async ({ client, context: { out }, signal }: Work): Promise<Told> => {
    let last: { text: string; menu: boolean } | undefined;
    for (const code of codes) {
      // What is sent to no menu would be a new request.
      if (last?.menu === false) break;
      last = await client.ussd(code, { signal });
      out.result(last.text);
    }
    if (last?.menu) await client.cancelUssd();
    return { ...last };
  };

const STATE = { on: 'up', off: 'down' } as const;

/** Without `wanted` it is looked at only. */
export const data =
  (wanted: 'on' | 'off' | undefined, { force }: ForceOption) =>
  async ({ client, context: { out }, signal }: Work): Promise<Told> => {
    if (wanted === 'off') needForce(client, 'Data off', force);
    const found =
      wanted === undefined ? await client.data({ signal }) : await client.setData(wanted === 'on', { signal });
    if (found === undefined) throw nothingTold(client);
    if (wanted !== undefined && found.connection !== STATE[wanted]) {
      throw cliFailure('TIMEOUT/data', { stick: client.url, state: STATE[wanted] });
    }
    for (const line of linesOf(WEB_VALUES, { data: found })) out.result(line);
    return { data: found };
  };

export const reboot =
  ({ force }: ForceOption) =>
  async ({ client, context: { out }, signal }: Work): Promise<Told> => {
    needForce(client, 'A restart', force);
    await client.restart({ signal });
    out.result('The stick restarts; it is back after about a minute.');
    return {};
  };

/** Whether the line of this machine goes through the stick cannot be told from an address. */
function needForce({ url }: HilinkClient, what: string, force: boolean | undefined): void {
  if (!force) throw cliFailure('NOT_CONFIRMED/line', { stick: url, what });
}

const HERE: Readonly<Record<WayHere['here'], string>> = {
  works: 'known to work',
  'does not work': 'known not to work',
  unknown: 'unknown',
};

export async function ways({ client, context: { out }, signal }: Work): Promise<Told> {
  const { model, revision } = await client.identity({ signal });
  if (model === undefined && revision === undefined) throw nothingTold(client);
  const all = waysOf({ ...(model !== undefined && { model }), ...(revision !== undefined && { revision }) });
  const next = nextStep(all);
  out.result(
    `${model ?? 'A model that the stick does not tell'}, firmware ${revision ?? 'not told'}. Nothing is changed.`,
  );
  for (const { way, request, here, why, sources, offered } of all) {
    out.result('');
    out.result(`${way}: ${request}`);
    out.result(`  On this stick: ${HERE[here]}${sources === 'one' ? ' (one report)' : ''}.${why ? ` ${why}` : ''}`);
    if (!offered) out.result('  This program never does it.');
  }
  out.result('');
  out.result(next);
  return { ...(model !== undefined && { model }), ...(revision !== undefined && { revision }), ways: all, next };
}

/** A value in lines, each member by its label. */
function linesOf({ members = {} }: Member, value: object, indent = ''): string[] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    const member = members[name];
    if (member === undefined || inner === undefined) return [];
    const label = `${indent}${member.label}`;
    if (member.kind === 'group' && typeof inner === 'object' && inner !== null) {
      return [label, ...linesOf(member, inner, `${indent}  `)];
    }
    const text = typeof inner === 'boolean' ? (inner ? 'yes' : 'no') : [inner].flat().join(', ');
    return [`${label}: ${text}${member.unit ? ` ${member.unit}` : ''}`];
  });
}
