/** Those who take messages of one stick. What they are given is theirs: each gets a copy. */

import type { StatusReport } from '../../at/sms/decode';
import type { Storage } from '../../at/sms/store';
import type { DriverError } from '../../errors';
import { TIMEOUTS } from '../../timeouts';
import type { SmsMessage } from './assemble';
import type { Fate } from './known';
import type { WebReport } from './reports';

/** Somebody who takes messages. What its functions throw is dropped; then the message counts as not handed over. */
export interface Receiver {
  /** A message, once. True: it is to be deleted from the stick. `ignored`: it stays, and was not handed over to anybody. */
  onMessage(message: SmsMessage): boolean | 'ignored';
  /** A status report that no sender awaits. True: it is to be deleted. */
  onReport?(report: StatusReport): boolean;
  /** The same of a stick in HiLink mode, which tells less. */
  onWebReport?(report: WebReport): boolean;
  /** How full a store is, whenever that changes; each store apart. */
  onStorage?(storage: Storage): void;
  /** The stores could not be read; it is tried again. The same failure is told once. */
  onError?(error: DriverError): void;
  /** They can be read again. */
  onRecovered?(): void;
  /** Milliseconds between looks without an announcement, default {@link TIMEOUTS.sms.poll}. */
  poll?: number;
  /** Milliseconds after which a message is handed over without parts that have not come; without it, never. */
  incompleteAfter?: number;
}

export class Receivers {
  /** With what each has heard last of each store. */
  readonly #all = new Map<Receiver, Map<string, string>>();
  #failure = '';

  /** Returns how to leave. */
  add(receiver: Receiver): () => void {
    this.#all.set(receiver, new Map());
    return () => {
      this.#all.delete(receiver);
    };
  }

  get size(): number {
    return this.#all.size;
  }

  /** How often each wants to have looked. */
  get polls(): number[] {
    return [...this.#all.keys()].map(({ poll }) => poll ?? TIMEOUTS.sms.poll);
  }

  /** The shortest time that one of them waits for missing parts. */
  get incompleteAfter(): number | undefined {
    const times = [...this.#all.keys()].flatMap(({ incompleteAfter }) => incompleteAfter ?? []);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  message(message: SmsMessage): Fate | undefined {
    return this.#tell((receiver) => receiver.onMessage(structuredClone(message)));
  }

  report(report: StatusReport | WebReport): Fate | undefined {
    return this.#tell((receiver) =>
      'reference' in report ? receiver.onReport?.({ ...report }) : receiver.onWebReport?.({ ...report }),
    );
  }

  storage(storage: Storage): void {
    const now = JSON.stringify(storage);
    for (const [receiver, heard] of this.#all) {
      if (heard.get(storage.store) === now) continue;
      heard.set(storage.store, now);
      contained(() => receiver.onStorage?.({ ...storage }));
    }
  }

  error(error: DriverError): void {
    const failure = `${error.code} ${error.message}`;
    if (this.#failure === failure) return;
    this.#failure = failure;
    for (const receiver of this.#all.keys()) contained(() => receiver.onError?.(error));
  }

  recovered(): void {
    if (this.#failure === '') return;
    this.#failure = '';
    for (const receiver of this.#all.keys()) contained(() => receiver.onRecovered?.());
  }

  /** Deleted if one of those who were told wants that, ignored if all who were there did; undefined if nobody was. */
  #tell(how: (receiver: Receiver) => boolean | 'ignored' | undefined): Fate | undefined {
    const wishes = [...this.#all.keys()].map((receiver) => contained(() => how(receiver)));
    if (wishes.includes(true)) return 'deleted';
    if (wishes.includes(false)) return 'kept';
    return wishes.includes('ignored') ? 'ignored' : undefined;
  }
}

/** What a receiver throws is its own matter. */
function contained<T>(tell: () => T): T | undefined {
  try {
    return tell();
  } catch {
    return undefined;
  }
}
