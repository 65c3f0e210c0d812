/** What a program on the host of a virtual stick speaks to its web server by: no socket lies between. */

import { failure } from '../../errors';
import type { Transport } from '../../host/web';
import type { WebFace } from './face';

/** `web`: of the stick as it is now. Errors: STICK_GONE (no server), HILINK_ERROR (cut). It does not heed the signal. */
export const webTransport =
  (web: () => WebFace | undefined, address: string): Transport =>
  async ({ method, path, headers, body = new Uint8Array() }) => {
    const face = web();
    if (!face?.up || face.address !== address) throw failure('STICK_GONE/web', { stick: address });
    const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    const outcome = await face.handle({ method, path, headers: Object.fromEntries(lower), body });
    if (!outcome || outcome.cut) throw failure('HILINK_ERROR/cut', {});
    const answer: Record<string, string[]> = {};
    for (const [name, value] of outcome.headers) {
      const key = name.toLowerCase();
      answer[key] = [...(answer[key] ?? []), value];
    }
    const joined = Object.entries(answer).map(([name, all]) => [name, name === 'set-cookie' ? all : all.join(', ')]);
    return { status: outcome.status, headers: Object.fromEntries(joined), body: outcome.body };
  };
