/**
 * Peculiarities of firmware that some sticks of the family show and others do not: a closed list. A stick has those that
 * its options or an order name; none by default.
 */

export const QUIRKS = {
  'blank-lines': 'an empty line follows each line of an answer',
  'call-mutes': 'after an incoming call no message is announced until `AT+CNMI=` is sent again',
  'ccid-hangs': '`AT+CCID` is never answered, and its port is dead until the stick restarts',
  'clac-error': '`AT+CLAC` is answered ERROR',
  'clac-silent': '`AT+CLAC` has no final result code',
  'cmti-no-index': '`+CMTI` gives the index -1',
  'cnum-cme': '`+CME ERROR: 25` stands glued in front of the second line of `+CNUM`, and OK still follows',
  'cnum-error': 'the answer to `AT+CNUM` begins with `ERROR+CNUM:`, and OK still follows',
  'colon-blank': 'a blank follows the colon behind every name',
  'colon-tight': 'no blank follows the colon behind a name',
  'cpin-no-ok': '`AT+CPIN?` has its line, but no OK',
  'cpms-lags': '`AT+CPMS?` still counts a message out half a second after `+CMTI`',
  'creg-bare': 'registration URCs without quotes, with blanks, a LAC of 5 and a cell of 7 digits',
  'creg-no-act': '`+CREG` and the like never tell the access technology',
  'curc-no-mask': '`AT^CURC=2` is refused with a CME error',
  'cusd-first': '`+CUSD` comes before the OK of the command',
  'dhcp-0x': 'the numbers of `^DHCP` begin with 0x',
  'dhcp-mask': 'the mask of `^DHCP` stands in the order of reading, the addresses do not',
  'dhcp-short': '`^DHCP` drops leading zeros',
  'double-cr': 'the lines of an answer end in CR CR LF',
  'echo-stays': '`ATE0` is answered ERROR, and the echo stays on',
  'empty-321': 'reading an empty place is CMS error 321, not a bare OK',
  'getportmode-hangs': '`AT^GETPORTMODE` hangs the firmware',
  'iccid-quoted': '`^ICCID` is in quotes',
  'iccid-swapped': '`^ICCID` has the digits of each pair swapped, and an F at the end',
  'long-body-stuck': 'a PDU of more than 150 octets stays in the prompt; only ESC leaves it',
  'long-manufacturer': 'the manufacturer is `Huawei Technologies Co.,Ltd.` and the revision has brackets',
  'long-years': 'the years of `+CCLK` and `^NWTIME` have four digits',
  'mode-umts': '`^MODE` tells of UMTS on LTE',
  'ndisdup-short': '`AT^NDISDUP` with user, password and auth 0 is refused',
  'no-manufacturer': 'the manufacturer in `ATI` is empty',
  'no-quotes': 'names in `^SYSINFOEX` and `^HCSQ`, and places in `+CREG` and the like, are not in quotes',
  'nul-before': 'a NUL comes before each answer',
  'other-case': '`^NDISSTATQry` and `^getportmode`: small letters in names',
  'pin-restarts': 'a command within 3 s after the PIN restarts the stick',
  'quiet-refused': '`ATQ0` is answered ERROR',
  'setport-no-pcui': '`AT^SETPORT=?` names no PCUI',
  'setport-unknown': 'HiLink firmware, in a mode with AT ports, answers `AT^SETPORT` with ERROR',
  'silent-unknown': 'an unknown command has no answer at all',
  'unread-hangs': 'URCs that nobody reads hang the firmware once they are 4096 bytes',
  'urcs-to-modem': 'URCs go to the modem port after a start, as with `AT^PORTSEL=1`',
  'ussd-pad-zero': 'packed USSD text is filled up with `@` instead of CR',
  'ussd-plain-only': 'USSD is CME error 304 until `AT^USSDMODE=0` has been sent',
} as const;

export type Quirk = keyof typeof QUIRKS;

export const isQuirk = (name: unknown): name is Quirk => typeof name === 'string' && Object.hasOwn(QUIRKS, name);
