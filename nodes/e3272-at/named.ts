/** The named commands of the dialog, by the id that is saved in flows. The dialog's own list must be the same. */
export const NAMED: Readonly<Record<string, string>> = {
  identity: 'ATI',
  firmware: 'AT^FHVER',
  version: 'AT^VERSION?',
  signal: 'AT+CSQ',
  quality: 'AT^HCSQ?',
  network: 'AT^SYSINFOEX',
  operator: 'AT+COPS?',
  registration: 'AT+CREG?',
  sim: 'AT+CPIN?',
  iccid: 'AT^ICCID?',
  ports: 'AT^SETPORT?',
  portlist: 'AT^SETPORT=?',
  reset: 'AT^RESET',
};
