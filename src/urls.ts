/**
 * URLs and file names as people may see them. A URL can carry a password (`ftp://user:secret@host`) or a token (`?token=`),
 * and whoever mistypes one (`https:/user:secret@host`) has given a path that is none. What is hidden becomes `***`.
 */

const HIDDEN = '***';

/** `name` is all of what somebody gave as a path or URL: a secret in it may hold blanks, slashes and any other character. */
export function shownName(name: string): string {
  const plain = decoded(name);
  const shown = hideIn(withoutUser(plain));
  return shown === plain ? name : shown;
}

/** A sentence or line that may quote URLs. Hiding twice changes nothing more. */
export function hideUrlSecrets(text: string): string {
  if (!/[@?#%]/.test(text)) return text;
  return text.replace(/[^\s"'<>]+/g, (token) => {
    const plain = decoded(token);
    const shown = hideIn(plain);
    return shown === plain ? token : shown;
  });
}

/**
 * `cause`, the failure of a system call on `name`, as an error may carry it on: its own text names the path as it was
 * given, or made absolute. Where there is something to hide, only its code and number are kept.
 */
export function shownCause(name: string, cause: unknown): unknown {
  if (shownName(name) === name || !(cause instanceof Error)) return cause;
  const { code, errno, syscall } = cause as NodeJS.ErrnoException;
  return Object.assign(new Error([code, syscall].filter(Boolean).join(': ')), { code, errno, syscall });
}

/** Percent-encoding may stand for what it hides, also more than once. */
function decoded(text: string): string {
  let plain = text;
  for (let i = 0; i < 4 && /%[0-9a-f]{2}/i.test(plain); i++) {
    try {
      plain = decodeURIComponent(plain);
    } catch {
      // Not UTF-8, or a lone percent sign: byte by byte.
      plain = plain.replace(/%([2-7][0-9a-f])/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    }
  }
  return plain;
}

/** Scheme with slashes, scheme that is none but a URL's, or two slashes. */
const URL_START = /^\s*(?:[a-z][\w+.-]+:[\\/]+|(?:https?|ftps?|sftp|ssh|scp|smb|davs?|git|wss?):|[\\/]{2,})/i;

/** Takes user and password away, and of a URL all behind its path. */
function withoutUser(name: string): string {
  const start = URL_START.exec(name)?.[0] ?? '';
  const rest = name.slice(start.length);
  const authority = /^[^\\/?#]*/.exec(rest)?.[0] ?? '';
  // A colon that begins no port: of user and password, whose end may be behind a slash.
  const password = /:(?!\d*$)/.test(authority.replace(/\[[^\]]*\]/g, ''));
  let at = -1;
  if (start !== '') at = authority.lastIndexOf('@');
  if (at < 0 && password) at = rest.lastIndexOf('@');
  const shown = at < 0 ? rest : HIDDEN + rest.slice(at);
  return start + (start === '' ? shown : shown.replace(/[?#].*$/s, ''));
}

// Each begins where a word does: else a long line would be searched from each of its characters on.
/** `scheme://user:secret@`, or `//user:secret@`. */
const USER = /((?<![\w+.-])[a-z][\w+.-]+:[\\/]+|(?<![^\s"'<>(=])[\\/]{2})[^\s\\/?#"'<>]+@/gi;
/** The same without slashes: nothing else has a colon in front of an @. */
const PASSWORD = /(?<![^\s\\/@"'<>(=])[^\s\\/@:"'<>(=]+:[^\s\\/@"'<>]*@(?=[^\s@])/g;
const QUERY = /((?<![\w+.-])[a-z][\w+.-]+:[\\/]+[^\s?#"'<>]*)\?[^\s#"'<>]+/gi;
/** But the sum that proves a file, or what stands for it in a hint. */
const FRAGMENT = /((?<![\w+.-])[a-z][\w+.-]+:[\\/]+[^\s#"'<>]*)#(?!sha256=(?:[0-9a-f]{64}(?![0-9a-z&])|<))[^\s"'<>]+/gi;
/** A query without a URL in front of it, `fw.bin?token=...`. */
const PARAMETERS = /\?[\w.~+-]+=[^\s#"'<>]*/g;

function hideIn(text: string): string {
  return text
    .replace(USER, `$1${HIDDEN}@`)
    .replace(PASSWORD, `${HIDDEN}@`)
    .replace(QUERY, `$1?${HIDDEN}`)
    .replace(FRAGMENT, `$1#${HIDDEN}`)
    .replace(PARAMETERS, `?${HIDDEN}`);
}
