/** What only the nodes can say is wrong: with settings, and with what a message asks for. */

import { type Catalogue, failuresOf } from '../../src/errors';

/** Values are shown as JSON. */
export interface Given {
  what: string;
  value: string;
}

/** What of an mqtt-broker node does not suit a gateway. */
export interface BrokerFault {
  [param: string]: string;
  fault: keyof typeof BROKER_FAULTS;
}

const BROKER_FAULTS = {
  will: 'The will of the MQTT broker node is not that of this gateway: nobody hears when it is away.',
  birth: 'The birth message of the MQTT broker node is not that of this gateway.',
  close: 'The close message of the MQTT broker node is not that of this gateway: nobody hears when it is stopped.',
  'client-id': 'The MQTT broker node has no client id: the broker knows it as another one after each start.',
  clean: 'The MQTT broker node begins with a clean session: what is sent while Node-RED is away is lost.',
  unsubscribe: 'The MQTT broker node unsubscribes when it disconnects: what is sent meanwhile is lost.',
};

export const NODE_MESSAGES = {
  'BAD_ARGUMENT/no-stick-set': () => 'No stick is configured for this node.',
  'BAD_ARGUMENT/seconds': (p: Given & { most: number }) => `${p.what} is ${p.value}.`,
  'BAD_ARGUMENT/amount': (p: Given & { unit: string; most: number }) => `${p.what} is ${p.value}.`,
  'BAD_ARGUMENT/range': (p: Given & { unit: string; least: number; most: number }) => `${p.what} is ${p.value}.`,
  'BAD_ARGUMENT/switch-message': (p: { value: string; known: string }) => `There is no switch message ${p.value}.`,
  'BAD_ARGUMENT/configuration-number': (p: { value: string }) => `There is no USB configuration ${p.value}.`,
  'BAD_ARGUMENT/virtual-name': (p: { name: string }) => `"${p.name}" is no name of a virtual stick.`,

  'BAD_ARGUMENT/command-setting': (p: { text: string }) => `The AT command could not be evaluated: ${p.text}`,
  'BAD_ARGUMENT/no-command': (p: { fault: string }) => `The AT command is ${p.fault}.`,
  'BAD_ARGUMENT/port-request': (p: { value: string }) => `There is no request ${p.value} for the port.`,
  'COMMAND_REFUSED/hand-over': () => 'The port was not handed over: this node takes only the commands of its list.',
  'BAD_ARGUMENT/msg-switch': () => 'msg.switch is no object.',
  'BAD_ARGUMENT/msg-member': (p: { member: string; wanted: string }) => `msg.${p.member} is not what it must be.`,
  'CANCELLED/not-begun': () => 'The job was cancelled before it began.',
  'BAD_ARGUMENT/flash-folder': () => 'e3272FlashFolder is no text.',
  'FILE_NOT_FOUND/flash-folder': (p: { folder: string }) => `The folder ${p.folder} does not exist.`,
  'FILE_NOT_FOUND/in-flash-folder': (p: { name: string; folder: string }) =>
    `There is no file ${p.name} in ${p.folder}.`,
  'NO_PERMISSION/outside-flash-folder': (p: { name: string; folder: string }) =>
    `The file ${p.name} lies outside the folder that files may be taken from.`,
  'BAD_ARGUMENT/action': (p: { action: string; known: readonly string[] }) => `There is no action ${p.action}.`,
  'BAD_ARGUMENT/action-member': (p: { member: string; form: string }) =>
    `The member ${p.member} is not what this action takes.`,
  'BAD_ARGUMENT/message-ids': () => 'The ids are no list of numbers.',
  'BAD_ARGUMENT/sms-request': () => 'The message asks for nothing that this node can do.',
  'BAD_ARGUMENT/no-sms-text': (p: { fault: string }) => `The text of the SMS is ${p.fault}.`,
  'COMMAND_REFUSED/recipient': () => 'The SMS was not sent: its recipient is not in the list of allowed numbers.',
  'CANCELLED/node-closed': (p: { lost: number }) => `The node was closed before ${p.lost} SMS had been sent.`,
  'BAD_ARGUMENT/no-ussd-code': () => 'The USSD code is missing.',
  'BAD_ARGUMENT/virtual-order': (p: { order: string; known: string }) =>
    `A virtual stick does not understand ${p.order}.`,
  'BAD_ARGUMENT/web-port': (p: { text: string }) => `${p.text} is no TCP port for the web server of a virtual stick.`,
  'BAD_ARGUMENT/web-elsewhere': (p: { name: string }) =>
    `The web server of ${p.name} is in the process that the stick is in.`,

  'BAD_ARGUMENT/contact-line': (p: { line: number }) => `Line ${p.line} of the contacts is none.`,
  'BAD_ARGUMENT/broker': () => 'The MQTT broker of this node is missing, disabled, or of a kind that is not known.',
  'BAD_ARGUMENT/broker-setting': (p: BrokerFault) =>
    BROKER_FAULTS[p.fault] ?? 'The MQTT broker node does not suit this gateway.',
} satisfies Catalogue;

export const nodeFailure = failuresOf(NODE_MESSAGES);
