/** Cures of virtual sticks that are the same in every place. */

import type { Messages } from '../errors';
import type { Cures } from './cure';

const STEP = 'Unplug the stick, plug it in again and repeat the step.';
const OTHER_PORT = 'Choose another port, or stop the program that listens there.';
const VERSIONS = 'Use the same version of the package for both programs.';
const ORDERS = 'The page about the virtual stick (docs/) lists all orders and faults.';
const LESS = 'Send less at once.';

export const VIRTUAL_CURES = {
  'BAD_ARGUMENT/setport': 'It has the form before;after with codes of the stick, like FF;10,12.',
  'BAD_ARGUMENT/pieces': 'Give a number from 1 on.',
  'BAD_ARGUMENT/block-size': 'Give a number of bytes from 1 on.',
  'BAD_ARGUMENT/store-full': 'Delete messages from it first.',
  'BAD_ARGUMENT/impossible-sms': ORDERS,
  'BAD_ARGUMENT/fault-order': ORDERS,
  'BAD_ARGUMENT/order': ORDERS,
  'BAD_ARGUMENT/order-json': 'Give one JSON object per line, like {"do": "plug"}.',
  'WRONG_MODE/order': 'Bring the stick into the state that the order is for.',
  'BAD_ARGUMENT/no-storage': 'Take the interface of class 08 from the descriptor.',
  'PORT_BUSY/virtual-interface': 'Stop that program, or tell it to leave this stick alone, and try again.',
  'PORT_BUSY/virtual-own': 'Close it first.',
  'STICK_GONE/no-port': 'The stick may have changed its mode or been unplugged: look for it again.',
  'STICK_GONE/virtual-storage': STEP,
  'CANCELLED/virtual-storage': STEP,
  'PROTOCOL/virtual-stall': STEP,
  'PROTOCOL/virtual-no-data': STEP,
  'TIMEOUT/virtual-transfer': STEP,
  'BAD_ARGUMENT/nothing-served': 'Name at least one stick.',
  'BAD_ARGUMENT/one-stick': 'Offer one stick only.',
  'PORT_BUSY/tcp-host': OTHER_PORT,
  'PORT_BUSY/tcp-ttys': OTHER_PORT,
  'PORT_BUSY/tcp-web': OTHER_PORT,
  'PORT_BUSY/tcp-usbip': 'Choose another port, or stop the program that listens there (usbipd uses 3240).',
  'PROTOCOL/version': VERSIONS,
  'STICK_NOT_FOUND/not-served': (p) => `Take one of ${p.served.join(', ')}.`,
  'STICK_GONE/not-open': 'Open it again.',
  'STICK_GONE/virtual-left': 'Look for the stick again: it may have come back in another mode.',
  'PROTOCOL/too-much': VERSIONS,
  'PROTOCOL/out-of-turn': VERSIONS,
  'PROTOCOL/virtual-stick': 'Repeat it; if it happens again, start the program that serves the stick anew.',
  'PROTOCOL/malformed': VERSIONS,
  'PROTOCOL/greeting': VERSIONS,
  'PROTOCOL/port-data': VERSIONS,
  'BAD_ARGUMENT/transfer-size': LESS,
  'BAD_ARGUMENT/line-size': LESS,
  'BAD_ARGUMENT/unsendable': LESS,
  'TIMEOUT/server': 'It may have been stopped (Ctrl-Z), or the machine is very busy.',
  'BUSY/too-much': 'Wait for the answers.',
} satisfies Cures<Messages>;
