/** Peculiarities of web servers that some sticks show and others do not; none by default. */

export const WEB_QUIRKS = {
  'web-crlf': 'HiLink: lines of answers end in CR LF',
  'web-drops-login': 'HiLink: the connection is cut at the first `user/state-login` of each session',
  'web-emoji-lost': 'HiLink: characters that UTF-8 writes with four bytes are lost from messages sent',
  'web-html-type': 'HiLink: answers call themselves text/html',
  'web-index-reused': 'HiLink: the index of a message that was deleted is given out again',
  'web-lower-headers': 'HiLink: names of headers in small letters',
  'web-no-spaces': 'HiLink: white space between the elements of a request is refused: 100005',
  'web-raw-mms': 'HiLink: 8-bit messages stand in the list as raw bytes, which are no XML',
  'web-redirects': 'HiLink: while there is no data connection, all but `webserver/*` is redirected to the web page',
  'web-signal-empty': 'HiLink: all levels in `device/signal` are empty',
} as const;

export type WebQuirk = keyof typeof WEB_QUIRKS;

export const isWebQuirk = (name: unknown): name is WebQuirk =>
  typeof name === 'string' && Object.hasOwn(WEB_QUIRKS, name);
