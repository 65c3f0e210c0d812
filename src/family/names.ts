/** Which model a text names, and what is to be said of it. A name of an operator names none. */

import { type Dialect, NEUTRAL } from './dialect';
import { CHIP, FAMILY, mayBeWritten } from './family';
import { FOREIGN } from './foreign';
import { RELATIVES } from './others';
import type { Kin, Profile } from './profile';

const KIN: readonly Kin[] = [...FAMILY, ...RELATIVES];

/** Longer names first: `E3372h` is none of the E3372 that do not say which they are. */
const BY_NAME: readonly [RegExp, Kin][] = KIN.flatMap((kin) => kin.names.map((name) => ({ name, kin })))
  .sort((a, b) => b.name.length - a.name.length)
  // A hardware version begins with the kind of board: `CL2E3372HM`.
  .map(({ name, kin }) => [new RegExp(`(?:(?<![A-Z0-9])|(?<![A-Z0-9])C[A-Z]\\d)${name}(?!\\d)`, 'i'), kin]);

const FOREIGN_NAMES = FOREIGN.map(({ name }) => new RegExp(`(?<![A-Z0-9])${name}(?!\\d)`, 'i'));

/** The model that a text names: what `ATI`, `^HWVER`, a web interface, a descriptor or the header of a file says. */
export function kinOf(text: string): Kin | undefined {
  if (FOREIGN_NAMES.some((name) => name.test(text))) return undefined;
  return BY_NAME.find(([name]) => name.test(text))?.[1];
}

/** The same, if more is known of it than its name. */
export const profileOf = (text: string): Profile | undefined => {
  const kin = kinOf(text);
  return FAMILY.find((profile) => profile === kin);
};

/** Whether `text` names a model that is never written, whatever anybody allows: one that is known and is none of those. */
export function isNeverWritten(text: string): boolean {
  const kin = kinOf(text);
  return kin !== undefined && !FAMILY.some((profile) => profile === kin && mayBeWritten(profile));
}

/** How AT is spoken with a stick that calls itself so. */
export const dialectOf = (text: string): Dialect => ({ ...NEUTRAL, ...profileOf(text)?.dialect });

/** Commands that some stick of the family hangs at, by name. */
export const HANGING: readonly string[] = [...new Set(FAMILY.flatMap(({ dialect }) => dialect?.hangs ?? []))];

const chipText = ({ generation, name }: NonNullable<Kin['chip']>): string =>
  name === undefined ? generation : `${generation}, ${name}`;

/** A sentence on why the model that `text` names is not written; undefined for one that is, and for a name that is not known. */
export function whyNotWritten(text: string): string | undefined {
  const foreign = FOREIGN.find((_, index) => FOREIGN_NAMES[index]?.test(text));
  if (foreign) return `The ${foreign.name} is ${foreign.what}.`;
  const kin = isNeverWritten(text) ? kinOf(text) : undefined;
  if (!kin) return undefined;
  const { chip, names, remark } = kin;
  if (!chip) return `The ${names[0]} ${remark?.startsWith('has ') ? '' : 'has another chip; '}${remark ?? ''}.`;
  const which = chip.generation === CHIP.generation ? 'the chip of the E3272' : 'another chip';
  return `The ${names[0]} has ${which} (${chipText(chip)})${remark === undefined ? '' : `; ${remark}`}.`;
}

/**
 * The models that are sold under a name of an operator's in `text`. It is for people only: operators give one name to
 * different sticks.
 */
export const soldAs = (text: string): string[] =>
  KIN.filter(({ sold = [] }) =>
    sold.some((name) => new RegExp(`(?<![A-Z0-9])${name}(?![A-Z0-9-])`, 'i').test(text)),
  ).map(({ names: [name] }) => name);
