/**
 * What an examination can find, each with its sentence: a closed list, in the order in which things depend on each other, causes
 * first. A sentence holds no advice and names no option, node or field: see src/cures. No private data in it.
 */

import type { Params, ParamsOf } from '../errors/catalogue';

type Place = { stick: string };
type Port = Place & { path: string };
type Program = { programs: readonly string[] };
type Link = Place & { interface: string };
type Text = { text: string };
type File = { file: string };

const inList = (words: readonly string[]): string => words.join(', ');

/** Sentences about the machine. */
const MACHINE = {
  machine: (p: { system: string; kernel: string; node: string; container: string | null; version: string }) =>
    `This machine: ${p.system} ${p.kernel}, Node.js ${p.node}, e3272 ${p.version}` +
    `${p.container === null ? '' : `, inside a container (${p.container})`}.`,
  'system-other': (p: { system: string }) => `Sticks on the USB bus are seen on Linux only, and this is ${p.system}.`,
  'node-old': (p: { node: string; least: number }) =>
    `Node.js ${p.node} is too old: ${p.least} is the oldest that this package runs on.`,
  'bus-hidden': () => 'The USB bus cannot be seen: /sys/bus/usb is not there.',
  'bus-unreachable': (p: Text) => `The sticks cannot be seen: ${p.text}`,
  'native-serial': (p: Text) => `The native module for serial ports (serialport) cannot be loaded: ${p.text}.`,
  'native-usb': (p: Text) => `The optional package "usb", which the mode switch needs, cannot be loaded: ${p.text}.`,
  'modem-manager': (p: Program) =>
    `${inList(p.programs)} writes into the ports of Huawei sticks: no udev rule forbids it.`,
  'rule-missing': () => 'No udev rule for Huawei sticks is installed.',
  'rule-late': (p: File) => `The udev rule ${p.file} comes too late: ModemManager has looked at the stick before.`,
  'rule-half': (p: File) =>
    `The udev rule ${p.file} does not do all that is needed for the stick in each of its modes.`,
  rule: (p: File) => `The udev rule ${p.file} is installed.`,
  'new-id': (p: { ids: readonly string[] }) =>
    `Somebody has told the driver option by hand of the ids ${inList(p.ids)}: that lasts until the next start.`,
  'state-folder': (p: Text) => p.text,
  'foreign-stick': (p: Place & { id: string; what: string }) =>
    `The device ${p.id} at ${p.stick} is left alone: it is ${p.what}.`,
  'no-stick': () => 'No Huawei stick is plugged in.',
  'no-stick-there': (p: Place) => `No Huawei stick is plugged in at ${p.stick}.`,
  'several-sticks': (p: { sticks: readonly string[] }) =>
    `Several sticks are plugged in, at ${inList(p.sticks)}: one that is not named cannot be told from the others.`,
} as const;

/** Sentences about a stick, its power and its drivers. */
const ON_BUS = {
  'not-authorized': (p: Place) =>
    `The stick at ${p.stick} is not authorised by the system (USBGuard does so): no driver may use it.`,
  'not-enough-power': (p: Place & { needs: number }) =>
    `The stick at ${p.stick} wants ${p.needs} mA, and its hub has no supply of its own: the system has not switched it on.`,
  'no-interfaces': (p: Place) => `The stick at ${p.stick} is on the bus, but the system shows none of its interfaces.`,
  'over-current': (p: Place & { times: number }) =>
    `The port of the stick at ${p.stick} was switched off ${p.times} times because of too much current.`,
  'write-unfinished': (p: Place & { missing: readonly string[] }) =>
    `A firmware write to the stick at ${p.stick} was begun and not completed` +
    `${p.missing.length > 0 ? `: ${inList(p.missing)} is missing` : ''}.`,
  'is-stranger': (p: Place & { id: string }) => `The Huawei device ${p.id} at ${p.stick} is no known modem.`,
  stick: (p: Place & { id: string; mode: string; interfaces: readonly string[]; speed: number | null }) =>
    `The stick at ${p.stick} is ${p.id}, mode ${p.mode}${p.speed === null ? '' : `, ${p.speed} Mbit/s`}` +
    `${p.interfaces.length === 0 ? '' : `; interfaces: ${inList(p.interfaces)}`}.`,
  'wrong-configuration': (p: Place & { configuration: number; contents: string; other: number }) =>
    `The stick at ${p.stick} is in configuration ${p.configuration} (${p.contents}); what it is used by is in configuration ${p.other}.`,
  'no-at-port': (p: Place) => `The stick at ${p.stick} shows no AT port in its present composition.`,
  'driver-missing': (
    p: Place & {
      driver: string;
      id: string;
      state: 'loadable' | 'absent' | 'unknown' | 'there';
      interfaces: readonly number[];
    },
  ) =>
    `No driver has taken interface ${inList(p.interfaces.map(String))} of the stick at ${p.stick}: ${
      p.state === 'there'
        ? `the driver ${p.driver} is there and has not taken it so far`
        : p.state === 'absent'
          ? `this kernel has no driver ${p.driver}`
          : `the driver ${p.driver} is not loaded`
    }.`,
  'node-missing': (p: Place & { paths: readonly string[] }) =>
    `The stick at ${p.stick} is there, but not its device nodes: ${inList(p.paths)}.`,
  'usb-forbidden': (p: Port & { group: string | null }) =>
    `You are not allowed to open the USB device of the stick at ${p.stick} (${p.path})${p.group === null ? '' : `: its group is ${p.group}`}.`,
  'usb-closed': (p: Port) =>
    `The system keeps the USB device of the stick at ${p.stick} (${p.path}) from this container.`,
  'port-forbidden': (p: Port & { group: string | null; later: boolean }) =>
    `You are not allowed to open the port ${p.path} of the stick at ${p.stick}` +
    (p.group === null
      ? '.'
      : p.later
        ? `: you are in its group ${p.group}, but not since you logged in.`
        : `: its group is ${p.group}.`),
  'port-closed': (p: Port) => `The system keeps the port ${p.path} of the stick at ${p.stick} from this container.`,
  mounted: (p: Place & { where: readonly string[] }) =>
    `A medium of the stick at ${p.stick} is mounted for writing at ${inList(p.where)}, which forbids the switch.`,
  'is-fastboot': (p: Place) => `The stick at ${p.stick} is in fastboot: its firmware does not run.`,
  'is-boot': (p: Place) => `The stick at ${p.stick} is in its boot ROM and waits for a loader.`,
  'is-loader': (p: Place) => `The stick at ${p.stick} runs a loader and waits for firmware.`,
  'is-storage': (p: Place) => `The stick at ${p.stick} is still its CD-ROM: it has not been switched.`,
} as const;

