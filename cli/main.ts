#!/usr/bin/env node
/** The command line `e3272`. Thin: reads the request, calls the driver, reports. Exit 0 done, 1 refused or failed, 2 wrong usage. */

import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { DriverError, isDriverError, textOf } from '../src/errors';
import { MODEL, SETPORT } from '../src/family/family';
import { SWITCH_MESSAGES } from '../src/modeswitch/messages';
import { MODEL_NAMES } from '../src/virtual/models';
import { HILINK_NAMES } from '../src/virtual/web/firmware';
import { type Context, type GlobalOptions, openContext, openSource } from './context';
import { jsonOf } from './cures';
import { addHilink } from './hilink-commands';
import { cliFailure } from './messages';
import { createOutput } from './output';
import { addStickCommands, byWeb, type Does, type Run, webOptions } from './stick-options';
import { SERVED_MODES, VIRTUAL_MODES, type VirtualMode } from './virtual-modes';

const { version } = require('../../package.json') as { version: string };

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 86_400))
    throw new InvalidArgumentError('A number of seconds above 0 is needed, a day at most.');
  return value;
}

function configuration(text: string): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value >= 1 && value <= 255)) throw new InvalidArgumentError('A number from 1 on.');
  return value;
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_000) throw new InvalidArgumentError('A TCP port is needed.');
  return value;
}

function times(text: string): number {
  const value = Number(text);
  if (!(value >= 1 && value <= 100)) throw new InvalidArgumentError('A number from 1 to 100 is needed.');
  return value;
}

function sticks(text: string): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value >= 1 && value <= 50)) throw new InvalidArgumentError('1 to 50 are possible.');
  return value;
}

/** Runs one command: every error ends here, as a sentence and an exit code. */
async function run(
  program: Command,
  needsStick: boolean,
  work: (context: Context) => Promise<boolean | number>,
  open = openContext,
): Promise<void> {
  const options = program.opts<GlobalOptions>();
  let context: Context | undefined;
  try {
    context = await open(needsStick ? options : withoutStick(options));
    const done = await work(context);
    process.exitCode = typeof done === 'number' ? done : done ? 0 : 1;
  } catch (error) {
    const e =
      error instanceof DriverError ? error : cliFailure('PROTOCOL/command', { text: textOf(error) }, { cause: error });
    const out = context?.out ?? createOutput(options.json ?? false);
    out.end();
    out.error(e);
    out.object({ type: 'result', ok: false, ...jsonOf(e) });
    process.exitCode = isDriverError(e, 'BAD_ARGUMENT') ? 2 : 1;
  } finally {
    context?.close();
  }
}

/** What counts for a command that looks for no stick; a web interface can be heard all the same. */
const withoutStick = ({ json }: GlobalOptions): GlobalOptions => ({ ...(json && { json }), untraced: true });

const withYes = (command: Command): Command =>
  command
    .option('--yes', 'change the stick without asking')
    .option('--dry-run', 'check everything that can be checked, change nothing');

const firmwareOverrides = (command: Command): Command =>
  command
    .addOption(new Option('--other-device <phrase>', 'firmware whose texts name another device; the phrase likewise'))
    .addOption(
      new Option('--signed-firmware <phrase>', 'firmware with a signature that nothing checks; the phrase likewise'),
    );

const ofWrites = (command: Command): Command =>
  command
    .option('--new-table', 'the yes to a firmware that brings another partition table; --yes is none to that')
    .option(
      '--as-is [place]',
      'take the stick at this place (1-1.4) as it is, although an earlier write that was not completed may concern it',
    );

const unsafeLoader = () =>
  new Option('--unsafe-loader <phrase>', 'use a loader that is not known; the phrase is named when it is wrong');

