/** A node's share in the AT session of its stick. All nodes that use its AT port open it here. */

import type { AtEvent, AtHandle, AtState } from '../../src/device/at/open-at';
import type { SmsHandle } from '../../src/device/sms/open-sms';
import type { StickConfig } from './config';
import { loadDriver } from './lazy';
import type { NodeLife } from './node';

interface Share {
  readonly state: AtState;
  onState(listener: (state: AtState) => void): () => void;
  onEvent(listener: (event: AtEvent) => void): () => void;
  release(): Promise<void>;
}

/** What each user of a session says of the stick: the PIN above all, which any of them may be the first to need. */
const userOptions = ({ space, pin, pulseMs }: StickConfig) => ({
  space,
  ...(pin !== undefined && { pin }),
  ...(pulseMs !== undefined && { pulseMs }),
});

/** Its events go to the log once, whoever listens, and the share is given back when the node closes. */
function follow<T extends Share>(handle: T, config: StickConfig, life: NodeLife, show: (state: AtState) => void): T {
  life.onClose(() => handle.release());
  handle.onEvent(life.guard((event) => config.report(event)));
  handle.onState(show);
  show(handle.state);
  return handle;
}

/** Shows what a session is at; its error is logged, each change once. */
export function sessionStatus(life: NodeLife): (state: AtState) => void {
  let told: unknown;
  return life.guard(({ state, mode, error }: AtState) => {
    // Nobody has to be told more than once of what comes back by itself.
    if (state === 'absent' && error) life.status.show('noserver');
    else if (!error)
      life.status.show(state === 'mode' ? (mode ?? 'unknown') : (state as Exclude<typeof state, 'mode'>));
    else if (error === told) life.status.show('error');
    else life.fail(error);
    told = error;
  });
}

/** Opens the session as the e3272-stick says; the node's status follows it. */
export async function openSession(config: StickConfig, life: NodeLife): Promise<AtHandle> {
  const [{ openAt }, host] = await Promise.all([loadDriver(), config.host()]);
  const { which, timeoutMs } = config;
  const timeout = timeoutMs === undefined ? {} : { timeout: timeoutMs };
  return follow(openAt(host, which, { ...userOptions(config), ...timeout }), config, life, sessionStatus(life));
}

/** The same for SMS and USSD. `show`: what the node shows instead of the plain state. */
export async function openSmsSession(
  config: StickConfig,
  life: NodeLife,
  show: (state: AtState) => void = sessionStatus(life),
): Promise<SmsHandle> {
  const [{ openSms }, host] = await Promise.all([loadDriver(), config.host()]);
  return follow(openSms(host, config.which, userOptions(config)), config, life, show);
}