/** Sentences about who has a stick, what its ports say, and what the modem tells. */
const ASKED = {
  held: (p: Place & { holder: string; told: string | null }) =>
    `The stick at ${p.stick} is in use by ${p.holder}, so it was not asked${p.told === null ? '' : `; last state: ${p.told}`}.`,
  left: (p: Place) => `The stick at ${p.stick} left the bus while it was being examined.`,
  'port-busy': (p: Port & { holders: readonly string[] }) =>
    `The port ${p.path} of the stick at ${p.stick} is in use by ${inList(p.holders) || 'another program'}.`,
  'port-fault': (p: Port & Text) => `The port ${p.path} of the stick at ${p.stick} cannot be used: ${p.text}`,
  silent: (p: Place & { ports: readonly string[] }) =>
    `No port of the stick at ${p.stick} answers AT (${inList(p.ports)}).`,
  framed: (p: Port) => `The port ${p.path} of the stick at ${p.stick} is stuck in download framing.`,
  babbles: (p: Port) =>
    `The port ${p.path} of the stick at ${p.stick} sends without end, although nobody asks it anything.`,
  garbled: (p: Port) => `What comes from the port ${p.path} of the stick at ${p.stick} is no answer to AT.`,
  refuses: (p: Port & { final: string }) =>
    `The port ${p.path} of the stick at ${p.stick} answers plain AT with ${p.final}.`,
  'stops-answering': (p: Port & { command: string }) =>
    `The port ${p.path} of the stick at ${p.stick} answers AT, but not ${p.command}.`,
  slow: (p: Place & { ms: number }) => `The stick at ${p.stick} is slow: an answer took ${p.ms} ms.`,
  answers: (p: Port & { role: string; ms: number }) => `AT is answered on ${p.path} (${p.role}) after ${p.ms} ms.`,
  'port-silent': (p: Port & { role: string }) =>
    `The port ${p.path} (${p.role}) does not answer AT, but another one does.`,
  'port-not-asked': (p: Port & { role: string }) =>
    `The port ${p.path} (${p.role}) was not asked: it does not answer AT.`,
  'web-no-interface': (p: Place) => `The system has made no network interface of the stick at ${p.stick}.`,
  'web-no-address': (p: Link & { manager: string | null }) =>
    `The interface ${p.interface} of the stick at ${p.stick} has no address: nothing on this machine has asked the stick for one.`,
  'lan-taken': (p: Link & { other: string }) =>
    `The network of the stick at ${p.stick} (${p.interface}) is also that of ${p.other}: what is meant for one may go to the other.`,
  'same-lan': (p: Place & { other: string }) => `The sticks at ${p.stick} and ${p.other} are in the same network.`,
  'web-silent': (p: Place & Text) => `The web server of the stick at ${p.stick} does not answer: ${p.text}`,
  'web-faulty': (p: Place & Text) => `The web server of the stick at ${p.stick} answers wrongly: ${p.text}`,
  'web-held': (p: Place & { told: string }) =>
    `The web server of the stick at ${p.stick} is in use by this program, so it was not asked; last state: ${p.told}.`,
  'web-locked': (p: Place) => `The web page of the stick at ${p.stick} wants a login for what was asked.`,
  web: (p: Place & { address: string; ms: number }) =>
    `The web server of the stick at ${p.stick} answers at ${p.address} after ${p.ms} ms.`,
  model: (p: Place & { model: string; revision: string | null }) =>
    `The stick at ${p.stick} calls itself ${p.model}${p.revision === null ? '' : `, firmware ${p.revision}`}.`,
  'radio-off': (p: Place) => `The radio of the stick at ${p.stick} is switched off.`,
  'sim-absent': (p: Place) => `The stick at ${p.stick} has no SIM card.`,
  'sim-failed': (p: Place) => `The stick at ${p.stick} cannot read its SIM card.`,
  'sim-puk': (p: Place) => `The SIM card of the stick at ${p.stick} wants its PUK.`,
  'sim-pin': (p: Place) => `The SIM card of the stick at ${p.stick} wants its PIN.`,
  'sim-busy': (p: Place) => `The SIM card of the stick at ${p.stick} is still starting.`,
  'network-denied': (p: Place) => `The network does not let the SIM card of the stick at ${p.stick} in.`,
  'network-searching': (p: Place) => `The stick at ${p.stick} is searching for a network.`,
  'network-none': (p: Place) => `The stick at ${p.stick} has found no network.`,
  'signal-weak': (p: Place & { bars: number }) =>
    `The signal of the stick at ${p.stick} is weak (${p.bars} of 5 bars).`,
  network: (p: Place & { bars: number | null }) =>
    `The stick at ${p.stick} is registered${p.bars === null ? '' : `, ${p.bars} of 5 bars`}.`,
} as const;

