/** Settings as Node-RED saves them: mostly strings, perhaps empty, perhaps from an older version or another hand. */

import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { AtEvent, Space } from '../../src/device/at/open-at';
import type { WebOptions } from '../../src/device/hilink/web-options';
import type { Host } from '../../src/host/host';
import type { SwitchMessage } from '../../src/modeswitch/messages';
import { nodeFailure } from './messages';
import { upToDate, type Versions, versionOf } from './versions';

/** What the nodes see of an e3272-stick. */
export interface StickConfig {
  /** `auto`, a port path, or the name of a virtual stick. */
  readonly which: string;
  /** For plain AT commands. */
  readonly timeoutMs: number | undefined;
  readonly space: Space;
  /** The SIM's PIN, where one is configured. */
  readonly pin: string | undefined;
  /** Of its web API in HiLink mode: where it is, where it cannot be found, and the password. */
  readonly hilink: WebOptions;
  /** An idle stick is asked whether it answers after so many milliseconds; 0 = never. */
  readonly pulseMs: number | undefined;
  host(): Promise<Host>;
  /** Writes an event of the stick's session to the log, once however many nodes hand it on. */
  report(event: AtEvent): void;
}

export interface StickNode extends Node<{ pin: string; hilinkPassword: string }> {
  config: StickConfig;
}

/** The settings of `node` as the ones of this release, whatever release has saved them. */
export function readSaved<T>(node: Pick<Node, 'warn'>, versions: Versions<T>, saved: NodeDef): NodeDef & T {
  if (versionOf(saved) > versions.fresh.version) node.warn(LATER);
  return upToDate(versions, saved);
}

const LATER =
  'A later release of @e3272/node-red has saved this node, and this one may not understand all of it. Install that release ' +
  'again, or open the node, check every setting, and save it.';

/** The e3272-stick with this id; undefined when it is missing, disabled, or did not load. */
export function stickConfig(RED: NodeAPI, id: unknown): StickConfig | undefined {
  const node = typeof id === 'string' && id !== '' ? RED.nodes.getNode(id) : null;
  return node && 'config' in node ? (node as StickNode).config : undefined;
}

const shown = (value: unknown): string => String(JSON.stringify(value));

/** Seconds in a day: nothing here takes longer. */
const LONGEST = 86_400;

/** Seconds as milliseconds; undefined for an empty field. Error: BAD_ARGUMENT. */
export function milliseconds(value: unknown, what: string): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const seconds = Number(value);
  if (seconds > 0 && seconds <= LONGEST) return seconds * 1000;
  throw nodeFailure('BAD_ARGUMENT/seconds', { what, value: shown(value), most: LONGEST });
}

/** The same, where 0 means never. */
export function milliseconds0(value: unknown, what: string): number | undefined {
  return value !== '' && value !== null && Number(value) === 0 ? 0 : milliseconds(value, what);
}

/** A year. */
const MOST_HOURS = 8_784;

/** Hours as milliseconds; undefined for an empty field. Error: BAD_ARGUMENT. */
export const hours = (value: unknown, what: string): number | undefined =>
  numberIn(value, what, { unit: 'hours', most: MOST_HOURS, factor: 3_600_000 });

/** Minutes as milliseconds, 0 allowed; undefined for an empty field. Error: BAD_ARGUMENT. */
export const minutes = (value: unknown, what: string): number | undefined =>
  numberIn(value, what, { unit: 'minutes', most: MOST_HOURS * 60, factor: 60_000, zero: true });

/** A whole number from 1 on; undefined for an empty field. Error: BAD_ARGUMENT. */
export function count(value: unknown, what: string): number | undefined {
  const number = numberIn(value, what, { unit: 'pieces', most: 100_000, factor: 1 });
  return number === undefined ? undefined : Math.ceil(number);
}

/** The same, where an empty field stands for `otherwise`. */
export const requireCount = (value: unknown, what: string, otherwise: number): number =>
  count(value, what) ?? otherwise;

function numberIn(
  value: unknown,
  what: string,
  { unit, most, factor, zero = false }: { unit: string; most: number; factor: number; zero?: boolean },
): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = Number(value);
  if ((number > 0 || (zero && number === 0)) && number <= most) return number * factor;
  throw nodeFailure('BAD_ARGUMENT/amount', { what, value: shown(value), unit, most });
}

const MESSAGES: readonly SwitchMessage[] = ['new', 'alt', 'eject', 'project'];

/** One of the switch messages. Error: BAD_ARGUMENT. */
export function switchMessage(value: unknown): SwitchMessage {
  const found = MESSAGES.find((m) => m === (value ?? 'new'));
  if (found) return found;
  throw nodeFailure('BAD_ARGUMENT/switch-message', { value: shown(value), known: MESSAGES.join(', ') });
}

/** The number of a USB configuration; undefined for an empty field. Error: BAD_ARGUMENT. */
export function configurationNumber(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= 255) return number;
  throw nodeFailure('BAD_ARGUMENT/configuration-number', { value: shown(value) });
}
