/** What a gateway needs of this machine and of the driver at once, not when that has loaded: a command may come any moment. */

import { uptime } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { NodeAPI } from 'node-red';
import { hintOf } from '../../src/cures/cure';
import { failure } from '../../src/errors';
import type { JournalStore, Times } from '../../src/gateway/journal';
import { systemClock } from '../../src/host/clock';
import { Notes } from '../../src/host/notes';
import { bootId } from '../../src/host/presence';
import { stateFolders } from '../../src/host/state-folders';
import { NODES } from './cures';

export { parseAllowList } from '../../src/at/allow';
export { cleanNumber } from '../../src/at/sms/number';
export { Gateway } from '../../src/gateway/gateway';
export { isClockSet } from '../../src/host/clock';

export const clock = systemClock;

export const nameTaken = (gw: string) => failure('NAME_TAKEN/gateway', { gw });

/** What the nodes say to do about an error of the driver. */
export const hintFor = (error: Parameters<typeof hintOf>[1]): string | undefined => hintOf(NODES, error);

/** The user folder's notes. */
export function journalStore(RED: Pick<NodeAPI, 'settings'>): JournalStore {
  const notes = new Notes(stateFolders({ userDir: RED.settings.userDir }));
  return {
    read: (key) => notes.read(key),
    write: (key, text) => notes.write(key, text),
    append: (key, text) => notes.append(key, text),
    list: () => notes.list(),
    problems: () => notes.problems(),
  };
}

/** ms that the machine had run when this clock stood at 0. */
const BEGAN = uptime() * 1000 - performance.now();

export const times: Times = {
  date: () => new Date(),
  up: () => BEGAN + performance.now(),
  machine: bootId('/'),
};