/** Sentences about what may go wrong later, and about files. */
const BESIDES = {
  'default-route': (p: Link) =>
    `The stick at ${p.stick} holds the default route (${p.interface}): all that this machine sends elsewhere goes over it.`,
  autosuspend: (p: Place) => `The system may put the stick at ${p.stick} to sleep (autosuspend).`,
  'hub-unpowered': (p: Place) => `The stick at ${p.stick} hangs on a hub without a supply of its own.`,
  'time-up': (p: { stick: string | null; what: string }) =>
    `There was no time left to ${p.what}${p.stick === null ? '' : ` of the stick at ${p.stick}`}.`,
  'folder-missing': (p: { folder: string }) => `The folder for files, ${p.folder}, cannot be looked into.`,
  'file-bad': (p: File & Text) => `The file ${p.file} cannot be used: ${p.text}`,
  'loader-unknown': (p: File) => `The loader file ${p.file} is none of the known ones: no stick gets it.`,
  'loader-made-up': (p: File) => `The loader file ${p.file} is made up: only virtual sticks get it.`,
  loader: (p: File & { known: string }) => `The loader file ${p.file} is ${p.known}.`,
  'firmware-made-up': (p: File) => `The firmware file ${p.file} is made up: only virtual sticks get it.`,
  firmware: (p: File & { images: number; version: string }) =>
    `The firmware file ${p.file} has ${p.images} images${p.version === '' ? '' : `, version ${p.version}`}; its headers are right.`,
} as const;

export const FINDINGS = { ...MACHINE, ...ON_BUS, ...ASKED, ...BESIDES } as const;

export type Findings = typeof FINDINGS;
export type FindingId = keyof Findings;
/** All, causes first. */
export const FINDING_IDS = Object.keys(FINDINGS) as FindingId[];

/** `error`: keeps a stick from working. `warn`: works, or may again by itself. `ok`: as it should be, or just told. */
export const LEVELS = ['error', 'warn', 'ok'] as const;
export type Level = (typeof LEVELS)[number];

/** One thing that was found. Plain data. */
export interface Finding {
  id: FindingId;
  level: Level;
  /** Port path of the stick that it is about. */
  stick?: string;
  params: Params;
  /** The sentence. */
  text: string;
}

/** `finding('silent', 'error', { stick, ports })`. */
export function finding<K extends FindingId>(id: K, level: Level, params: ParamsOf<Findings[K]>): Finding {
  const say = FINDINGS[id] as (params: unknown) => string;
  const told = params as Params;
  const { stick } = told;
  return { id, level, ...(typeof stick === 'string' && { stick }), params: told, text: say(params) };
}

const RANK: ReadonlyMap<FindingId, number> = new Map(FINDING_IDS.map((id, index) => [id, index]));
const rankOf = ({ id }: Finding): number => RANK.get(id) ?? 0;

/** What matters first: errors before warnings before the rest, of each the causes before what follows from them. */
export const byWeight = (a: Finding, b: Finding): number =>
  LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) ||
  rankOf(a) - rankOf(b) ||
  (a.stick ?? '').localeCompare(b.stick ?? '', 'en', { numeric: true });
