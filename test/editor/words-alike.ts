/** Words that are the same in a language as in en-US, on purpose: names, and what people of that language say. */

/** In every language. */
const EVERYWHERE = [
  ...['E3272', 'CD-ROM', 'HiLink', 'Fastboot', 'AT', 'GPS', 'SETPORT', 'SETPORT:', 'SIM', 'Web UI', 'URCs', 'MB/s'],
  ...['boot ROM', 'fastboot'],
  ...['14: GPS', 'A1: CD-ROM', '__rate__ MB/s', '__percent__ %', '+CSQ, ^HCSQ?, +CMGD=*', 'Huawei AT', 'Huawei USSD'],
];

const OF: Readonly<Record<string, readonly string[]>> = {
  de: [
    ...['de', 'Stick', 'Text', 'Timeout', 'Loader', 'Firmware', 'Firmware:', 'Version __version__', 'Ports:', 'Code'],
    ...['Name', 'Status', 'Huawei Status', 'Huawei Flash', 'Broker', 'Gateway', 'Home Assistant', 'Discovery'],
    ...['Reserve', 'anna (Anna) = +491701234567', 'signal, SIM, AT+C ...'],
  ],
  'es-ES': ['Firmware', 'firmware', 'Firmware:', 'E3372h-320: firmware 10.x'],
  fr: ['Message', 'Conversion', 'Huawei flash', 'Firmware', 'Action'],
};

export const alike = (language: string): ReadonlySet<string> => new Set([...EVERYWHERE, ...(OF[language] ?? [])]);
