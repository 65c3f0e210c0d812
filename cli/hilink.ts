/** `e3272 hilink ...`: what only a stick in HiLink mode has. By its address alone no bus is needed, nor looked at. */

import { failure } from '../src/errors';
import { act, type WebAction } from '../src/hilink/actions';
import type { HilinkClient } from '../src/hilink/client';
import { requireOtherLine } from '../src/hilink/own-line';
import { nextStep, type WayHere, waysOf } from '../src/hilink/ways';
import type { Stick } from '../src/stick/stick';
import type { Member } from '../src/values/shape';
import { WEB_VALUES } from '../src/values/web';
import type { Context } from './context';
import { cliFailure } from './messages';
import { askSecret } from './secret';
import { withMeant } from './source';
import { linesOf } from './stick-commands';
import type { Told, WebOptions } from './web';

export interface ForceOption {
  force?: boolean;
}

export interface Web {
  client: HilinkClient;
  /** Where it was found on the bus. */
  stick: Stick | undefined;
  context: Context;
}

/** Opens the web API, works, logs out, and tells the last line. */
export function withHilink(context: Context, options: WebOptions, work: (web: Web) => Promise<Told>): Promise<boolean> {
  return withMeant(context, options, {
    async at(_, { path }) {
      throw failure('WRONG_MODE/only-hilink', { stick: path }, { stick: path });
    },
    async web(client, stick) {
      const { ok = true, ...told } = await work({ client, stick, context });
      const where = { ...(stick && { stick: stick.path }), url: client.url };
      context.out.object({ type: 'result', ok, source: 'hilink', ...where, ...told });
      return ok;
    },
  });
}

const nothingTold = ({ url }: HilinkClient) => failure('HILINK_ERROR/nothing-told', { stick: url });

/** Shows a value of the stick by its labels, and tells it under its name. */
function shown<K extends string>({ client, context: { out } }: Web, name: K, value: object | undefined): Told {
  if (value === undefined || Object.keys(value).length === 0) throw nothingTold(client);
  const members: Readonly<Record<string, Member>> = WEB_VALUES.members;
  for (const line of linesOf(members, { [name]: value })) out.result(line);
  return { [name]: value };
}

/** Does it, and shows what it is like then. */
const acts =
  (wanted: WebAction, force?: boolean) =>
  async (web: Web): Promise<Told> => {
    const { client, context } = web;
    const mayCut = (what: string) => requireConsent(web, what, force);
    const { action: _, ...found } = await act(client, wanted, { mayCut, signal: context.signal });
    const members: Readonly<Record<string, Member>> = WEB_VALUES.members;
    for (const line of linesOf(members, found)) context.out.result(line);
    return found;
  };

/** Without `wanted` it is looked at only; so are the others. */
export const data = (wanted: 'on' | 'off' | undefined, { force }: ForceOption) =>
  acts({ action: 'data', ...(wanted !== undefined && { on: wanted === 'on' }) }, force);

/** Which systems it may use, by preference. */
export const mode = (order: readonly string[]) => acts({ action: 'mode', ...(order.length > 0 && { order }) });

export const reboot =
  ({ force }: ForceOption) =>
  async (web: Web): Promise<Told> => {
    const told = await acts({ action: 'reboot' }, force)(web);
    web.context.out.result('The stick restarts; it is back after about a minute.');
    return told;
  };

/** The LAN between the stick and this machine; with `address` the stick gets that one. */
export const lan =
  (address: string | undefined, { force }: ForceOption) =>
  async (web: Web): Promise<Told> => {
    const told = await acts({ action: 'lan', ...(address !== undefined && { address }) }, force)(web);
    if (address !== undefined) {
      web.context.out.say(`From now on it answers at http://${address}; this machine gets an address of that network.`);
    }
    return told;
  };

/** State of the SIM with the tries that are left. */
export const pin = async (web: Web): Promise<Told> =>
  shown(web, 'sim', await web.client.pin({ signal: web.context.signal }));

/** Enters the PIN of the environment, or the one that a person types. */
export async function enterPin(web: Web): Promise<Told> {
  const { client, stick, context } = web;
  const { signal } = context;
  const given =
    process.env['E3272_SIM_PIN'] || (await askSecret(`PIN of the SIM in ${stick?.path ?? client.url}: `, signal));
  if (!given) throw cliFailure('BAD_ARGUMENT/no-pin', {});
  const found = await client.enterPin(given, { signal });
  return { ...shown(web, 'sim', found), ok: found?.state === 'READY' };
}

/** How many messages there are, and how many there can be. */
export const storage = async (web: Web): Promise<Told> =>
  shown(web, 'store', await web.client.sms.storage({ signal: web.context.signal }));

/**
 * What may cut the line of this machine needs a word: where the stick is on the bus, if its interface carries the default
 * route; by its address alone nobody can tell.
 */
async function requireConsent({ client, stick, context: { host } }: Web, what: string, force = false): Promise<void> {
  if (stick) await requireOtherLine(host, stick.device, force);
  else if (!force) throw cliFailure('NOT_CONFIRMED/line', { stick: client.url, what });
}

const HERE: Readonly<Record<WayHere['here'], string>> = {
  works: 'known to work',
  'does not work': 'known not to work',
  unknown: 'unknown',
};

export async function ways({ client, context: { out, signal } }: Web): Promise<Told> {
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
