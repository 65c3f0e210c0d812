/** The words of a language for what the doctor finds; loaded when somebody asks for it, so that the editor starts without them. */

import type { FindingId, Findings } from '../../../src/doctor/findings';
import type { ParamsOf } from '../../../src/errors/catalogue';

/** What was found, and what to do about it: null where there is nothing to do. Lines to copy stand on lines of their own. */
export interface FindingWord<P> {
  readonly text: string | ((params: P) => string);
  readonly cure: string | null | ((params: P) => string);
}

/** A language that leaves one out, or has one too many, does not compile. */
export type FindingWords = { readonly [K in FindingId]: FindingWord<ParamsOf<Findings[K]>> };
/** Of a language that has words for the commonest; the others stay English. */
export type SomeFindingWords = Partial<FindingWords>;

/** What to do in an add-on of Home Assistant, about what has a cure of its own there: all of it, or English is shown. */
export type AddonFindingWords = {
  readonly [K in FindingId]?: string | ((params: ParamsOf<Findings[K]>) => string);
};

export const list = (words: readonly (string | number)[]): string => words.join(', ');

/** Lines that are the same in every language. */
export const LINES = {
  rule: 'sudo cp docs/e3272.rules /etc/udev/rules.d/77-e3272.rules\nsudo udevadm control --reload',
  adduser: (group: string) => `sudo adduser YOUR-NAME ${group}`,
  modprobe: (driver: string) => `sudo modprobe ${driver}\necho ${driver} | sudo tee /etc/modules-load.d/e3272.conf`,
  newId: (id: string) => `echo ${id} | sudo tee /sys/bus/usb-serial/drivers/option1/new_id`,
} as const;
