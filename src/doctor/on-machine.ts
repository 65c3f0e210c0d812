/** The machine: whether sticks can be used on it at all. */

import type { Broken, Machine } from '../host/facts';
import type { Host } from '../host/host';
import type { Stick } from '../stick/stick';
import type { Account } from './account';
import { judgeForeign } from './foreign';

/** The oldest Node.js that the package runs on. */
const LEAST_NODE = 20;

export function judgeMachine(machine: Machine, version: string, account: Account): void {
  const { system, kernel, node, container, bus, newIds, rule } = machine;
  account.add('machine', 'ok', { system, kernel, node, container: container ?? null, version });
  if (system !== 'linux') account.add('system-other', 'error', { system });
  else if (!bus) account.add('bus-hidden', 'error', {});
  if (Number.parseInt(node, 10) < LEAST_NODE) account.add('node-old', 'error', { node, least: LEAST_NODE });
  if (newIds.length > 0) account.add('new-id', 'ok', { ids: newIds });
  if (rule?.state === 'right') account.add('rule', 'ok', { file: rule.file });
  else if (rule?.state === 'none') account.add('rule-missing', 'warn', {});
  else if (rule) account.add(`rule-${rule.state}`, 'warn', { file: rule.file });
}

/** What is plugged in, whether or not it is used. */
export function judgeBus(
  host: Host,
  machine: Machine | undefined,
  sticks: readonly Stick[],
  which: string,
  account: Account,
): void {
  const unreachable = host.unreachable?.();
  if (unreachable) account.add('bus-unreachable', 'error', { text: unreachable.message });
  for (const text of host.stateProblems()) account.add('state-folder', 'warn', { text });
  judgeForeign(sticks, machine, account);
  const modems = sticks.filter(({ mode }) => mode !== 'unknown');
  if (which !== 'auto') {
    if (sticks.length === 0 && !unreachable) account.add('no-stick-there', 'error', { stick: which });
    return;
  }
  if (modems.length === 0 && !unreachable && !account.has('bus-hidden') && !account.has('system-other')) {
    account.add('no-stick', 'error', {});
  }
  if (modems.length > 1) account.add('several-sticks', 'ok', { sticks: modems.map(({ path }) => path) });
}

/** Native modules: without the one no port is opened, without the other no CD-ROM switched. */
export function judgeModules(
  { serialport, usb }: Broken,
  sticks: readonly Stick[],
  machine: Machine | undefined,
  account: Account,
): void {
  if (serialport !== undefined) account.add('native-serial', 'error', { text: serialport });
  // Around an add-on the system switches.
  const needed = machine?.container !== 'addon' && sticks.some(({ mode }) => mode === 'storage');
  if (usb !== undefined) account.add('native-usb', needed ? 'error' : 'warn', { text: usb });
}
