/** The messages of a host in this process: which SIM each is for, where that is, and in which note it is on record. */

import type { Clock, Host } from '../../host/host';
import { WallClock } from '../../host/wall-clock';
import { type Entry, isOpen, moveTimes } from './entry';
import { forgotten, noteName } from './outbox-note';
import { again, fateOf, idReused, newSlip, type Slip, takeOver } from './slip';

export class Slips {
  readonly #clock: Clock;
  /** The SIM that was seen last at each place, by the name of its note, and whether its port is open now. */
  readonly #sims = new Map<string, { sim: string; attached: boolean }>();
  /** Names of sticks, and the place that each means now. */
  readonly #places = new Map<string, string>();
  readonly #placeNotes = new Map<string, string>();
  #all: Slip[] = [];
  readonly #wall: WallClock;

  constructor(host: Host) {
    this.#clock = host.clock;
    this.#wall = new WallClock(host, (ms) => {
      for (const { entry } of this.#all) moveTimes(entry, ms);
    });
  }

  /** The wall clock, ms. Where it was set since it was asked last, the times of all messages are moved with it. */
  now(): number {
    return this.#wall.now();
  }

  /** In the order in which they were accepted. */
  get all(): readonly Slip[] {
    return this.#all;
  }

  add(slip: Slip): void {
    this.#all.push(slip);
  }

  remove(slip: Slip): void {
    this.#all = this.#all.filter((other) => other !== slip);
  }

  /** `name` means the stick at `place` now. False if it did so before. */
  lead(name: string, place: string): boolean {
    if (this.placeOf(name) === place) return false;
    if (name === place) this.#places.delete(name);
    else this.#places.set(name, place);
    return true;
  }

  /** The place that a name means: its own, if it is one. */
  placeOf(name: string): string {
    return this.#places.get(name) ?? name;
  }

  /** `place` and the names that mean it. */
  namesOf(place: string): string[] {
    return [place, ...[...this.#places].flatMap(([name, now]) => (now === place ? [name] : []))];
  }

  /** The SIM that was seen last at `place`. */
  simAt(place: string): string | undefined {
    return this.#sims.get(place)?.sim;
  }

  /** `sim` is at `place` now: what waits there for whichever comes is for it. */
  attach(place: string, sim: string): void {
    this.#sims.set(place, { sim, attached: true });
    for (const slip of this.#all) {
      if (slip.entry.sim === undefined && this.placeOf(slip.entry.place) === place) this.#adopt(slip, sim);
    }
  }

  detach(place: string): void {
    const known = this.#sims.get(place);
    if (known) known.attached = false;
  }

  isAttached(sim: string): boolean {
    return [...this.#sims.values()].some((known) => known.sim === sim && known.attached);
  }

  /** The SIM whose port is open at `place`. */
  attachedAt(place: string): string | undefined {
    const known = this.#sims.get(place);
    return known?.attached ? known.sim : undefined;
  }

  /** The SIM that it is for is in another stick than that at `place`. */
  isElsewhere({ entry: { sim } }: Slip, place: string): boolean {
    return sim !== undefined && this.attachedAt(place) !== sim && this.isAttached(sim);
  }

  /** It may be sent from `place`: it is for the SIM there, or for whichever is there next. */
  isOf({ entry }: Slip, place: string): boolean {
    return entry.sim === undefined ? this.placeOf(entry.place) === place : entry.sim === this.simAt(place);
  }

  find(id: string, place: string): Slip | undefined {
    return this.#all.find((slip) => slip.entry.id === id && this.isOf(slip, this.placeOf(place)));
  }

  /** The name of the note of a place. */
  noteOf(place: string): string {
    const name = this.#placeNotes.get(place) ?? noteName('place', place);
    this.#placeNotes.set(place, name);
    return name;
  }

  /** What is to be in the note `name`. What need not be remembered any more is forgotten by that. */
  entriesOf(name: string): Entry[] {
    const now = this.now();
    const of = ({ entry, loose }: Slip) =>
      entry.sim === name || (this.noteOf(entry.place) === name && (entry.sim === undefined || loose));
    const entries = this.#all.filter(of).map(({ entry }) => entry);
    const gone = new Set(forgotten(entries, now));
    if (gone.size > 0) this.#all = this.#all.filter(({ entry }) => !gone.has(entry));
    return entries.filter((entry) => !gone.has(entry));
  }

  /** From the disk: another life or another process has left it there. */
  learn(entry: Entry, loose: boolean): void {
    const known = this.#twinOf(entry);
    if (!known) {
      // A clock that was set back makes nothing live longer than it was meant to.
      const left = Math.min(entry.until - this.now(), entry.until - entry.at);
      this.#all.push({ ...newSlip(entry, this.#clock.now() + left), loose });
    } else if (isOpen(known.entry) && (!isOpen(entry) || entry.done > known.entry.done)) takeOver(known, entry);
  }

  /** More of its parts are known to be sent. */
  isBehind(entry: Entry): boolean {
    const known = this.#twinOf(entry);
    return known !== undefined && entry.done < known.entry.done;
  }

  #twinOf({ id, sim, place }: Entry): Slip | undefined {
    return this.#all.find(
      ({ entry }) => entry.id === id && entry.sim === sim && (sim !== undefined || entry.place === place),
    );
  }

  /** It is for the SIM that is there now, which may know it already. */
  #adopt(slip: Slip, sim: string): void {
    const twin = this.#all.find(({ entry }) => entry.id === slip.entry.id && entry.sim === sim);
    if (!twin) {
      slip.entry.sim = sim;
      slip.loose = true;
      return;
    }
    this.remove(slip);
    const waiters = [...slip.waiters];
    slip.waiters.clear();
    if (twin.entry.hash === slip.entry.hash) {
      for (const waiter of waiters) twin.waiters.add((fate) => waiter(again(fate)));
    } else {
      const error = idReused(slip.entry.id);
      for (const waiter of waiters) waiter({ ...fateOf(slip), state: 'failed', error });
    }
  }
}