function build(): Command {
  const program = new Command('e3272')
    .description(`Takes a Huawei ${MODEL} LTE stick from CD-ROM to a working AT port, and talks AT with it.`)
    .version(version)
    .option(
      '--stick <path>',
      'the stick that is meant, by its port path (1-1.4), or virtual-1@127.0.0.1:3300 for one of `e3272 virtual --host 3300`; default: the only real one',
    )
    .option('--tty <path>', 'use this tty and no USB')
    .option(
      '--state <folder>',
      'where notes and logs are kept (or E3272_STATE; default: $XDG_STATE_HOME/e3272, else ~/.local/state/e3272)',
    )
    .option('--virtual', 'use a virtual stick in this process instead of a real one')
    .addOption(new Option('--virtual-mode <mode>', 'how the virtual stick is found at first').choices(VIRTUAL_MODES))
    .option(
      '--trace <file>',
      'record what goes to and from the stick, without what is private, in a new file (or E3272_TRACE; docs/traces.md)',
    )
    .option('--json', 'one JSON object per line on stdout')
    .showHelpAfterError('See e3272 --help.')
    .exitOverride();

  program
    .command('list')
    .description('show the sticks that are plugged in')
    .action(() => run(program, true, async (c) => (await import('./sticks.js')).list(c)));

  program
    .command('doctor')
    .description('tell what is wrong with this machine and its sticks, what matters first; changes nothing')
    .option('--files <folder>', 'folder of loader and firmware files to look at (default: that of Node-RED)')
    .option('--patience <times>', 'wait so many times longer, on a machine that is slow itself', times, 1)
    .action((options) =>
      run(program, true, async (c) => (await import('./doctor.js')).doctorCommand(c, { ...options, version })),
    );

  program
    .command('watch')
    .description('tell when a stick appears, changes or vanishes')
    .action(() => run(program, true, async (c) => (await import('./sticks.js')).watch(c)));

  program
    .command('switch')
    .description('switch a stick out of its CD-ROM mode, or on to serial ports')
    .addOption(
      new Option('--message <message>', 'what to send to its CD-ROM (default: new)').choices([...SWITCH_MESSAGES]),
    )
    .option('--timeout <seconds>', 'how long to wait for its return from the CD-ROM', seconds, 20)
    .addOption(
      new Option(
        '--to <mode>',
        'on to serial ports, also out of HiLink mode, by the requests that are known for its firmware; until it is plugged in ' +
          'anew',
      ).choices(['serial']),
    )
    .option('--permanent', 'with --to: keep the ports, by AT^SETPORT')
    .option('--force', 'with --to: although its firmware is known to stay, or the line of this machine goes through it')
    .option('--address <url>', 'with --to: its web page, where that is not found by itself: http://192.168.8.1')
    .option(
      '--configuration <number>',
      'send no message, but set this USB configuration: for a stick that is in its MBIM one',
      configuration,
    )
    .action((options) => run(program, true, async (c) => (await import('./sticks.js')).switchCommand(c, options)));

  program
    .command('check')
    .description('check a firmware or loader file; needs no stick')
    .argument('<file>')
    .action((file) => run(program, false, async (c) => (await import('./check.js')).checkCommand(c, file)));

  program
    .command('export')
    .description('take a firmware file apart, each image into a file of its own; needs no stick')
    .argument('<file>')
    .requiredOption('--to <folder>', 'folder that does not exist yet or is empty; nothing is overwritten')
    .option('--with-headers', 'as the images lie in the file, with header and checksums; else as they are sent')
    .action((file, options) =>
      run(program, false, async (c) => (await import('./export.js')).exportCommand(c, file, options)),
    );

  withYes(program.command('upload'))
    .description('upload a loader to a stick in its boot ROM')
    .argument('<loader>')
    .addOption(unsafeLoader())
    .action((loader, options) =>
      run(program, true, async (c) => (await import('./jobs.js')).uploadCommand(c, loader, options)),
    );

  ofWrites(firmwareOverrides(withYes(program.command('write'))))
    .description('write a firmware through a running loader')
    .argument('<firmware>')
    .option('--keep', 'leave the loader running afterwards')
    .action((firmware, options) =>
      run(program, true, async (c) => (await import('./jobs.js')).writeCommand(c, firmware, options)),
    );

  ofWrites(firmwareOverrides(withYes(program.command('convert'))))
    .description('do whatever is needed until AT answers on a port that stays')
    .option('--loader <file>', 'USB loader (usbloader*.bin, usblsafe*.bin)')
    .option('--firmware <file>', 'firmware (.BIN or .EXE)')
    .option('--webui <file>', 'web UI of HiLink firmware: the stick becomes a HiLink router')
    .option('--setport <value>', `ports before and after the switch (default "${SETPORT.serial}")`)
    .option('--reflash', 'write the firmware although AT answers already')
    .option('--boot-pin', 'do not ask the running firmware (AT^GODLOAD) to start its loader')
    .option(
      '--try-software',
      'take HiLink firmware to an AT port by software where a way is known, before the boot pin is asked for',
    )
    .option('--save-imei', 'keep the IMEI, too, with what the old firmware says of itself')
    .addOption(
      new Option(
        '--other-version <phrase>',
        'no error when another version runs than the file says; the phrase likewise',
      ),
    )
    .addOption(unsafeLoader())
    .action((options) => run(program, true, async (c) => (await import('./jobs.js')).convertCommand(c, options)));

  program
    .command('at')
    .description('send AT commands, one after the other')
    .argument('<command...>')
    .option('--timeout <seconds>', 'for each command', seconds)
    .option(
      '--force',
      'send commands that are refused because they can lock or damage the stick; emergency numbers are never dialled',
    )
    .action((commands, options) =>
      run(program, true, async (c) => (await import('./at.js')).atCommand(c, commands, options)),
    );

  const sourced =
    (virtualMode: VirtualMode, needsWeb: boolean): Run =>
    (command, work) => {
      const options = webOptions(command);
      const open = (given: GlobalOptions) => openSource(given, { url: options.url, virtualMode, needsWeb });
      return run(program, true, (context) => work(context, options), open);
    };
  const both =
    (runs: Run): Does =>
    (command, work) =>
      runs(command, async (context, options) => {
        const [code, { withSource }] = await Promise.all([import('./stick-commands.js'), import('./source.js')]);
        return withSource(context, options, work(code));
      });
  addStickCommands(program, byWeb, both(sourced('tty', false)));
  addHilink(program, sourced('hilink', true), both(sourced('hilink', true)));

  program
    .command('virtual')
    .description(
      'serve a virtual stick: its ttys on TCP ports, or the whole stick by USB/IP, or to other programs that run this driver; orders as JSON lines on stdin',
    )
    .addOption(new Option('--mode <mode>', 'how it is found at first').choices(SERVED_MODES).default('storage'))
    .option('--tcp <port>', 'first TCP port on 127.0.0.1; tty n is on port + n', port, 3272)
    .addOption(
      new Option('--usbip [port]', 'offer it as a USB device instead (USB/IP; port 3240)')
        .argParser(port)
        .conflicts('tcp'),
    )
    .addOption(
      new Option(
        '--host <port>',
        'for e3272 and Node-RED in other processes of this machine, as virtual-1@127.0.0.1:<port>',
      )
        .argParser(port)
        .conflicts(['tcp', 'usbip']),
    )
    .option(
      '--web <port>',
      'TCP port on 127.0.0.1 of the web server that it has in HiLink mode; with --sticks the first one',
      port,
    )
    .addOption(new Option('--model <model>', 'which stick of the family it is').choices(MODEL_NAMES).default('E3272'))
    .addOption(
      new Option(
        '--hilink <firmware>',
        'which HiLink firmware it has, by its web interface; default: that of its model',
      ).choices(HILINK_NAMES),
    )
    .option('--sticks <number>', 'how many, with --host: virtual-1, virtual-2 ...', sticks, 1)
    .option('--listen <address>', 'where the USB/IP server listens; whoever reaches it has the stick', '127.0.0.1')
    .option('--log <file>', 'write events as JSON lines to this file')
    .option('--like <file>', 'play the stick of this trace, as far as it was recorded; --mode does not count then')
    .addOption(
      new Option(
        '--against <file>',
        'serve nothing, but tell where the virtual stick differs from the one of this trace',
      ).conflicts(['like', 'tcp', 'usbip', 'host', 'web']),
    )
    .action((options) => run(program, false, async (c) => (await import('./virtual.js')).virtualCommand(c, options)));

  return program;
}

async function main(): Promise<void> {
  try {
    await build().parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    if (error.exitCode !== 0 && process.argv.includes('--json')) {
      createOutput(true).object({ type: 'result', ok: false, code: 'BAD_ARGUMENT', message: error.message });
    }
  }
}

void main();
