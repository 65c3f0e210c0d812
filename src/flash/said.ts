/**
 * What a job will do, and has done, as sentences with what they were made of: who shows them in another language makes them
 * anew. A sentence without its value (`unnamed`, `null`) has a name of its own: translations are plain texts with placeholders.
 */

import type { Params, ParamsOf, Sentence } from '../errors/catalogue';

type At = { stick: string };
type File = { name: string };

export const SAID = {
  'plan.loader': (p: File) => `The loader ${p.name} is uploaded to the stick's memory.`,
  'plan.firmware': (p: File & { version: string }) => `The firmware ${p.name} (${p.version}) is written to its flash.`,
  'plan.firmwareUnnamed': (p: File) => `The firmware ${p.name} (no version text) is written to its flash.`,
  'plan.webui': (p: File & { version: string }) => `The web UI ${p.name} (${p.version}) is written to its flash.`,
  'plan.webuiUnnamed': (p: File) => `The web UI ${p.name} (no version text) is written to its flash.`,
  'plan.hilink': () => 'The stick restarts as a HiLink router.',
  'plan.ports': (p: { setport: string }) => `AT^SETPORT is set to ${p.setport} and the stick restarts.`,
  'plan.otherPorts': (p: { setport: string; now: string }) =>
    `AT^SETPORT is set to ${p.setport} (now ${p.now}) and the stick restarts.`,
  'plan.switch': (p: At) =>
    `The stick at ${p.stick} is switched out of its CD-ROM mode. What it then needs of the rest is done:`,
  'plan.software': (p: At) =>
    `The stick at ${p.stick} is taken out of HiLink mode by software, where its firmware does that. What it then needs ` +
    'of the rest is done, else the boot pin is asked for:',
  'did.godload': () => 'It was restarted into its own loader (AT^GODLOAD).',
  'did.switch': (p: { which: string }) => `It was switched out of its CD-ROM mode and came back as ${p.which}.`,
  'did.software': (p: { which: string; tried: string }) =>
    `It was taken out of HiLink mode by software (${p.tried}) and came back as ${p.which}.`,
  'did.upload': (p: File) => `The loader ${p.name} was uploaded to its memory.`,
  'did.write': (p: File & { bytes: number }) => `${p.name} was written, ${p.bytes} bytes.`,
  'did.restart': (p: { which: string }) => `It was restarted and came back as ${p.which}.`,
  'did.ports': (p: { setport: string; before: string }) => `AT^SETPORT was set to ${p.setport} (before: ${p.before}).`,
} as const satisfies Readonly<Record<string, Sentence>>;

export type SaidId = keyof typeof SAID;

/** A sentence of a job. Plain data. */
export interface Said {
  id: SaidId;
  params: Params;
  text: string;
}

/** `said('plan.loader', { name })`. */
export function said<K extends SaidId>(id: K, params: ParamsOf<(typeof SAID)[K]>): Said {
  const say = SAID[id] as (params: unknown) => string;
  return { id, params: params as Params, text: say(params) };
}

export const textOf = ({ text }: Said): string => text;
