/** A node's share in the AT session of its stick. All nodes that use its AT port open it here. */

import type { AtEvent, AtHandle, AtState } from '../../src/device/at/open-at';
import type { SmsHandle } from '../../src/device/sms/open-sms';
import type { StickConfig } from './config';
import { loadDriver } from './lazy';
import type { NodeLife } from './node';
import { type Also, StickStatus } from './stick-status';

interface Share {
  readonly state: AtState;
  onState(listener: (state: AtState) => void): () => void;
  onEvent(listener: (event: AtEvent) => void): () => void;
  release(): Promise<void>;
}

/** How a node uses the stick. */
interface Use {
  status?: StickStatus;
  /** It can do with the web API of a stick in HiLink mode too. */
  web?: boolean;
}

/** What each user of a session says of the stick: the PIN above all, which any of them may be the first to need. */
const userOptions = ({ space, pin, pulseMs, hilink }: StickConfig, web = false) => ({
  space,
  ...(web && { web: hilink }),
  ...(pin !== undefined && { pin }),
  ...(pulseMs !== undefined && { pulseMs }),
});

/** Its events go to the log once, whoever listens, and the share is given back when the node closes. */
function follow<T extends Share>(handle: T, config: StickConfig, life: NodeLife, status: StickStatus): T {
  life.onClose(() => handle.release());
  handle.onEvent(life.guard((event) => config.report(event)));
  let told: unknown;
  const onState = life.guard((state: AtState) => {
    const error = state.error ?? state.web?.error;
    // Nobody has to be told more than once of what comes back by itself, nor of a server that is away.
    if (error && error !== told && state.state !== 'absent') life.log(error);
    told = error;
    status.is(state);
  });
  handle.onState(onState);
  onState(handle.state);
  return handle;
}

/** The status of a node with a share in the session of its stick, to be given to {@link openSession} or {@link openSmsSession}. */
export const sessionStatus = (life: NodeLife, { which }: StickConfig, also?: Also): StickStatus =>
  new StickStatus(life, which, also);

/** Opens the session as the e3272-stick says; the node's status follows it. */
export async function openSession(
  config: StickConfig,
  life: NodeLife,
  { status = sessionStatus(life, config), web }: Use = {},
): Promise<AtHandle> {
  const [{ openAt }, host] = await Promise.all([loadDriver(), config.host()]);
  const { which, timeoutMs } = config;
  const timeout = timeoutMs === undefined ? {} : { timeout: timeoutMs };
  return follow(openAt(host, which, { ...userOptions(config, web), ...timeout }), config, life, status);
}

/** The same for SMS and USSD. */
export async function openSmsSession(
  config: StickConfig,
  life: NodeLife,
  { status = sessionStatus(life, config), web }: Use = {},
): Promise<SmsHandle> {
  const [{ openSms }, host] = await Promise.all([loadDriver(), config.host()]);
  return follow(openSms(host, config.which, userOptions(config, web)), config, life, status);
}
