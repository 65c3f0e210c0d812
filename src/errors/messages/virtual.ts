/** Sentences about virtual sticks, here and in another process. */

import type { Catalogue } from '../catalogue';

type Place = { stick: string };
/** The words of a foreign error. */
type Foreign = { text: string };
type Why = { why: string };
/** A TCP port of this machine. */
type Tcp = { port: number };
type Address = Tcp & { address: string };

const storage = ({ stick }: Place): string => `The storage interface of the virtual stick at ${stick}`;

export const VIRTUAL = {
  'BAD_ARGUMENT/setport': ({ setport }: { setport: string }) => `A virtual stick can't have the SETPORT "${setport}".`,
  'BAD_ARGUMENT/pieces': () => 'The pieces of a virtual stick have at least one byte.',
  'BAD_ARGUMENT/block-size': () => 'A firmware image cannot have blocks of no bytes.',
  'BAD_ARGUMENT/store-full': ({ store }: { store: string }) => `The store ${store} is full.`,
  'BAD_ARGUMENT/impossible-sms': ({ text }: Foreign) => `The SMS is not possible: ${text}.`,
  'BAD_ARGUMENT/fault-order': ({ why }: Why) => `The fault order is not understood: ${why}.`,
  'BAD_ARGUMENT/order': ({ why }: Why) => `The order is not understood: ${why}.`,
  'BAD_ARGUMENT/order-json': ({ text }: Foreign) => `The order is no JSON: ${text}`,
  'WRONG_MODE/order': ({ why }: Why) => `The order can't be carried out now: ${why}.`,

  'BAD_ARGUMENT/no-storage': ({ stick, interface: number }: Place & { interface: number }) =>
    `Interface ${number} at ${stick} is no mass storage.`,
  'PORT_BUSY/virtual-interface': ({
    stick,
    interface: number,
    holder,
  }: Place & { interface: number; holder: string }) => `Interface ${number} at ${stick} is in use by ${holder}.`,
  'STICK_GONE/no-port': ({ path }: { path: string }) => `There is no port ${path}.`,
  'STICK_GONE/virtual-storage': (p: Place) => `${storage(p)} has left the bus.`,
  'CANCELLED/virtual-storage': (p: Place) => `${storage(p)} was released in the middle of a transfer.`,
  'PROTOCOL/virtual-stall': (p: Place) => `${storage(p)} refused the transfer (stall).`,
  'PROTOCOL/virtual-no-data': (p: Place) => `${storage(p)} has no data to send (stall).`,
  'TIMEOUT/virtual-transfer': ({ stick, ms, direction }: Place & { ms: number; direction: string }) =>
    `${storage({ stick })} did not answer within ${ms} ms (bulk ${direction}).`,

  'BAD_ARGUMENT/nothing-served': () => 'There is no stick to be served.',
  'BAD_ARGUMENT/one-stick': () => 'Only one stick can be offered in this way.',
  'PORT_BUSY/tcp-host': ({ port, text }: Tcp & Foreign) =>
    `Virtual sticks cannot be served on TCP port ${port}: ${text}`,
  'PORT_BUSY/tcp-ttys': ({ port, text }: Tcp & Foreign) =>
    `The virtual stick cannot be served on TCP port ${port} and up: ${text}`,
  'PORT_BUSY/tcp-usbip': ({ port, text }: Tcp & Foreign) =>
    `The virtual stick cannot be offered on TCP port ${port}: ${text}`,
  'PORT_BUSY/tcp-web': ({ port, text }: Tcp & Foreign) =>
    `The web server of the virtual stick cannot be had on TCP port ${port}: ${text}`,

  // In answer to a program that uses a stick.
  'PROTOCOL/version': ({ ours, theirs }: { ours: string; theirs: string }) => `This is ${ours}, not ${theirs}.`,
  'STICK_NOT_FOUND/not-served': ({ name }: { name: string; served: readonly string[] }) =>
    `No virtual stick called ${name} is served here.`,
  'STICK_GONE/not-open': () => 'The port is not open any more.',
  'STICK_GONE/virtual-left': ({ name }: { name: string }) =>
    `The virtual stick ${name} has left the bus, or has not got that port any more.`,
  'PROTOCOL/too-much': () => 'A program asks too much at once.',
  'PROTOCOL/out-of-turn': () => 'A program asks for something at the wrong time.',
  'PROTOCOL/virtual-stick': ({ text }: Foreign) => `The virtual stick failed: ${text}`,
  'PROTOCOL/malformed': ({ why }: Why) => `What came over the connection is not understood: ${why}.`,
  'BAD_ARGUMENT/transfer-size': ({ bytes, most }: { bytes: number; most: number }) =>
    `${bytes} bytes at once are more than a virtual stick takes (${most}).`,
  'BAD_ARGUMENT/line-size': ({ most }: { most: number }) =>
    `More than ${most} bytes at once are too much for a virtual stick.`,

  // In the program that uses it.
  'PORT_BUSY/virtual-own': ({ stick, what }: Place & { what: string }) =>
    `${what} of the virtual stick at ${stick} is in use by this process.`,
  'STICK_NOT_FOUND/no-server': ({ address, port, errno }: Address & { errno: string | null }) =>
    `No virtual sticks are served on ${address} port ${port}${errno === null ? '' : ` (${errno})`}.`,
  'STICK_GONE/server': ({ stick }: Place & Tcp) => `The program that served the virtual stick ${stick} has gone.`,
  'TIMEOUT/server': ({ stick }: Place) => `The program that serves the virtual stick ${stick} does not answer.`,
  'PROTOCOL/no-virtual-stick': ({ address, port }: Address) =>
    `What listens on ${address} port ${port} is no virtual stick of this version.`,
  'PROTOCOL/greeting': ({ text }: Foreign) => `The greeting failed: ${text}`,
  'PROTOCOL/port-data': ({ path, text }: Foreign & { path: string }) =>
    `What the port ${path} said could not be read: ${text}`,
  'BUSY/too-much': ({ stick }: Place) => `Too much is asked of the virtual stick ${stick} at once.`,
  'BAD_ARGUMENT/unsendable': ({ text }: Foreign) => `That cannot be sent: ${text}`,

  // Names of those in another process.
  'BAD_ARGUMENT/served-name': (p: { name: string; address: string }) =>
    `${p.name} is no name of a virtual stick in another process.`,
  'BAD_ARGUMENT/not-loopback': (p: { loopback: string; address: string }) =>
    `Virtual sticks are served to programs on the same machine only, on ${p.loopback}, not on ${p.address}.`,
} satisfies Catalogue;
