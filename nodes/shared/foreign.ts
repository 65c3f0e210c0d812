/**
 * Whose page asks? A Node-RED without a login answers whoever can reach it, and a browser reaches it for every page that is open in
 * it; Node-RED 4.1 even lets these pages read the answers. No route of the package is for them.
 */

import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

/** A request that the page of another site has made. What is no browser says nothing of it, and is not asked to. */
export function isForeign({ 'sec-fetch-site': site, origin, host, ...more }: IncomingHttpHeaders): boolean {
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  if (origin === undefined) return false;
  const forwarded = more['x-forwarded-host'];
  const own = [host, ...String(forwarded ?? '').split(',')].map((name) => name?.trim().toLowerCase());
  try {
    return !own.includes(new URL(origin).host.toLowerCase());
  } catch {
    return true;
  }
}

/** For Express, in front of a handler: 403 for the page of another site. */
export function refuseForeign(req: Pick<IncomingMessage, 'headers'>, res: ServerResponse, next: () => void): void {
  if (isForeign(req.headers)) {
    res.statusCode = 403;
    res.end();
  } else next();
}
