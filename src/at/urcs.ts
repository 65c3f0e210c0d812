/**
 * Lines that the modem sends unasked, told by their prefix: what stands before the colon, in capitals.
 * The list is what Huawei sticks of this family were seen or documented to send, plus the usual ones of 3GPP.
 */

const URCS: ReadonlySet<string> = new Set(
  (
    'RING +CRING +CLIP +COLP +CCWA +CSSI +CSSU +CUSD +CREG +CGREG +CEREG +CGEV +CTZV +CTZE +CMTI +CDSI +CMT +CDS +CBM ' +
    '+CBMI +CUSATP +CUSATEND +PACSP ^CCIN ^CSIN ^CSMN ' +
    '^RSSI ^RSSILVL ^HRSSILVL ^HDRRSSI ^CRSSI ^CERSSI ^ANLEVEL ^HCSQ ^LTERSRP ^MODE ^SRVST ^SIMST ^RFSWITCH ^ACTIVEBAND ' +
    '^BOOT ^SYSSTART ^RESET ^EARST ^THERM ^TIME ^NWTIME ^CTZV ^TIMESETRULT ^DATASETRULT ^SMMEMFULL ^STIN ^CSNR ' +
    '^DSFLOWRPT ^DSDORMANT ^NDISSTAT ^NDISEND ^PDPDEACT ^IPDATA ^IPSTATE ^CONNECT ^REJINFO ^PLMNSELEINFO ^PLMN ^EONS ' +
    '^ORIG ^CONF ^CONN ^CEND ^DDTMF ^CALLSTATE ^CCALLSTATE ^ECCLIST ^ECLSTAT ^CSCHANNELINFO ^LWURC ^XLEMA ^ACINFO ' +
    '^ELEVATOR ^POSITION ^POSEND ^XDSTATUS ^WNINV ^FOTASTATE ^FWLSTATE ^LOCCHD ^SIMFILEREFRES ^DATAVALIDIT ^WPDCP ' +
    '^WPDDL ^WPDOP ^OTACMSG'
  ).split(' '),
);

const REGISTRATION: ReadonlySet<string> = new Set(['+CREG', '+CGREG', '+CEREG']);

/** Shared prefixes whose SET form answers with its own prefix. Of the others a set form gets a bare OK. */
const SET_ANSWERS: ReadonlySet<string> = new Set(['^EONS', '+CCWA']);

export const isUrcPrefix = (prefix: string): boolean => URCS.has(prefix);

export const answersItsSetForm = (prefix: string): boolean => SET_ANSWERS.has(prefix);

/**
 * `+CREG` of `+CREG: 1,"1607","14DB"`, `^NDISSTATQRY` of `^NDISSTATQry:1`, `RING` of `RING`; empty where a line has no
 * prefix. Always in capitals: firmware mixes cases.
 */
export function linePrefix(line: string): string {
  const first = line.charCodeAt(0);
  if (first !== 0x2b && first !== 0x5e) return line === 'RING' ? line : '';
  const colon = line.indexOf(':');
  const name = colon < 0 ? line : line.slice(0, colon);
  return name.length > 1 && name.length <= 24 && /^.[A-Za-z][A-Za-z0-9]*$/.test(name) ? name.toUpperCase() : '';
}

/**
 * While a query of `prefix` runs: does this line's shape say that it is a URC all the same? Of the registration family
 * only: a reply is `n,stat[,lac,ci[,act[,rac]]]`, a URC lacks the `n`. So a URC has three fields, or a second
 * one that is missing or no status but a location area.
 */
export function hasUrcShape(prefix: string, line: string): boolean {
  if (!REGISTRATION.has(prefix)) return false;
  const value = line.slice(line.indexOf(':') + 1).trim();
  if (value.startsWith('(')) return false;
  const fields = value.split(',');
  if (fields.length === 3) return true;
  return !/^\s*(\d|10)\s*$/.test(fields[1] ?? '');
}
