/** Sentences about finding a stick, what it lacks, who has it, and what its ports say. */

import type { Catalogue } from '../catalogue';

type Place = { stick: string };
/** `which`: the place and the USB ids, `1-1.4 (12d1:1f01)`. */
type Shown = Place & { which: string };
/** `sticks`: each as `which`. */
type Several = { sticks: readonly string[] };
type OwnName = { what: 'imei' | 'sim' };
type Interfaces = { interfaces: readonly number[] };

type Configuration = {
  needs: 'CD-ROM' | 'serial ports';
  configuration: number;
  contents: string;
  other: number;
};

const interfacesText = ({ interfaces }: Interfaces): string =>
  `its serial interface${interfaces.length > 1 ? 's' : ''} ${interfaces.join(', ')}`;

/** What keeps a stick from being used, behind "The stick at 1-1 is". */
export const OBSTACLES = {
  'WRONG_MODE/configuration': ({ needs, configuration, contents, other }: Configuration) =>
    `in configuration ${configuration} (${contents}): no ${needs} there; ` +
    `configuration ${other} has ${needs === 'CD-ROM' ? 'it' : 'them'}`,
  'WRONG_MODE/composition': () =>
    'without an AT port: its composition shows none, as after an AT^SETPORT that left it out',
  'NO_PERMISSION/not-authorized': (_files: { files: string }) =>
    'not authorised by the system (USBGuard does so): no driver may use it',
  'DRIVER_MISSING/no-node': (on: Interfaces) =>
    `on the bus, but there is no device node for ${interfacesText(on)}, which a driver has taken`,
  'DRIVER_MISSING/no-driver': (on: Interfaces) =>
    `on the bus, but the system made no tty of ${interfacesText(on)}: no driver has taken ` +
    (on.interfaces.length > 1 ? 'them' : 'it'),
  'DRIVER_MISSING/no-interfaces': () => 'on the bus, but the system shows none of its interfaces',
} satisfies Catalogue;

export type ObstacleKey = keyof typeof OBSTACLES;

const is = ({ which }: Shown, obstacle: string): string => `The stick at ${which} is ${obstacle}.`;

const none = () => 'No Huawei stick is plugged in.';
const noneAt = ({ stick }: Place) => `No Huawei stick is plugged in at ${stick}.`;
const named = ({ what }: OwnName): string =>
  `No stick with the ${what === 'imei' ? 'IMEI' : 'SIM card'} that was named`;

export const STICK = {
  'WRONG_MODE/configuration': (p: Shown & Configuration) => is(p, OBSTACLES['WRONG_MODE/configuration'](p)),
  'WRONG_MODE/composition': (p: Shown) => is(p, OBSTACLES['WRONG_MODE/composition']()),
  'NO_PERMISSION/not-authorized': (p: Shown & { files: string }) => is(p, OBSTACLES['NO_PERMISSION/not-authorized'](p)),
  'DRIVER_MISSING/no-node': (p: Shown & Interfaces) => is(p, OBSTACLES['DRIVER_MISSING/no-node'](p)),
  'DRIVER_MISSING/no-driver': (p: Shown & Interfaces) => is(p, OBSTACLES['DRIVER_MISSING/no-driver'](p)),
  'DRIVER_MISSING/no-interfaces': (p: Shown) => is(p, OBSTACLES['DRIVER_MISSING/no-interfaces']()),

  'WRONG_MODE/no-modem': ({ which }: Shown) => `The Huawei device at ${which} is no known modem.`,
  // Of another vendor; `what`: behind "It is".
  'WRONG_MODE/foreign': ({ which, name, what }: Shown & { name: string; what: string }) =>
    `The device at ${which} is no stick of this family but a ${name}: ${what}.`,
  'STICK_NOT_FOUND/none': none,
  'STICK_NOT_FOUND/only-stranger': ({ which }: { which: string }) =>
    `No Huawei stick is plugged in: the Huawei device at ${which} is no known modem.`,
  'STICK_NOT_FOUND/only-foreign': ({ which, name, what }: { which: string; name: string; what: string }) =>
    `No Huawei stick of this family is plugged in: the device at ${which} is a ${name}, ${what}.`,
  // Others: port paths with a stick.
  'STICK_NOT_FOUND/place': (p: Place & { others: readonly string[] }) => noneAt(p),
  'STICK_NOT_FOUND/own-name': (p: OwnName) => `${named(p)} is known in a socket with a stick in it.`,
  // A session waits for it.
  'STICK_NOT_FOUND/awaited': none,
  'STICK_NOT_FOUND/awaited-place': (p: { which: string }) => noneAt({ stick: p.which }),
  'STICK_NOT_FOUND/awaited-own-name': (p: OwnName) => `${named(p)} is plugged in.`,
  'STICK_AMBIGUOUS/several': ({ sticks }: Several) => `${sticks.length} sticks are plugged in: ${sticks.join(', ')}.`,
  'STICK_AMBIGUOUS/own-name': ({ sticks }: Several) =>
    `${sticks.length} sticks are the one that was named: ${sticks.join(', ')}.`,
  'BAD_ARGUMENT/own-name': ({ what }: OwnName) =>
    `The ${what === 'imei' ? 'IMEI' : 'ICCID'} that names the stick cannot be one.`,
  'BAD_ARGUMENT/place-needed': ({ purpose }: { purpose: string }) =>
    `${purpose} needs the port path of the stick, not its IMEI or its SIM card.`,
  'STICK_GONE/ports-coming': ({ stick }: Place) => `The stick at ${stick} left the bus while its ports were coming up.`,

  'BUSY/held': ({ stick, purpose }: Place & { purpose: string }) => `The stick at ${stick} is in use: ${purpose}.`,
  'BUSY/job': ({ stick }: Place) => `The stick at ${stick} is in use: another job is under way.`,
  'BUSY/own-job': (_stick: Place) => 'The last job has not ended yet.',
  'CANCELLED/job': () => 'The job was cancelled.',
  'PROTOCOL/job': ({ text }: { text: string }) => `The job failed: ${text}`,

  // What it is besides, where that is known: the cause, and behind "It is".
  'TIMEOUT/silent': ({ stick, ports, obstacle }: Place & { ports: readonly string[]; obstacle: string | null }) =>
    `No port of the stick at ${stick} answers (${ports.join(', ') || 'no ttys'}).` +
    (obstacle === null ? '' : ` It is ${obstacle}.`),
  'WRONG_MODE/stuck-port': ({ stick, path }: Place & { path: string }) =>
    `The port ${path} of the stick at ${stick} is stuck in download framing.`,
  'TIMEOUT/loader-silent': ({ stick }: Place) => `The loader of the stick at ${stick} does not answer any more.`,
  'TIMEOUT/loader-repeats': ({ stick, what, times }: Place & { what: string; times: number }) =>
    `The loader of the stick at ${stick} answers, but not to ${what}: sent ${times} times.`,
} satisfies Catalogue;
