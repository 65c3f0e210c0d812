/** What each of the nine checks of a flash asks for, in words. */

import { ANY_MODEL, MODEL } from '../family/family';

export const RULES = {
  file: 'The firmware file is whole: checksums, lengths, decompression, one to twenty images.',
  fit: `The firmware is for an ${MODEL}: image codes, partition table, room in the partitions, no NV, no signature, no other device named.`,
  loader: `The loader is a known one, by the sha256 of what is sent, with the partition table of an ${MODEL}.`,
  port: 'The port is known by its USB ids and interface, answers as what it should be, and nobody else is on it.',
  device: `The loader calls the stick ${ANY_MODEL}, twice.`,
  power: 'Nothing puts stick or machine to sleep, and no hub on the way lives on the bus.',
  plan: 'Somebody said yes to what will be done, to this stick.',
  write: 'Every block of every image was acknowledged.',
  after: 'The stick came back by itself and runs what the file says.',
} as const;

export type CheckId = keyof typeof RULES;
