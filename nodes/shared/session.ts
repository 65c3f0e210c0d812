/** A node's share in the AT session of its stick. All nodes that send AT open it here. */

import type { AtHandle, AtState } from '../../src/session/at-service';
import type { StickConfig } from './config';
import { loadDriver } from './lazy';
import type { NodeLife } from './node';

/**
 * Opens the session as the e3272-stick says. The node's status follows it, its events go to the log once, whoever listens,
 * and the share is given back when the node closes.
 */
export async function openSession(config: StickConfig, life: NodeLife): Promise<AtHandle> {
  const [{ openAt }, host] = await Promise.all([loadDriver(), config.host()]);
  const { which, timeoutMs, space, pin, pulseMs } = config;
  const handle = openAt(host, which, {
    space,
    ...(timeoutMs !== undefined && { timeout: timeoutMs }),
    ...(pin !== undefined && { pin }),
    ...(pulseMs !== undefined && { pulseMs }),
  });
  life.onClose(() => handle.release());
  const onState = life.guard(({ state, mode, error }: AtState) => {
    if (error) life.fail(error);
    else life.status.show(state === 'mode' ? (mode ?? 'unknown') : state);
  });
  handle.onState(onState);
  handle.onEvent(life.guard((event) => config.report(event)));
  onState(handle.state);
  return handle;
}
