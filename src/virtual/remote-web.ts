/** The network of a virtual stick in another process: its web server is spoken to over the connection that carries all else. */

import { failure } from '../errors';
import type { NetworkLink } from '../host/network';
import type { Transport } from '../host/web';
import { TIMEOUTS } from '../timeouts';
import type { RemoteLink } from './remote-link';
import { isLinks, isWebSaid, pack } from './wire';

/** Empty where nobody can tell. Never rejects. */
export async function remoteNetwork(link: RemoteLink): Promise<NetworkLink[]> {
  const links = await link.ask({ ask: 'network' }).catch(() => undefined);
  return isLinks(links) ? links.map((one) => ({ ...one, transport: transportOf(link, one.name) })) : [];
}

/** It does not heed the signal: whoever gives up does not wait for its answer, which has an end of its own. */
const transportOf =
  (link: RemoteLink, name: string): Transport =>
  async ({ method, path, headers, body = new Uint8Array() }) => {
    const ms = TIMEOUTS.hilink.slow;
    const said = await link.ask({ ask: 'web', link: name, method, path, headers, body: pack(body), ms }, ms);
    if (!isWebSaid(said)) throw failure('HILINK_ERROR/no-http', { stick: link.name });
    return { status: said.status, headers: said.headers, body: Buffer.from(said.body, 'base64') };
  };
