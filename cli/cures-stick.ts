/** Cures of finding, using and asking a stick, with the names of options and commands. */

import type { Cures } from '../src/cures/cure';
import type { Messages } from '../src/errors';

const CHOOSE = 'Say which one is meant by its port path (--stick 1-1.4), or unplug the others.';
const PIN = 'The SIM wants its PIN first: enter it with AT+CPIN (`e3272 at --force`), or switch it off in a phone.';
const CONVERT = 'Convert it first: `e3272 convert` takes it from there to an AT port.';
const LIST = '`e3272 list` shows the sticks that are plugged in and their ports.';
const PASSWORD =
  'Give the password of its web page in the environment variable E3272_HILINK_PASSWORD, not in the address.';
const LEAVE_OUT = 'Leave out --tty:';

const NO_AT_PORT: Readonly<Record<string, string>> = {
  storage: 'Switch it out of its CD-ROM mode first (`e3272 switch`).',
  hilink: CONVERT,
  boot: CONVERT,
  loader: CONVERT,
};

export const STICK_CLI_CURES = {
  'CME_ERROR/sim-pin': PIN,
  'CMS_ERROR/sim-pin': PIN,
  'COMMAND_REFUSED/not-listed': 'Whoever made the list can add it there.',
  'WRONG_MODE/only-hilink': 'With AT ports `e3272 at` does such things: AT^NDISDUP, AT^SYSCFGEX, AT^RESET, AT+CPIN.',
  'COMMAND_REFUSED/own-line': 'If its line may be cut, or the machine goes another way, repeat it with --force.',
  'COMMAND_REFUSED/guarded': (p) =>
    (/\^SETPORT=/i.test(p.command) ? "`e3272 convert --setport` sets it, checked against the stick's own list. " : '') +
    'It is sent only where somebody has allowed it on purpose: with --force.',
  'TIMEOUT/no-reply': 'The stick may be busy, or the command takes longer: allow a longer --timeout or try again.',
  'BAD_ARGUMENT/timeout': 'Give a number of seconds above 0 (--timeout).',
  'BUSY/handed-over': 'Take it back first, in the flow that has handed it over.',
  'HILINK_ERROR/no-interface': 'In a container, give it the network of the machine (network mode host).',
  'WRONG_MODE/no-at-port': (p) => NO_AT_PORT[p.mode] ?? 'Unplug it, wait five seconds and plug it in again.',
  'NOT_SWITCHED/again':
    'Pull it out, wait five seconds and plug it in again. AT^SETPORT="FF;10,12" prevents it: `e3272 convert` sets that.',

  'WRONG_MODE/configuration': (p) =>
    `Set configuration ${p.other}: \`e3272 switch --configuration ${p.other}\`. It lasts until the stick is plugged in anew; ` +
    'docs/e3272.rules says how to have it set each time.',
  'WRONG_MODE/no-modem': 'Nothing was changed. `e3272 list` shows the sticks that are plugged in; choose one of them.',
  'STICK_NOT_FOUND/port': `Check the path; ${LIST}`,
  'STICK_NOT_FOUND/place': (p) =>
    p.others.length > 0
      ? `Sticks are plugged in at: ${p.others.join(', ')}. Choose one of them (--stick), or plug the stick in at ${p.stick}.`
      : 'Plug the stick in and try again.',
  'STICK_NOT_FOUND/own-name': 'Name it by its port path (--stick 1-1.4).',
  'STICK_AMBIGUOUS/several': CHOOSE,
  'STICK_AMBIGUOUS/own-name': CHOOSE,
  'BAD_ARGUMENT/own-name': 'Name it by its port path (--stick 1-1.4).',
  'BAD_ARGUMENT/place-needed': 'Name it by its port path (--stick 1-1.4): on its way it cannot be asked who it is.',
  'BAD_ARGUMENT/no-tty': 'Check that the path is the tty of a stick; `e3272 list` shows them.',
  'BAD_ARGUMENT/other-port': `${LEAVE_OUT} then the ports of a stick on the bus are found.`,
  'BAD_ARGUMENT/foreign-port': 'Choose a port of the stick; `e3272 list` shows them.',
  'BAD_ARGUMENT/no-bus': `${LEAVE_OUT} a stick is switched on the bus.`,
  'TIMEOUT/loader-silent':
    'Check that no other program uses the port. If the stick is still shown by `e3272 list`, repeat the write; ' +
    'otherwise bring it back with the boot pin.',

  'HILINK_ERROR/login-needed': PASSWORD,
  'HILINK_ERROR/identity-not-told': `${PASSWORD} Some firmware tells it only then.`,
  'HILINK_ERROR/sim-pin': 'Enter it on the web page of the stick, or switch it off in a phone.',
  'BAD_ARGUMENT/password-in-address': PASSWORD,

  'STICK_NOT_FOUND/no-server': (p) => `Start \`e3272 virtual --host ${p.port}\` on this machine.`,
  'STICK_GONE/server': (p) => `Start \`e3272 virtual --host ${p.port}\` again; its sticks are new ones then.`,
  'PROTOCOL/no-virtual-stick':
    'Choose the port of `e3272 virtual --host`, and use the same version of the package for both programs.',
} satisfies Cures<Messages>;
