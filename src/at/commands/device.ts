/** The stick itself: temperature, radio, restart. */

import { RADIO, RADIO_SWITCHES, type Radio, type RadioSwitches } from '../../values/radio';
import { knownOrNothing } from '../../values/shape';
import { TEMPERATURE, type Temperature } from '../../values/temperature';
import type { CommandPart } from '../command';
import { splitFields } from '../fields';
import { decimal, whole } from '../read';
import { entry, unasked } from './entry';

const celsius = (text: string | undefined, tenths: boolean): number | undefined => {
  const value = whole(text, -1_000, 2_000);
  if (value === undefined) return undefined;
  return tenths || Math.abs(value) > 125 ? value / 10 : value;
};

/**
 * `431,431,65535,35,65535` = three power amplifiers in tenths, then SIM and battery, which look like whole degrees in the
 * recorded answers; 65535 = not known; some firmware sends fewer.
 */
export function parseChiptemp(value: string): Temperature | undefined {
  const [gsm, wcdma, lte, sim, battery] = splitFields(value);
  return knownOrNothing({
    gsmPa: celsius(gsm, true),
    wcdmaPa: celsius(wcdma, true),
    ltePa: celsius(lte, true),
    sim: celsius(sim, false),
    battery: celsius(battery, false),
  });
}

/** `+CFUN: 1`. */
export function parseCfun(value: string): Radio | undefined {
  const fun = decimal(splitFields(value)[0], RADIO.members.fun);
  return fun === undefined ? undefined : { fun, radio: fun === 1 };
}

/** `^RFSWITCH:1,1` = radio allowed by software and by the switch of the case. */
export function parseRfswitch(value: string): RadioSwitches | undefined {
  const [software, hardware] = splitFields(value).map((field) => whole(field, 0, 1));
  return software === undefined || hardware === undefined
    ? undefined
    : { software: software === 1, hardware: hardware === 1 };
}

const OUT_OF_SERVICE = 'it takes the stick out of service until a restart, or further';

/** 5 = factory test, 6 = restart, 7 = off line for good on some firmware; 0, 1, 4 and the rest are harmless. */
function guardCfun({ args }: CommandPart): string | undefined {
  const [value = ''] = args.split(',');
  const first = value.replaceAll('"', '').trim();
  if (first === '') return undefined;
  if (!/^\d+$/.test(first)) return 'its value is no plain number';
  return Number(first) >= 5 && Number(first) <= 7 ? OUT_OF_SERVICE : undefined;
}

export const CHIPTEMP = entry({
  name: '^CHIPTEMP',
  about: 'How hot the stick is',
  forms: ['read'],
  value: TEMPERATURE,
  line: parseChiptemp,
});

export const CFUN = entry({
  name: '+CFUN',
  about: 'Radio on or off',
  forms: ['read', 'set', 'test'],
  limit: 160_000,
  guard: guardCfun,
  value: RADIO,
  line: parseCfun,
});

export const DEVICE_COMMANDS = [
  CHIPTEMP,
  CFUN,
  entry({
    name: '^RFSWITCH',
    about: 'Switches of the radio',
    forms: ['read', 'set'],
    urc: true,
    value: RADIO_SWITCHES,
    line: parseRfswitch,
  }),
  entry({ name: '^RESET', about: 'Restarts the stick', forms: ['action'], named: { action: 'reset' }, urc: true }),
  entry({ name: '^TMODE', about: 'Test modes', forms: ['set', 'test'], guard: OUT_OF_SERVICE }),
  entry({ name: '^SFM', about: 'Factory mode', forms: ['read', 'set'], guard: 'it sets the factory mode' }),
  // Its first field is part of the IMEI on some sticks, and nobody knows what the others mean: no value on purpose.
  entry({ name: '^BOOT', about: 'Comes from time to time and says nothing', urc: true, secret: ['first'] }),
  ...unasked('The stick itself', '^SYSSTART ^EARST ^THERM ^WNINV ^XDSTATUS ^FOTASTATE ^FWLSTATE ^LOCCHD ^OTACMSG'),
  ...unasked('Nobody knows what', '^CCIN ^CSIN ^CSMN'),
  ...unasked('Position', '^POSITION ^POSEND'),
  ...unasked('Provisioning', '^WPDCP ^WPDDL ^WPDOP'),
] as const;
