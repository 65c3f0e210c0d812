/** A stick whose SIM and whose driver's notes outlive the process: the SIM as plain data, the notes in a folder. */

import { Marks } from '../../src/host/marks';
import { Notes } from '../../src/host/notes';
import { stateMembers } from '../../src/host/state';
import { stateFolders } from '../../src/host/state-folders';
import type { StoredStatus, StoreName } from '../../src/virtual/sms/store';
import type { VirtualStick } from '../../src/virtual/stick';
import { type Bench, type BenchStick, virtualBench } from '../support/bench';

/** What lies in the stick's stores, and what its SIM knows of PINs. */
export interface KeptStick {
  seed?: number;
  sim: NonNullable<BenchStick['sim']>;
  pinTries: number;
  stores: Record<StoreName, { index: number; status: StoredStatus; pdu: string }[]>;
}

/** The stick that {@link KeptStick} is about, plugged in; notes are kept as Node-RED with `userDir` keeps them. */
export async function keptBench(userDir: string, kept: KeptStick): Promise<Bench> {
  const { seed = 1, sim, pinTries, stores } = kept;
  const bench = virtualBench({ firmware: 'stick', setport: 'FF;10,12', seed, sim, timing: { urcEvery: 0 } });
  bench.stick.sim.pinTries = pinTries;
  for (const name of ['SM', 'ME'] as const) {
    const store = bench.stick.world.store(name);
    // Each in its own place: what is free in between is free again.
    for (let index = 0; index < store.size; index++) store.add(0, '00');
    for (let index = 0; index < store.size; index++) store.delete(index);
    for (const { index, status, pdu } of stores[name]) {
      for (let free = 0; free < index; free++) if (!store.get(free)) store.add(0, '00');
      store.add(status, pdu);
    }
    for (const [index, { pdu }] of [...store.entries()]) if (pdu === '00') store.delete(index);
  }
  const notes = new Notes(stateFolders({ userDir, env: {}, home: '' }));
  Object.assign(bench.host, stateMembers(notes, new Marks(userDir)));
  await bench.plug();
  return bench;
}

/** What a next life finds. */
export function keep(stick: VirtualStick, { sim, ...kept }: KeptStick): KeptStick {
  const { state, pinTries, locked } = stick.sim;
  const dump = (name: StoreName) =>
    [...stick.world.store(name).entries()].map(([index, { status, pdu }]) => ({ index, status, pdu }));
  return {
    ...kept,
    sim: { ...sim, state: locked ? 'pin' : state },
    pinTries,
    stores: { SM: dump('SM'), ME: dump('ME') },
  };
}
