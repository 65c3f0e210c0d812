/** A status by the web API, in the parts and words of the AT side. Each question once, whatever parts want its answer. */

import { isDriverError } from '../errors';
import { known, knownOrNothing } from '../values/shape';
import { barsOf } from '../values/signal';
import type { StatusPart } from '../values/status';
import type { WebValues } from '../values/web';
import { TRAFFIC } from './endpoints/data';
import { STATUS } from './endpoints/monitoring';
import { PLMN } from './endpoints/network';
import { SIGNAL_NOW } from './endpoints/signal';
import { PIN } from './endpoints/sim';
import type { WebStick } from './stick';
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
export async function readStatus(stick: WebStick, { parts, personal = false, ...options }: WebStatusOptions) {
  const answers = new Map<string, WebValues | undefined>();
  let refusal: unknown;
  for (const path of new Set(parts.flatMap((part) => SOURCES[part] ?? []))) {
    try {
      answers.set(path, await stick.maybe(path, options));
    } catch (error) {
      // One answer that is none does not make the others worthless.
      if (!isDriverError(error, 'HILINK_ERROR')) throw error;
      refusal = error;
    }
  }
  const all = (part: StatusPart) => (SOURCES[part] ?? []).flatMap((path) => answers.get(path) ?? []);
  const status: WebStatus = {};
  if (parts.includes('signal')) {
    const signal: NonNullable<WebValues['signal']> = Object.assign({}, ...all('signal').map((one) => one.signal));
    status.signal = knownOrNothing({ ...signal, bars: signal.bars ?? barsOf(signal) });
    status.cell = answers.get(SIGNAL_NOW.path)?.cell;
  }
  if (parts.includes('network')) status.network = networkOf(all('network'));
  if (parts.includes('sim')) status.sim = knownOrNothing(Object.assign({}, ...all('sim').map((one) => one.sim)));
  if (parts.includes('data')) {
    status.data = knownOrNothing(Object.assign({}, ...all('data').map((one) => one.data)));
    status.addresses = personal ? answers.get(STATUS.path)?.addresses : undefined;
  }
  if (parts.includes('identity')) {
    const { identity, addresses } = await stick.identity(options);
    status.identity = identity && (personal ? identity : withoutPersonal(identity));
    if (personal) status.addresses = knownOrNothing({ ...addresses, ...status.addresses });
  }
  known(status);
  if (refusal !== undefined && Object.keys(status).length === 0) throw refusal;
  return status;
}

function networkOf(answers: readonly WebValues[]): WebValues['network'] {
  const network: NonNullable<WebValues['network']> = Object.assign({}, ...answers.map((one) => one.network));
  const cell = answers.find((one) => one.cell)?.cell;
  // Without service the operator's system is that of before.
  if (network.registered === false) delete network.system;
  return knownOrNothing({ ...network, lac: cell?.tac ?? cell?.lac, ci: cell?.cellId });
}

const withoutPersonal = ({ model, revision, hardware, webui, family }: NonNullable<WebValues['identity']>) =>
  knownOrNothing({ model, revision, hardware, webui, family });
