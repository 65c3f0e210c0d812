/**
 * Is it still the same stick? Compared before each change: its place, and that it has not left the bus since it was looked
 * at; its IMEI where it was told before and after a restart. A place alone proves little: somebody may plug in another
 * stick while the first one restarts.
 */

import { createHash } from 'node:crypto';
import type { AtChannel } from '../at/channel';
import { parseImei } from '../at/commands/identity';
import { failure, isDriverError } from '../errors';
import type { Host } from '../host/host';
import { type Stick, stickText } from '../stick/stick';
import type { JobFact } from './facts';

/** A stick's IMEI as records keep it: enough to tell two sticks apart, and no number to read. */
export type ImeiHash = string & { readonly hash: 'imei' };

const hashOf = (imei: string): ImeiHash => createHash('sha256').update(`e3272 ${imei}`).digest('hex') as ImeiHash;

export class SameStick {
  readonly #host: Host;
  readonly #tell: (fact: JobFact) => void;
  /** USB port path behind the tty where only one is given; that of the first look counts. */
  #place: { at: string | undefined } | undefined;
  #presence: string | undefined;
  #imei: ImeiHash | undefined;
  /** Nobody has had the stick in his hand since it has told its IMEI. */
  #sure = false;

  /** `tell` hears what was compared, and what could not be. */
  constructor(host: Host, tell: (fact: JobFact) => void) {
    this.#host = host;
    this.#tell = tell;
  }

  /** What the stick has told. */
  get imei(): ImeiHash | undefined {
    return this.#imei;
  }

  /** The same, as far as it is certain: a record under another stick's name would be believed by that one only. */
  get identity(): ImeiHash | undefined {
    return this.#sure ? this.#imei : undefined;
  }

  /** This stick has told this before, and has not left the bus since. */
  recall(imei: ImeiHash): void {
    this.#imei ??= imei;
    this.#sure = this.#imei === imei;
  }

  /** A person has unplugged it and plugged one in: the same one, as one may hope. */
  replugged(): void {
    this.#sure = false;
  }

  /** The stick as it was found just now: what is compared with later. Error: STICK_GONE where its place has changed. */
  look(stick: Stick): void {
    const at = this.#host.place(stick.device);
    this.#place ??= { at };
    this.#requirePlace(stick, at);
    this.#presence = this.#host.presence(stick.device);
  }

  /** Right before a change: `stick` must not have left the bus since it was found. Error: STICK_GONE. */
  async require(stick: Stick): Promise<void> {
    const present = (await this.#host.scan()).find((device) => device.portPath === stick.path);
    const stayed = present?.address === stick.device.address && this.#host.presence(present) === this.#presence;
    if (!present || !stayed)
      throw failure('STICK_GONE/left-meanwhile', { which: stickText(stick) }, { stick: stick.path });
    const at = this.#host.place(present);
    this.#requirePlace(stick, at);
    if (at === undefined) this.#cannotCompare(stick);
    else this.#tell({ type: 'compared', what: 'presence' });
  }

  #requirePlace(stick: Stick, at: string | undefined): void {
    const before = this.#place?.at;
    if (at === before) return;
    const places = { before: before ?? 'no USB port', now: at ?? 'none' };
    throw failure('STICK_GONE/other-place', { which: stickText(stick), ...places }, { stick: stick.path });
  }

  #cannotCompare({ path }: Stick): void {
    const text = `Nothing but its answers tells which stick is behind ${path}: there is no USB device to compare.`;
    this.#tell({ type: 'remark', text });
  }

  /** Asks the running firmware for its IMEI. Error: STICK_GONE where it told another one before. */
  async ask(stick: Stick, channel: AtChannel): Promise<void> {
    const told = await imeiOf(channel);
    if (told === undefined) return;
    const now = hashOf(told);
    if (this.#imei !== undefined && this.#imei !== now) {
      throw failure('STICK_GONE/other-imei', { which: stickText(stick) }, { stick: stick.path });
    }
    if (this.#imei !== undefined) this.#tell({ type: 'compared', what: 'imei' });
    this.#imei = now;
    this.#sure = true;
  }
}

async function imeiOf(channel: AtChannel): Promise<string | undefined> {
  try {
    return parseImei((await channel.run('AT+CGSN')).lines);
  } catch (error) {
    // Broken firmware is a reason to flash.
    if (isDriverError(error, 'TIMEOUT', 'PROTOCOL')) return undefined;
    throw error;
  }
}
