/** Sentences about the machine: its ttys, USB devices, locks and notes. */

import type { Catalogue } from '../catalogue';

type Port = { path: string };
type OnBus = { stick: string };

export const HOST = {
  'STICK_GONE/port': ({ path }: Port) => `The port ${path} has vanished.`,
  'STICK_GONE/port-closed': ({ path }: Port) => `The port ${path} was closed while it was in use.`,
  'STICK_GONE/left': ({ stick }: OnBus) => `The stick at ${stick} has left the bus.`,
  'STICK_NOT_FOUND/port': ({ path }: Port) => `The port ${path} does not exist.`,

  'PORT_BUSY/port': ({ path, holders }: Port & { holders: readonly string[] }) =>
    `The port ${path} is in use by ${holders.join(', ') || 'another program'}.`,
  'PORT_BUSY/interface': ({ stick }: OnBus) =>
    `The USB interface of the stick at ${stick} is in use by another program.`,
  'BUSY/program': ({ stick, holder }: OnBus & { holder: string }) => `The stick at ${stick} is in use by ${holder}.`,

  'NO_PERMISSION/port': ({ path }: Port) => `You are not allowed to open the port ${path}.`,
  'NO_PERMISSION/usb': ({ stick }: OnBus) => `You are not allowed to open the USB device of the stick at ${stick}.`,
  'NO_PERMISSION/addon': ({ stick }: OnBus) =>
    `This add-on of Home Assistant has no USB access, so the USB device of the stick at ${stick} is closed to it.`,
  'NO_PERMISSION/no-node': ({ stick, node }: OnBus & { node: string }) =>
    `The USB device of the stick at ${stick} is not there as ${node}.`,
  'NO_PERMISSION/configuration': ({ stick }: OnBus) =>
    `You are not allowed to set the configuration of the stick at ${stick}.`,
  'NO_PERMISSION/not-put-back': ({ stick }: OnBus) =>
    `The stick at ${stick} was taken off the bus and could not be put back.`,
  'NO_PERMISSION/socket': ({ stick }: OnBus) =>
    `The stick at ${stick} cannot be held: the system gives this program no UNIX socket.`,

  'NATIVE_MISSING/serial': () => 'The native module for serial ports (serialport) cannot be loaded.',
  'NATIVE_MISSING/usb': ({ stick }: OnBus) =>
    `The stick at ${stick} cannot be switched: the optional package "usb" is not installed or does not run here.`,

  'BAD_ARGUMENT/no-tty': ({ path, text }: Port & { text: string }) =>
    `The port ${path} could not be opened as a serial port: ${text}.`,
  'BAD_ARGUMENT/no-device-node': ({ path, what }: Port & { what: 'a file' | 'something else' }) =>
    `${path} is no serial port, but ${what}.`,
  'BAD_ARGUMENT/other-port': ({ path, wanted }: Port & { wanted: string }) =>
    `Only the port ${path} may be used, not ${wanted}.`,
  'BAD_ARGUMENT/foreign-port': ({ path, id, at }: Port & { id: string; at: string }) =>
    `The port ${path} belongs to the USB device ${id} at ${at}, which is no Huawei stick.`,
  'BAD_ARGUMENT/no-bus': ({ path }: Port) =>
    `The stick behind ${path} cannot be reached by USB: only this port was given.`,
  'BAD_ARGUMENT/no-bulk': ({ stick, interface: number }: OnBus & { interface: number }) =>
    `Interface ${number} of the stick at ${stick} has no pair of bulk endpoints.`,

  'TIMEOUT/open': ({ stick }: OnBus) => `The stick at ${stick} did not open in time.`,
  'TIMEOUT/send': ({ stick }: OnBus) => `The stick at ${stick} did not take the transfer in time.`,
  'TIMEOUT/receive': ({ stick }: OnBus) => `The stick at ${stick} did not answer in time.`,
  'PROTOCOL/short-transfer': ({ stick, sent, bytes }: OnBus & { sent: number; bytes: number }) =>
    `The stick at ${stick} took ${sent} of ${bytes} bytes of a transfer.`,
  'PROTOCOL/stall': ({ stick }: OnBus) => `The stick at ${stick} refused the transfer (stall).`,
  'PROTOCOL/usb': ({ stick, text }: OnBus & { text: string }) => `The stick at ${stick} could not be reached: ${text}.`,

  'FILE_NOT_WRITTEN/old-note': ({ path }: Port) => `The note ${path} is out of date and cannot be removed.`,
} satisfies Catalogue;
