/** A status by the web API, in the parts and words of the AT side. Each question once, whatever parts want its answer. */

import { isDriverError } from '../errors';
import { known, knownOrNothing } from '../values/shape';
import { barsOf } from '../values/signal';
import { STATUS as PLAIN, type Status, type StatusPart } from '../values/status';
import type { WebValues } from '../values/web';
import { TRAFFIC } from './endpoints/data';
import { STATUS } from './endpoints/monitoring';
import { PLMN } from './endpoints/network';
import { SIGNAL_NOW } from './endpoints/signal';
import { PIN } from './endpoints/sim';
import type { WebStick } from './stick';
import { isCut } from './transport';
import type { CallOptions } from './wire';

/** What each part is made of, in the order of trust: what comes later in here goes before. */
const SOURCES: Readonly<Partial<Record<StatusPart, readonly string[]>>> = {
  signal: [STATUS.path, SIGNAL_NOW.path],
  network: [PLMN.path, SIGNAL_NOW.path, STATUS.path],
  sim: [STATUS.path, PIN.path],
  data: [STATUS.path, TRAFFIC.path],
};

export type WebStatus = Pick<WebValues, 'signal' | 'network' | 'sim' | 'data' | 'identity' | 'cell' | 'addresses'>;

export interface WebStatusOptions extends CallOptions {
  parts: readonly StatusPart[];
  /** IMEI, IMSI, ICCID, numbers and addresses too, with the part `identity`. */
  personal?: boolean;
}

/** Errors: those of a request; an answer that the firmware does not have is left out, unless it has none at all. */
export async function readStatus(
  stick: WebStick,
  { parts, personal = false, ...options }: WebStatusOptions,
): Promise<WebStatus> {
  const answers = new Map<string, WebValues | undefined>();
  let refusal: unknown;
  for (const path of new Set(parts.flatMap((part) => SOURCES[part] ?? []))) {
    try {
      answers.set(path, await stick.session.values(path, options));
    } catch (error) {
      // One answer that is none does not make the others worthless; a server that is not there yet is no answer.
      if (!isDriverError(error, 'HILINK_ERROR') || isCut(error)) throw error;
      // That a login would help says more than that there is no such path.
      if (!isDriverError(refusal, 'HILINK_ERROR/login-needed')) refusal = error;
    }
  }
  const wanted = (part: StatusPart) => parts.includes(part);
  const all = (part: StatusPart) =>
    wanted(part) ? (SOURCES[part] ?? []).flatMap((path) => answers.get(path) ?? []) : [];
  const { identity, addresses } = wanted('identity') ? await stick.identity(options) : {};
  const status: WebStatus = known({
    signal: signalOf(all('signal')),
    cell: wanted('signal') ? answers.get(SIGNAL_NOW.path)?.cell : undefined,
    network: networkOf(all('network')),
    sim: knownOrNothing(merged(all('sim').map((one) => one.sim))),
    data: knownOrNothing(merged(all('data').map((one) => one.data))),
    identity: identity && (personal ? identity : withoutPersonal(identity)),
    addresses: personal ? knownOrNothing(merged([addresses, all('data')[0]?.addresses])) : undefined,
  });
  if (refusal !== undefined && Object.keys(status).length === 0) throw refusal;
  return status;
}

/** No more of `status` than the AT side has too: its members, in its shape. */
export function plainStatus(status: WebStatus): Status {
  const groups = Object.entries(PLAIN.members).flatMap(([part, { members }]) => {
    const told = (status as Readonly<Record<string, object | undefined>>)[part];
    const same = Object.entries(told ?? {}).filter(([name]) => members !== undefined && Object.hasOwn(members, name));
    return same.length > 0 ? [[part, Object.fromEntries(same)]] : [];
  });
  return Object.fromEntries(groups);
}

/** What comes later goes before. */
const merged = <T extends object>(parts: readonly (T | undefined)[]): Partial<T> => Object.assign({}, ...parts);

function signalOf(answers: readonly WebValues[]): WebValues['signal'] | undefined {
  const signal = merged(answers.map((one) => one.signal));
  return knownOrNothing({ ...signal, bars: signal.bars ?? barsOf(signal) });
}

function networkOf(answers: readonly WebValues[]): WebValues['network'] | undefined {
  const network = merged(answers.map((one) => one.network));
  const cell = answers.find((one) => one.cell)?.cell;
  // Without service the operator's system is that of before.
  if (network.registered === false) delete network.system;
  return knownOrNothing({ ...network, lac: cell?.tac ?? cell?.lac, ci: cell?.cellId });
}

const withoutPersonal = ({ model, revision, hardware, webui, family }: NonNullable<WebValues['identity']>) =>
  knownOrNothing({ model, revision, hardware, webui, family });
