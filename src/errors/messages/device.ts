/** Sentences about a stick that is kept in use: its session, its port, its queue. */

import type { Catalogue } from '../catalogue';

type Place = { stick: string };
/** The place, null as long as it is not known which stick is meant. */
type MaybePlace = { stick: string | null };

const where = ({ stick }: MaybePlace): string => (stick === null ? '' : ` at ${stick}`);

export const DEVICE = {
  'BUSY/at-job': (p: MaybePlace) => `A job holds the stick${where(p)}: no AT command was sent.`,
  'BUSY/handed-over': (p: MaybePlace) => `The port of the stick${where(p)} was handed over to another program.`,
  'TIMEOUT/recovering': (p: MaybePlace) => `The stick${where(p)} does not answer and is being brought back.`,
  'WRONG_MODE/no-at-port': (p: MaybePlace & { mode: string }) =>
    `The stick${where(p)} is in ${p.mode} mode: it has no AT port.`,
  'TIMEOUT/not-open': (p: MaybePlace) => `The AT port of the stick${where(p)} is not open yet.`,

  'BUSY/job-began': ({ stick }: Place) => `A job took the stick at ${stick} while the AT command was under way.`,
  'BUSY/handed-over-meanwhile': ({ stick }: Place) =>
    `The port of the stick at ${stick} was handed over while the AT command was under way.`,
  'CANCELLED/other-stick': ({ stick }: Place) =>
    `Another stick is plugged in at ${stick} now: the AT command was not sent.`,
  'CANCELLED/other-meant': () => 'Another stick is meant now.',
  'STICK_GONE/at-port': ({ stick }: Place) => `The stick at ${stick} has left the bus.`,

  'HILINK_ERROR/no-interface': ({ stick }: Place) =>
    `The stick at ${stick} is in HiLink mode, and no network interface of it can be seen here.`,
  'HILINK_ERROR/no-lan-address': ({ stick, interface: name }: Place & { interface: string }) =>
    `The network interface ${name} of the stick at ${stick} has no address.`,
  'STICK_AMBIGUOUS/same-lan': ({ stick, other }: Place & { other: string }) =>
    `The sticks at ${stick} and ${other} have the same LAN addresses: what is meant for one would reach the other, so nothing was sent.`,
  'STICK_AMBIGUOUS/other-lan': ({ stick, other, url }: Place & { other: string; url: string }) =>
    `${url} is in the network of the stick at ${other}, and no network of the stick at ${stick} can be seen: nothing was sent.`,
  'HILINK_ERROR/lan-taken': (p: Place & { interface: string; other: string }) =>
    `The network interface ${p.other} is in the same network as ${p.interface}, that of the stick at ${p.stick}: nothing was sent.`,
  'HILINK_ERROR/no-web': ({ stick, tried }: Place & { tried: readonly string[] }) =>
    `The web server of the stick at ${stick} was not found; tried: ${tried.join(', ')}.`,
  'STICK_NOT_FOUND/other-answers': ({ stick }: Place) =>
    `At the address of the stick at ${stick} another one answers than before.`,
  'HILINK_ERROR/sms-form': ({ stick }: Place) =>
    `The stick at ${stick} is in HiLink mode: there a message goes out as a whole, and none of class 0 (flash).`,
  'HILINK_ERROR/sms-failed': ({ stick }: Place) => `The stick at ${stick} says that the message was not sent.`,
  'HILINK_ERROR/sms-no-network': ({ stick }: Place) =>
    `The stick at ${stick} says that the message was not sent: it is in no network.`,
  'HILINK_ERROR/sms-unknown': ({ stick }: Place) =>
    `The stick at ${stick} has the message, but does not say whether it was sent.`,
  'TIMEOUT/web-not-found': ({ stick }: Place) => `The web server of the stick at ${stick} has not been found yet.`,
  'WRONG_MODE/not-hilink': ({ stick }: Place) => `The stick at ${stick} is not in HiLink mode.`,
  'WRONG_MODE/only-hilink': ({ stick }: Place) =>
    `The stick at ${stick} is not in HiLink mode, and only that mode has this.`,
  'CANCELLED/web-settings': ({ stick }: Place) => `The web API of the stick at ${stick} was given other settings.`,
  'PROTOCOL/web-session': ({ stick, text }: Place & { text: string }) =>
    `The web API of the stick at ${stick} failed: ${text}`,

  'NOT_SWITCHED/again': ({ stick, times }: Place & { times: number }) =>
    `The stick at ${stick} has come back as a CD-ROM and was switched ${times} times: it is left alone now.`,
  'NOT_SWITCHED/failed': ({ stick, text }: Place & { text: string }) =>
    `The stick at ${stick} was not switched: ${text}`,
  'TIMEOUT/radio': ({ stick }: Place) => `The radio of the stick at ${stick} does not come on again.`,
  'TIMEOUT/names': ({ stick }: Place) => `The stick at ${stick} did not say in time who it is.`,

  'CANCELLED/at-unused': ({ stick }: Place) => `The AT port of the stick at ${stick} is no longer used.`,
  'CANCELLED/at-share': () => 'This share in the AT session of the stick has been given back.',
  'CANCELLED/step': ({ path }: { path: string }) => `The step on ${path} was cancelled.`,
  'PROTOCOL/session': ({ stick, text }: Place & { text: string }) =>
    `The AT session of the stick at ${stick} failed: ${text}`,
  'PROTOCOL/at-port': ({ stick, text }: Place & { text: string }) =>
    `The AT port of the stick at ${stick} failed: ${text}`,
  'QUEUE_FULL/turn': ({ waiting, what }: { waiting: number; what: string }) =>
    `${waiting} ${what} wait for their turn: no more are taken.`,
} satisfies Catalogue;
