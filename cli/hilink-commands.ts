/** What `e3272 hilink` understands: what both modes have, and what only HiLink mode has. */

import { Argument, type Command, Option } from 'commander';
import type { ForceOption, Web } from './hilink';
import { addStickCommands, byWeb, type Does, type Run } from './stick-options';
import type { Told } from './web';

type Code = typeof import('./hilink');

/** `both`: how the commands that both modes have are run. */
export function addHilink(program: Command, run: Run, both: Does): void {
  const hilink = byWeb(program.command('hilink')).description(
    'ask and use a stick in HiLink mode, by --url without USB, or by --stick. Its password is asked for, or in E3272_HILINK_PASSWORD',
  );
  const does = (command: Command, work: (code: Code) => (web: Web) => Promise<Told>): Promise<void> =>
    run(command, async (context, options) => {
      const code = await import('./hilink.js');
      return code.withHilink(context, options, work(code));
    });
  const forced = (text: string) => new Option('--force', `${text}, although that may cut the line of this machine`);

  addStickCommands(hilink, (command) => command, both);
  hilink
    .command('data')
    .description('state and counters of data; or bring it up or down')
    .addArgument(new Argument('[on|off]').choices(['on', 'off']))
    .addOption(forced('take it down'))
    .action((wanted: 'on' | 'off' | undefined, options: ForceOption, command: Command) =>
      does(command, (code) => code.data(wanted, options)),
    );
  hilink
    .command('mode')
    .description('which radio systems it may use, by preference; or set that: `auto`, `LTE`, `LTE WCDMA`')
    .argument('[system...]')
    .action((order: string[], _, command: Command) => does(command, (code) => code.mode(order)));
  hilink
    .command('reboot')
    .description('restart the stick')
    .addOption(forced('do it'))
    .action((options: ForceOption, command: Command) => does(command, (code) => code.reboot(options)));
  hilink
    .command('lan')
    .description('the network between the stick and this machine; or give the stick another address: 192.168.9.1')
    .argument('[address]')
    .addOption(forced('change it'))
    .action((address: string | undefined, options: ForceOption, command: Command) =>
      does(command, (code) => code.lan(address, options)),
    );
  hilink
    .command('pin')
    .description('state of the SIM, with the tries that are left; or enter its PIN: asked for, or in E3272_SIM_PIN')
    .addArgument(new Argument('[enter]').choices(['enter']))
    .action((enter: 'enter' | undefined, _, command: Command) =>
      does(command, (code) => (enter ? code.enterPin : code.pin)),
    );
  hilink
    .command('storage')
    .description('how many messages there are, and how many there can be')
    .action((_, command: Command) => does(command, (code) => code.storage));
  hilink
    .command('ways')
    .description('what is known of the ways out of HiLink mode by software, for its firmware; changes nothing')
    .action((_, command: Command) => does(command, (code) => code.ways));
}
