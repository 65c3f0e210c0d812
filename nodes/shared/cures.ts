/** What to do about each error, in the words of the nodes: settings, members of messages, Node-RED's settings file. */

import { ADDON_CURES } from '../../src/cures/addon';
import { COMMON_ADDED, COMMON_CURES } from '../../src/cures/common';
import { type Cures, placeOf } from '../../src/cures/cure';
import type { Messages } from '../../src/errors';
import { FLASH_NODE_CURES } from './cures-flash';
import { STICK_NODE_CURES } from './cures-stick';
import type { BrokerFault, NODE_MESSAGES } from './messages';

export type NodeMessages = Messages & typeof NODE_MESSAGES;

const FLASH_FOLDER = "e3272FlashFolder in Node-RED's settings file";

function brokerCure({ fault, topic, payload }: BrokerFault): string {
  switch (fault) {
    case 'client-id':
      return 'Give it a client id of its own.';
    case 'clean':
      return 'Clear Use clean session there.';
    case 'unsubscribe':
      return 'Clear Automatically unsubscribe when disconnecting there.';
  }
  return `On its tab Messages set the topic ${topic}, the payload ${payload}, QoS 1, and retain.`;
}

const OWN = {
  'BAD_ARGUMENT/no-stick-set': 'Open the node, choose an e3272-stick that is enabled, and deploy.',
  'BAD_ARGUMENT/seconds': (p) => `Give a number of seconds above 0, ${p.most} at most, or leave it empty.`,
  'BAD_ARGUMENT/amount': (p) => `Give a number of ${p.unit}, ${p.most} at most, or leave it empty.`,
  'BAD_ARGUMENT/range': (p) => `Give a number of ${p.unit} from ${p.least} to ${p.most}.`,
  'BAD_ARGUMENT/switch-message': (p) => `Use one of ${p.known}.`,
  'BAD_ARGUMENT/configuration-number': 'Give its number, from 1 on, or leave it empty.',
  'BAD_ARGUMENT/virtual-name':
    'They are called virtual-1, virtual-2 and so on, in another process virtual-1@127.0.0.1:3300.',
  'BAD_ARGUMENT/command-setting': 'Correct the command in the e3272-at node.',
  'BAD_ARGUMENT/no-command': 'Send a command like AT+CSQ, a list of commands, or an object with the property command.',
  'BAD_ARGUMENT/port-request': 'Send {"port": "release"}, if wished with "seconds", or {"port": "take"}.',
  'COMMAND_REFUSED/hand-over':
    'Use a node of its own for the hand-over, without such a list and out of reach of the network.',
  'BAD_ARGUMENT/msg-switch': 'It may have the properties message (new, alt, eject, project) and timeout (seconds).',
  'BAD_ARGUMENT/msg-member': (p) => `Give ${p.wanted}, or leave it out.`,
  'CANCELLED/not-begun': 'Start it again.',
  'BAD_ARGUMENT/flash-folder': "Correct it in Node-RED's settings file: it is the path of one folder.",
  'FILE_NOT_FOUND/flash-folder': `Make it, or correct ${FLASH_FOLDER}.`,
  'FILE_NOT_FOUND/in-flash-folder': 'Check the name of the file.',
  'NO_PERMISSION/outside-flash-folder': (p) => `Put it into ${p.folder}, which ${FLASH_FOLDER} names.`,
  'BAD_ARGUMENT/action': (p) =>
    `Send one of these as payload: ${p.known.join(', ')}. Anything else asks for the status.`,
  'BAD_ARGUMENT/action-member': (p) => `Send ${p.form}; "force": true goes with what may cut the machine's own line.`,
  'BAD_ARGUMENT/message-ids': 'Send {"action": "delete", "ids": [40001]}: ids are the index of messages in the list.',
  'BAD_ARGUMENT/sms-request':
    'Send list, clear or clear all as payload, or in HiLink mode storage, or {"action": "delete", "ids": [40001]}, ' +
    '{"action": "read", "ids": [40001]}.',
  'BAD_ARGUMENT/no-sms-text': 'Send the text as payload, or an object with the properties to and text.',
  'COMMAND_REFUSED/recipient':
    'Add the number to the list of the e3272-sms-out node, as it is dialled, if it may get messages.',
  'BAD_ARGUMENT/no-ussd-code': 'Set it in the node, or send it as payload: a code like *100#, or the answer to a menu.',
  'BAD_ARGUMENT/virtual-order': (p) => `Send one of ${p.known}, or an order object like {"do": "plug"}.`,
  'BAD_ARGUMENT/contact-line': 'Write each contact in a line of its own: anna = +491701234567.',
  'BAD_ARGUMENT/broker': 'Open the node, choose an MQTT broker that is enabled, or none, and deploy.',
  'BAD_ARGUMENT/broker-setting': brokerCure,
  'BAD_ARGUMENT/web-port': 'Set a number from 1 to 65535 as Web port, or leave it empty.',
  'BAD_ARGUMENT/web-elsewhere':
    'Leave Web port of this node empty: the process that serves the stick offers its web server itself.',
} satisfies Cures<NodeMessages>;

export const NODES = placeOf<NodeMessages>()(
  { ...COMMON_CURES, ...FLASH_NODE_CURES, ...STICK_NODE_CURES, ...OWN },
  COMMON_ADDED,
  ADDON_CURES,
);
