/** Product ids, as data: vendor 12d1 always. One that several models share is one entry, so that they cannot disagree. */

export type Mode = 'storage' | 'hilink' | 'tty' | 'boot' | 'loader' | 'fastboot' | 'unknown';

export type Role = 'pcui' | 'modem' | 'diag' | 'boot' | 'download' | 'unknown';

export interface ModeEntry {
  productId: number;
  mode: Mode;
  /** What it is, in a few words. */
  meaning: string;
  source: string;
  /** Firmware on the stick as far as the id tells. */
  firmware?: 'hilink' | 'stick';
  /** Product ids that the mode switch leads to, as configured in the field. */
  switchesTo?: number[];
  /** The model that alone shows it, as far as anybody knows: its first name. */
  only?: string;
  /**
   * Running firmware and the uploaded loader share this id: only asking tells (plain `AT` silent, `AT^DLOADVER?` = 2.0,
   * version request answered).
   */
  ambiguous?: true;
  /**
   * Roles by interface number, where the protocol code does not tell (ff/ff/ff, 02/02/ff): a composition has fixed places,
   * and what is no serial port takes one up too (1c05: shell, storage, PCUI).
   */
  serial?: Role[];
  /** Those places are counted from behind a network function, of one or two interfaces, that may stand in front. */
  behindNetwork?: true;
}

export const storage = (
  productId: number,
  meaning: string,
  source: string,
  switchesTo: number[],
  firmware?: 'hilink' | 'stick',
): ModeEntry => ({ productId, mode: 'storage', meaning, source, switchesTo, ...(firmware && { firmware }) });

export const hilink = (productId: number, meaning: string, source: string): ModeEntry => ({
  productId,
  mode: 'hilink',
  meaning,
  source,
  firmware: 'hilink',
});

export const serialMode = (productId: number, meaning: string, source: string, serial?: Role[]): ModeEntry => ({
  productId,
  mode: 'tty',
  meaning,
  source,
  ...(serial && { serial }),
});

/** Those of `entries` with these ids: what models share is one entry. */
export const shared = (entries: readonly ModeEntry[], ...productIds: number[]): ModeEntry[] =>
  entries.filter(({ productId }) => productIds.includes(productId));

/** An entry that one model alone shows. */
export const of = (only: string, entry: ModeEntry): ModeEntry => ({ ...entry, only });
