/** Peculiarities of web servers that some sticks show and others do not; none by default. */

export const WEB_QUIRKS = {
  'web-crlf': 'lines of answers end in CR LF',
  'web-drops-login': 'the connection is cut at the first `user/state-login` of each session',
  'web-emoji-lost': 'characters that UTF-8 writes with four bytes are lost from messages sent',
  'web-html-type': 'answers call themselves text/html',
  'web-index-reused': 'the index of a message that was deleted is given out again',
  'web-lower-headers': 'names of headers in small letters',
  'web-no-spaces': 'white space between the elements of a request is refused: 100005',
  'web-raw-mms': '8-bit messages stand in the list as raw bytes, which are no XML',
  'web-redirects': 'while there is no data connection, all but `webserver/*` is redirected to the web page',
  'web-signal-empty': 'all levels in `device/signal` are empty',
} as const;

export type WebQuirk = keyof typeof WEB_QUIRKS;

export const isWebQuirk = (name: unknown): name is WebQuirk =>
  typeof name === 'string' && Object.hasOwn(WEB_QUIRKS, name);
