/** What the commands understand that AT and HiLink mode have in common. */

import type { Command } from 'commander';
import type { Context } from './context';
import type { Work } from './source';
import type { Told, WebOptions } from './web';

type Code = typeof import('./stick-commands');

/** Runs `work` at the source that the options of `command` mean. */
export type Does = (command: Command, work: (code: Code) => (work: Work) => Promise<Told>) => Promise<void>;

/** The options by which a web interface is meant. */
export const byWeb = (command: Command): Command =>
  command
    .option(
      '--url <url>',
      'a stick in HiLink mode by the address of its web interface: http://192.168.8.1; needs no USB',
    )
    .option('--user <name>', 'who logs in there, where it wants a login', 'admin')
    .option('--imei <imei>', 'the stick that is meant there: nothing is changed where another one answers');

/** `options` puts its own on each. The password is never one. */
export function addStickCommands(parent: Command, options: (command: Command) => Command, does: Does): void {
  options(parent.command('status'))
    .description('signal, network and SIM')
    .action((_, command: Command) => does(command, (code) => code.status));
  options(parent.command('identity'))
    .description('model, firmware, IMEI and the like')
    .action((_, command: Command) => does(command, (code) => code.identity));

  const sms = parent.command('sms').description('messages');
  options(sms.command('list'))
    .description('show the messages that have come; an AT port marks them as read by that, HiLink mode does not')
    .action((_, command: Command) => does(command, (code) => code.listSms));
  options(sms.command('send'))
    .description('send a message, and wait for what becomes of it')
    .requiredOption('--to <number>')
    .requiredOption('--text <text>')
    .action(({ to, text }: { to: string; text: string }, command: Command) =>
      does(command, (code) => code.sendSms(to, text)),
    );
  options(sms.command('delete'))
    .description('delete messages')
    .argument('<id...>', 'as the list shows them')
    .action((ids: string[], _, command: Command) => does(command, (code) => code.deleteSms(ids)));
  options(sms.command('read'))
    .description('mark messages as read')
    .argument('<id...>', 'as the list shows them')
    .action((ids: string[], _, command: Command) => does(command, (code) => code.markSmsRead(ids)));

  options(parent.command('ussd'))
    .description('send a USSD code, and answers to its menus')
    .argument('<code...>', "'*100#'; what follows answers the menus: '*100#' 1 2")
    .action((codes: string[], _, command: Command) => does(command, (code) => code.ussd(codes)));
}

/** The web options of `command`, wherever in its parents they were given. */
export const webOptions = (command: Command): WebOptions => command.optsWithGlobals<WebOptions>();

export type Run = (
  command: Command,
  work: (context: Context, options: WebOptions) => Promise<boolean>,
) => Promise<void>;
