/** Cures of finding, using and asking a stick, with the names of the nodes' fields and of what a message may say. */

import type { Cures } from '../../src/cures/cure';
import type { Messages } from '../../src/errors';

const SETTINGS = "in the stick's settings";
const CHOOSE = `Choose one by its port path ${SETTINGS}, or unplug the others.`;
const PIN = `The SIM wants its PIN: set SIM PIN ${SETTINGS}.`;
const CONVERT = 'Convert it first: the e3272-flash node takes it from there to an AT port.';
const PASSWORD = `Set the password of its web page ${SETTINGS}, not in the address.`;
const ON_BUS = `Choose a stick on the USB bus ${SETTINGS}; the list there shows them.`;
const serve = (port: number): string => `\`e3272 virtual --host ${port}\``;

const NO_AT_PORT: Readonly<Record<string, string>> = {
  storage: 'Switch it out of its CD-ROM mode first, with the e3272-modeswitch node.',
  hilink: `In HiLink mode it has none: the nodes for status, SMS and USSD work without. ${CONVERT}`,
  boot: CONVERT,
  loader: CONVERT,
};

export const STICK_NODE_CURES = {
  'CME_ERROR/sim-pin': PIN,
  'CMS_ERROR/sim-pin': PIN,
  'COMMAND_REFUSED/not-listed': 'Whoever made the flow can add it to the list of the e3272-at node that was asked.',
  'WRONG_MODE/only-hilink':
    'With AT ports e3272-at does such things (AT^NDISDUP, AT^SYSCFGEX, AT^RESET); e3272-sms-in lists and clears.',
  'COMMAND_REFUSED/own-line': 'If its line may be cut, or the machine goes another way, send it with msg.force = true.',
  'COMMAND_REFUSED/guarded': (p) =>
    (/\^SETPORT=/i.test(p.command)
      ? "SETPORT of the e3272-flash node sets it, checked against the stick's own list. "
      : '') +
    'It is sent only where somebody has allowed it on purpose: "Allow dangerous commands" in an e3272-at node.',
  'TIMEOUT/no-reply': `The stick may be busy, or the command takes longer: allow a longer Timeout in the node or ${SETTINGS}, or try again.`,
  'BAD_ARGUMENT/timeout': 'Give a number of seconds above 0.',
  'BUSY/handed-over': 'Take it back first: send {"port": "take"} to an e3272-at node.',
  'HILINK_ERROR/no-interface':
    'In a container, give it the network of the machine (network mode host). Else set the address of the web page of the ' +
    `stick, like http://192.168.8.1, as HiLink address ${SETTINGS}.`,
  'WRONG_MODE/no-at-port': (p) => NO_AT_PORT[p.mode] ?? 'Unplug it, wait five seconds and plug it in again.',
  'NOT_SWITCHED/again':
    'Pull it out, wait five seconds and plug it in again. AT^SETPORT="FF;10,12" prevents it: the e3272-flash node sets that.',

  'WRONG_MODE/configuration': (p) =>
    `Set configuration ${p.other}: USB config of an e3272-modeswitch node, or msg.configuration = ${p.other}. It lasts until ` +
    'the stick is plugged in anew; docs/e3272.rules says how to have it set each time.',
  'WRONG_MODE/no-modem': `Nothing was changed. The list ${SETTINGS} shows the sticks that are plugged in; choose one of them.`,
  'STICK_NOT_FOUND/port': ON_BUS,
  'STICK_NOT_FOUND/place': (p) =>
    p.others.length > 0
      ? `Sticks are plugged in at: ${p.others.join(', ')}. Choose one of them ${SETTINGS}, or plug the stick in at ${p.stick}.`
      : 'Plug the stick in and try again.',
  'STICK_NOT_FOUND/own-name': `It is known as soon as a node that sends AT has had it open there. Else choose it by its port path ${SETTINGS}.`,
  'STICK_AMBIGUOUS/several': CHOOSE,
  'STICK_AMBIGUOUS/own-name': CHOOSE,
  'BAD_ARGUMENT/own-name':
    'Write imei: and the 15 digits of the stick, or sim: and the 16 to 20 digits of the card, which begin with 89.',
  'BAD_ARGUMENT/place-needed': `Choose the stick by where it is plugged in, like 1-1.4, ${SETTINGS}: on its way it cannot be asked who it is.`,
  'BAD_ARGUMENT/no-tty': ON_BUS,
  'BAD_ARGUMENT/other-port': ON_BUS,
  'BAD_ARGUMENT/foreign-port': ON_BUS,
  'BAD_ARGUMENT/no-bus': ON_BUS,
  'TIMEOUT/loader-silent':
    `Check that no other program uses the port. If the stick is still in the list ${SETTINGS}, repeat the write; otherwise ` +
    'bring it back with the boot pin.',

  'HILINK_ERROR/login-needed': PASSWORD,
  'HILINK_ERROR/identity-not-told': `${PASSWORD} Some firmware tells it only then.`,
  'HILINK_ERROR/sim-pin': PIN,
  'BAD_ARGUMENT/password-in-address': PASSWORD,

  'STICK_NOT_FOUND/no-server': (p) => `Start ${serve(p.port)} in a terminal of this machine.`,
  'STICK_GONE/server': (p) => `Start ${serve(p.port)} in a terminal again; its sticks are new ones then.`,
  'PROTOCOL/no-virtual-stick': (p) =>
    `Give the port of a program that serves virtual sticks (${serve(p.port)}), and use the same version of the package for both.`,
} satisfies Cures<Messages>;
