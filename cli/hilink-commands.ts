/** What `e3272 hilink` understands. */

import { Argument, type Command, Option } from 'commander';
import type { Context } from './context';
import type { ForceOption, HilinkCommandOptions } from './hilink';

type Run = (work: (context: Context) => Promise<boolean>) => Promise<void>;
type Code = typeof import('./hilink');

export function addHilink(program: Command, run: Run): void {
  const hilink = program
    .command('hilink')
    .description(
      'ask and use a stick in HiLink mode by its web interface; needs no USB. Its password is asked for, or in E3272_HILINK_PASSWORD',
    )
    .requiredOption('--url <url>', 'address of its web interface: http://192.168.8.1')
    .option('--user <name>', 'who logs in, where it wants a login', 'admin')
    .option('--imei <imei>', 'the stick that is meant: nothing is changed where another one answers');
  const does = (work: (code: Code) => Parameters<Code['withHilink']>[2]): Promise<void> =>
    run(async (context) => {
      const code = await import('./hilink.js');
      return code.withHilink(context, hilink.opts<HilinkCommandOptions>(), work(code));
    });
  const forced = (text: string) => new Option('--force', `${text}, although that may cut the line of this machine`);

  hilink
    .command('status')
    .description('signal, network and SIM')
    .action(() => does((code) => code.status));
  hilink
    .command('identity')
    .description('model, firmware, IMEI and the like')
    .action(() => does((code) => code.identity));

  const sms = hilink.command('sms').description('messages');
  sms
    .command('list')
    .description('show the messages that have come; none is marked as read')
    .action(() => does((code) => code.listSms));
  sms
    .command('send')
    .description('send a message, and wait for what becomes of it')
    .requiredOption('--to <number>')
    .requiredOption('--text <text>')
    .action(({ to, text }: { to: string; text: string }) => does((code) => code.sendSms(to, text)));

  hilink
    .command('ussd')
    .description('send a USSD code, and answers to its menus')
    .argument('<code...>', "'*100#'; what follows answers the menus: '*100#' 1 2")
    .action((codes: string[]) => does((code) => code.ussd(codes)));
  hilink
    .command('data')
    .description('state and counters of data; or bring it up or down')
    .addArgument(new Argument('[on|off]').choices(['on', 'off']))
    .addOption(forced('take it down'))
    .action((wanted: 'on' | 'off' | undefined, options: ForceOption) => does((code) => code.data(wanted, options)));
  hilink
    .command('reboot')
    .description('restart the stick')
    .addOption(forced('do it'))
    .action((options: ForceOption) => does((code) => code.reboot(options)));
  hilink
    .command('ways')
    .description('what is known of the ways out of HiLink mode by software, for its firmware; changes nothing')
    .action(() => does((code) => code.ways));
}
