/** What somebody has a stick in HiLink mode do. */

import { act, type WebActed, type WebAction } from '../../hilink/actions';
import type { HilinkClient } from '../../hilink/client';
import { requireOtherLine } from '../../hilink/own-line';
import type { Host, UsbDevice } from '../../host/host';
import type { WebValues } from '../../values/web';
import type { WebPin } from './pin';

/** `pin`: to enter the one that is configured, where that is wanted and safe. */
export type StickAction = (WebAction | { action: 'pin' }) & {
  /** Also where it cuts the machine's own line. */
  force?: boolean;
};

/** What it is like then. */
export type StickActed = WebActed | { action: 'pin'; sim?: NonNullable<WebValues['sim']> };

export interface ActingAt {
  host: Host;
  device: UsbDevice;
  client: HilinkClient;
  pin: WebPin;
  signal: AbortSignal;
}

/** Errors: COMMAND_REFUSED (it would cut the machine's own line, and nobody has said `force`), and those of {@link act}. */
export async function actAt({ host, device, client, pin, signal }: ActingAt, action: StickAction): Promise<StickActed> {
  const { force, ...wanted } = action;
  if (wanted.action !== 'pin') {
    return act(client, wanted, { mayCut: () => requireOtherLine(host, device, force), signal });
  }
  await pin.enter(client, signal);
  const sim = await client.pin({ signal });
  return { action: 'pin', ...(sim && { sim }) };
}
