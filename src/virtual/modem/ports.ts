/** Commands about ports, URCs, restarts, and what a driver had better leave alone. */

import { parseSetport } from '../setport';
import { fieldsOf, numberIn } from './arguments';
import type { Handler } from './handler';
import { BAD, ERROR, OK, type Reply } from './reply';
import { numeric } from './settings';
import type { ModemContext } from './state';

const PORT_NAMES: Readonly<Record<string, string>> = {
  modem: '3g_modem',
  pcui: 'pcui',
  diag: '3g_diag',
  gps: 'gps',
  network: 'ncm',
  storage: 'mass',
};

/** Nobody knows of HiLink firmware that refuses it, nor of all that takes it. */
const unlessUnknown =
  (handler: Handler): Handler =>
  (m, args) =>
    m.firmware === 'hilink' && m.quirks.has('setport-unknown') ? ERROR : handler(m, args);

const portCodes = (m: ModemContext): string[] =>
  [...m.portCodes]
    .filter(([, name]) => !m.quirks.has('setport-no-pcui') || !name.endsWith('PCUI'))
    .map(([code, name]) => `^SETPORT:${code}: ${name}`);

function getportmode(m: ModemContext): Reply {
  if (m.quirks.has('getportmode-hangs')) {
    m.hang('replug');
    return { lines: [], unended: true };
  }
  const ports = m.roles.map((role, n) => `${PORT_NAMES[role] ?? 'other'}:${n}`).join(',');
  if (m.quirks.has('other-case')) return [`^getportmode:type:WCDMA:huawei,${ports}`];
  return [`^GETPORTMODE: TYPE: WCDMA: huawei,,${ports}`];
}

const curc: Handler = (m, args) => {
  const [modeText, maskText] = fieldsOf(args);
  const mode = numberIn(modeText, 0, 2);
  if (mode === undefined) return BAD;
  if (mode === 2) {
    if (m.quirks.has('curc-no-mask')) return BAD;
    if (!/^[0-9A-F]{1,16}$/i.test(maskText ?? '')) return BAD;
    m.settings.curcMask = BigInt(`0x${maskText}`);
  } else if (maskText !== undefined) return { final: 'TOO MANY PARAMETERS' };
  m.settings.curc = mode as 0 | 1 | 2;
  return OK;
};

/** Test modes: all but signalling (0), restart (3) are out of service until a restart. */
const TMODES = [0, 1, 2, 3, 4, 11, 12, 13, 14, 15, 16, 19];
const tmode: Handler = (m, args) => {
  const mode = numberIn(args, 0, 99);
  if (mode === undefined || !TMODES.includes(mode)) return BAD;
  if (mode === 3) m.restart('firmware');
  else if (mode !== 0) {
    m.change(() => {
      m.settings.outOfService = true;
    });
  }
  return OK;
};

/** Work on NV copies: a single 0, after a while. */
const nvCopy: Handler = () => ({ lines: ['0'], ms: 3_000 });

const datamode: Handler = (m) => {
  // Newer firmware wants a signature first; this one is content with any.
  if (!m.settings.signed) return ERROR;
  m.settings.signed = false;
  return { lines: [], after: () => m.toHdlc() };
};

export const PORT_COMMANDS: [string, Handler][] = [
  ['^SETPORT?', unlessUnknown((m) => [`^SETPORT:${m.setport}`])],
  ['^SETPORT=?', unlessUnknown(portCodes)],
  [
    '^SETPORT=',
    unlessUnknown((m, args) => {
      const value = args.replaceAll('"', '');
      if (!parseSetport(value, m.portCodes)) return ERROR;
      m.storeSetport(value);
      return OK;
    }),
  ],
  ['^GETPORTMODE', getportmode],
  ...numeric(
    '^PORTSEL',
    [0, 1],
    (s) => s.portsel,
    (s, v) => {
      s.portsel = v as 0 | 1;
    },
  ),
  ['^CURC?', (m) => [`^CURC: ${m.settings.curc}`]],
  ['^CURC=?', (m) => [`^CURC: (0-${m.quirks.has('curc-no-mask') ? 1 : 2})`]],
  ['^CURC=', curc],
  ['^U2DIAG?', (m) => [`^U2DIAG: ${m.nv.u2diag}`]],
  [
    '^U2DIAG=',
    (m, args) => {
      const value = numberIn(args, 0, 276);
      if (value === undefined) return ERROR;
      m.nv.u2diag = value;
      return OK;
    },
  ],
  [
    '^RESET',
    (m) => {
      m.restart('firmware');
      return OK;
    },
  ],
  [
    '^GODLOAD',
    (m) => {
      if (!m.godload) return ERROR;
      m.restart('loader');
      return OK;
    },
  ],
  ['^TMODE=', tmode],
  ['^TMODE=?', () => [`^TMODE: (${TMODES.join(',')})`]],
  ['^SFM?', (m) => [`^SFM:${m.nv.factory ? 1 : 0}`]],
  [
    '^SFM=',
    (m, args) => {
      m.nv.factory = args === '1';
      return OK;
    },
  ],
  ['^INFORBU', nvCopy],
  ['^NVBACKUP', nvCopy],
  ['^NVRESTORE', nvCopy],
  [
    '^SIGNVER=',
    (m) => {
      m.settings.signed = true;
      return ['0'];
    },
  ],
  ['^DATAMODE', datamode],
];
