/** All commands and URCs that something is known of, by name. */

import { CALL_COMMANDS } from './calls';
import { CLOCK_COMMANDS } from './clock';
import { DATA_COMMANDS } from './data';
import { DEVICE_COMMANDS } from './device';
import { type Entry, type Form, written } from './entry';
import { IDENTITY_COMMANDS } from './identity';
import { NETWORK_COMMANDS } from './network';
import { NV_COMMANDS } from './nv';
import { PORT_COMMANDS } from './ports';
import { REGISTRATION_COMMANDS } from './registration';
import { SELECTION_COMMANDS } from './selection';
import { SIGNAL_COMMANDS } from './signal';
import { SIM_COMMANDS } from './sim';
import { SMS_COMMANDS } from './sms';
import { USSD_COMMANDS } from './ussd';

/** In the order in which people see them. */
const FAMILIES = [
  ...IDENTITY_COMMANDS,
  ...SIGNAL_COMMANDS,
  ...NETWORK_COMMANDS,
  ...REGISTRATION_COMMANDS,
  ...SIM_COMMANDS,
  ...SELECTION_COMMANDS,
  ...DATA_COMMANDS,
  ...CLOCK_COMMANDS,
  ...PORT_COMMANDS,
  ...DEVICE_COMMANDS,
  ...SMS_COMMANDS,
  ...USSD_COMMANDS,
  ...CALL_COMMANDS,
  ...NV_COMMANDS,
] as const;

/** Any of them, with the types of its name and values. */
export type Command = (typeof FAMILIES)[number];

export const ENTRIES: readonly Entry[] = FAMILIES;

/** By name in capitals. */
export const COMMANDS: ReadonlyMap<string, Entry> = new Map(ENTRIES.map((entry) => [entry.name, entry]));

/** Commands that a dialog offers, by the id that is saved in flows. */
export const NAMED: Readonly<Record<string, string>> = Object.fromEntries(
  ENTRIES.flatMap(({ name, named = {} }) =>
    (Object.keys(named) as Form[]).map((form) => [named[form], written(name, form)]),
  ),
);
