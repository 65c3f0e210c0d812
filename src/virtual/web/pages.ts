/** The web pages, as far as programs read them, and the old ways out of HiLink beside them. */

import type { Web } from './endpoint';
import { cookieOf, setCookie, type WebAnswer, type WebOutcome, type WebRequest } from './http';
import { needsLogin } from './login';
import { writeAnswer } from './xml';

const INDEX = '/html/index.html';
/** Programs count these: one for a GET, one for a POST. */
const METAS = 2;

const html = (body: string, headers: WebAnswer['headers'] = [], status = 200): WebAnswer => ({
  status,
  headers: [['Content-Type', 'text/html'], ...headers],
  body: Buffer.from(body),
});

export const redirect = ({ memory }: Web): WebAnswer =>
  html(
    '<html><head><title>302</title></head><body></body></html>',
    [['Location', `http://${memory.address}${INDEX}`]],
    307,
  );

/** Where there are sessions, a page belongs to one: that of its cookie, or a new one. */
function index(web: Web, request: WebRequest): WebAnswer {
  const { sessions, personality } = web;
  if (personality.form !== 'session') return html(page(''));
  const known = sessions.find(cookieOf(request));
  const session = known ?? sessions.open();
  const metas = Array.from({ length: METAS }, () => `<meta name="csrf_token" content="${sessions.token(session)}"/>`);
  return html(page(metas.join('\n')), known ? [] : [setCookie(session.id)]);
}

const page = (head: string): string =>
  `<!DOCTYPE html>\n<html>\n<head>\n<title>HiLink</title>\n${head}\n</head>\n<body></body>\n</html>\n`;

/** Opening one of them took sticks of the first generation out of HiLink. */
const SWITCHING = ['/html/switchProjectMode.html', '/html/switchDebugMode.html'];

/** Out of HiLink by a POST that wants no session; where it works nobody hears of it. */
function cgi(web: Web, body: string): WebOutcome {
  const [, type] = /<function>switchMode<\/function>.*<switchType>([01])<\/switchType>/s.exec(body) ?? [];
  if (type === undefined || !web.personality.ways.includes('cgi'))
    return html('<html><body>404</body></html>', [], 404);
  web.leave(type === '0' ? 'project' : 'debug');
  return undefined;
}

/** What is not behind /api/. */
export function pageFor(web: Web, path: string, request: WebRequest): WebOutcome {
  if (request.method === 'POST' && path === '/CGI') return cgi(web, Buffer.from(request.body).toString('latin1'));
  if (path === '/config/global/config.xml') {
    const login = ['login', needsLogin(web) ? 1 : 0] as const;
    const body = writeAnswer('config', [login], { newline: '\n', references: false });
    return { status: 200, headers: [['Content-Type', 'text/xml']], body };
  }
  if (SWITCHING.includes(path) && web.personality.ways.includes('pages')) {
    web.leave('project');
    return undefined;
  }
  return path === '/' || path.startsWith('/html/') ? index(web, request) : redirect(web);
}
