/** Settings as Node-RED saves them: mostly strings, perhaps empty, perhaps from an older version or another hand. */

import type { Node, NodeAPI } from 'node-red';
import { DriverError } from '../../src/errors';
import type { Host } from '../../src/host/host';
import type { SwitchMessage } from '../../src/modeswitch/messages';
import type { AtEvent, Space } from '../../src/session/at-service';

/** What the nodes see of an e3272-stick. */
export interface StickConfig {
  /** `auto`, a port path, or the name of a virtual stick. */
  readonly which: string;
  /** For plain AT commands. */
  readonly timeoutMs: number | undefined;
  readonly space: Space;
  /** The SIM's PIN, where one is configured. */
  readonly pin: string | undefined;
  /** An idle stick is asked whether it answers after so many milliseconds; 0 = never. */
  readonly pulseMs: number | undefined;
  host(): Promise<Host>;
  /** Writes an event of the stick's session to the log, once however many nodes hand it on. */
  report(event: AtEvent): void;
}

export interface StickNode extends Node<{ pin: string }> {
  config: StickConfig;
}

/** The e3272-stick with this id; undefined when it is missing, disabled, or did not load. */
export function stickConfig(RED: NodeAPI, id: unknown): StickConfig | undefined {
  const node = typeof id === 'string' && id !== '' ? RED.nodes.getNode(id) : null;
  return node && 'config' in node ? (node as StickNode).config : undefined;
}

/** Seconds in a day: nothing here takes longer. */
const LONGEST = 86_400;

/** Seconds as milliseconds; undefined for an empty field. Error: BAD_ARGUMENT. */
export function milliseconds(value: unknown, what: string): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const seconds = Number(value);
  if (seconds > 0 && seconds <= LONGEST) return seconds * 1000;
  throw new DriverError('BAD_ARGUMENT', `${what} is ${JSON.stringify(value)}.`, {
    hint: `Give a number of seconds above 0, ${LONGEST} at most, or leave it empty.`,
  });
}

/** The same, where 0 means never. */
export function milliseconds0(value: unknown, what: string): number | undefined {
  return value !== '' && value !== null && Number(value) === 0 ? 0 : milliseconds(value, what);
}

const MESSAGES: readonly SwitchMessage[] = ['new', 'alt', 'eject'];

/** One of the switch messages. Error: BAD_ARGUMENT. */
export function switchMessage(value: unknown): SwitchMessage {
  const found = MESSAGES.find((m) => m === (value ?? 'new'));
  if (found) return found;
  throw new DriverError('BAD_ARGUMENT', `There is no switch message ${JSON.stringify(value)}.`, {
    hint: `Use one of ${MESSAGES.join(', ')}.`,
  });
}
