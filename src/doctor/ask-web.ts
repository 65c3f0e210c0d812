/** The network of one stick, and its web server in HiLink mode: questions only, without a password. */

import { webOutlook } from '../device/hilink/states';
import { type DriverError, isDriverError } from '../errors';
import { type HilinkClient, openHilink } from '../hilink/client';
import { type WebPlace, webPlaces } from '../hilink/places';
import { type HttpOptions, httpTransport, type Transport } from '../hilink/transport';
import type { Machine, NetworkManager } from '../host/facts';
import { type Clock, type Host, sleep } from '../host/host';
import type { Stick } from '../stick/stick';
import type { Account } from './account';
import { judgeOutlook } from './outlook';

/** So many addresses are tried: more than one is a guess. */
const MOST_PLACES = 2;

/** What the network of a stick does to the machine. */
export async function judgeNetwork(host: Host, { path, device, mode }: Stick, account: Account): Promise<void> {
  const links = (await host.network?.(device)) ?? [];
  for (const link of links) {
    if (link.ownLine) account.add('default-route', 'warn', { stick: path, interface: link.name });
    const [other] = link.rivals.filter((rival) => !links.some(({ name }) => name === rival));
    // In HiLink mode nobody can tell then who answers: said where its web server is looked for.
    if (other !== undefined && mode !== 'hilink') {
      account.add('lan-taken', 'warn', { stick: path, interface: link.name, other });
    }
  }
}

export async function askWeb(
  host: Host,
  stick: Stick,
  machine: Machine | undefined,
  account: Account,
  signal: AbortSignal,
): Promise<void> {
  const { path, device } = stick;
  const { clock } = host;
  const places = await webPlaces(host, device).catch((error: unknown) => {
    judgePlaces(path, error, machine?.managers ?? [], account);
    return [];
  });
  let fault: unknown;
  const until = clock.now() + account.limits.web;
  // Behind the last place the first one again: a web server comes up later than its interface.
  const tried = places.slice(0, MOST_PLACES);
  for (let i = 0; tried.length > 0 && (i < tried.length || clock.now() < until); i++) {
    const { url, localAddress, transport } = tried[i % tried.length] as WebPlace;
    if (signal.aborted) return;
    if (i >= tried.length) await sleep(clock, account.limits.webPause);
    const timed = new TimedTransport(clock, transport ?? httpTransport(wayTo(url, localAddress)));
    const client = openHilink({ url, clock, transport: timed.send });
    try {
      const identity = await client.identity({ timeout: account.limits.webQuestion, signal });
      account.add('web', 'ok', { stick: path, address: url, ms: timed.slowest });
      const { model, revision } = identity;
      if (model !== undefined) account.add('model', 'ok', { stick: path, model, revision: revision ?? null });
      await askStatus(path, client, account, signal);
      return;
    } catch (error) {
      // The first place is the most certain one.
      fault ??= error;
    } finally {
      if (timed.slowest > account.limits.slow) account.add('slow', 'warn', { stick: path, ms: timed.slowest });
      await client.close();
    }
  }
  if (fault !== undefined && !signal.aborted) judgeFault(path, fault, account);
}

const wayTo = (url: string, localAddress: string | undefined): HttpOptions => ({
  url: new URL(url),
  ...(localAddress !== undefined && { localAddress }),
});

/** Keeps how long the slowest answer took, ms. */
class TimedTransport {
  slowest = 0;
  readonly send: Transport;

  constructor(clock: Clock, transport: Transport) {
    this.send = async (request, signal) => {
      const started = clock.now();
      const answer = await transport(request, signal);
      this.slowest = Math.max(this.slowest, Math.round(clock.now() - started));
      return answer;
    };
  }
}

async function askStatus(stick: string, client: HilinkClient, account: Account, signal: AbortSignal): Promise<void> {
  try {
    const options = { timeout: account.limits.webQuestion, signal };
    const status = await client.status({ parts: ['signal', 'network', 'sim'], ...options });
    judgeOutlook(stick, webOutlook(status), status.signal?.bars, account);
  } catch (error) {
    if (!signal.aborted) judgeFault(stick, error, account);
  }
}

function judgeFault(stick: string, error: unknown, account: Account): void {
  const text = error instanceof Error ? error.message : String(error);
  if (isDriverError(error, 'HILINK_ERROR/login-needed')) account.add('web-locked', 'warn', { stick });
  else if (isDriverError(error, 'STICK_GONE', 'TIMEOUT')) account.add('web-silent', 'error', { stick, text });
  else account.add('web-faulty', 'error', { stick, text });
}

function judgePlaces(stick: string, error: unknown, managers: readonly NetworkManager[], account: Account): void {
  if (!isDriverError(error)) throw error;
  const { params } = error as DriverError;
  const link = { stick, interface: String(params['interface']) };
  switch (`${error.code}/${error.reason}`) {
    case 'HILINK_ERROR/no-interface':
      account.add('web-no-interface', 'error', { stick });
      break;
    case 'HILINK_ERROR/no-lan-address':
      account.add('web-no-address', 'error', { ...link, manager: managers[0] ?? null });
      break;
    case 'HILINK_ERROR/lan-taken':
      account.add('lan-taken', 'error', { ...link, other: String(params['other']) });
      break;
    case 'STICK_AMBIGUOUS/same-lan':
      account.add('same-lan', 'error', { stick, other: String(params['other']) });
      break;
    default:
      throw error;
  }
}
