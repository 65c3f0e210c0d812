/**
 * Keeps web pages of others out of the Node-RED that `npm start` runs, which has no password: a page can send requests to
 * 127.0.0.1 (they carry its Origin), and can have its own name point there (then that name is in Host).
 */

const LOCAL = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** `text` is a Host header, with or without a port. */
const isLocalHost = (text) => LOCAL.has(text.trim().toLowerCase().replace(/:\d*$/, ''));

const portOf = (host) => /:(\d+)$/.exec(host)?.[1] ?? '';

/** A page of the server that the request goes to, under any of its names: what another port serves is another's. */
function isOwnOrigin(origin, asked) {
  try {
    const { protocol, host } = new URL(origin);
    return /^https?:$/.test(protocol) && isLocalHost(host) && portOf(host) === portOf(asked);
  } catch {
    // `null`: a page that hides where it comes from.
    return false;
  }
}

/** Whether a request comes from this machine's own pages, or from no page at all. */
function isOwn({ headers }) {
  const { host, origin } = headers;
  return typeof host === 'string' && isLocalHost(host) && (origin === undefined || isOwnOrigin(origin, host));
}

/** For Express. */
function ownPagesOnly(request, response, next) {
  if (isOwn(request)) next();
  else
    response.status(403).type('text').send('This Node-RED answers its own pages only, under 127.0.0.1 or localhost.\n');
}

/** The same for WebSockets, which Express never sees: ends the others before the server's own listeners get them. */
function guardUpgrades(server) {
  server.prependListener('upgrade', (request, socket) => {
    if (!isOwn(request)) socket.destroy();
  });
  return server;
}

module.exports = { isOwn, ownPagesOnly, guardUpgrades };
