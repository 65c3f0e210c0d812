/** What every command needs: its host, the stick that is meant, and the output. */

import { isAbsolute } from 'node:path';
import type { DriverError } from '../src/errors';
import type { JobEvent } from '../src/flash/events';
import type { Change, Plan } from '../src/flash/job-types';
import type { Host } from '../src/host/host';
import { stateFolders } from '../src/host/state-folders';
import { parseServedName, servedText } from '../src/served-name';
import { cliFailure } from './messages';
import { createOutput, type Output } from './output';
import { type Trace, withTrace } from './trace';
import type { VirtualMode } from './virtual-modes';

export interface GlobalOptions {
  stick?: string;
  tty?: string;
  state?: string;
  virtual?: boolean;
  virtualMode?: VirtualMode;
  json?: boolean;
  trace?: string;
  /** Nothing goes to a stick: E3272_TRACE does not count. */
  untraced?: boolean;
}

export interface Context {
  host: Host;
  /** Port path, tty path or `auto`. */
  which: string;
  /** What is meant is known by its address alone, and is looked for nowhere else. */
  byAddress?: true;
  out: Output;
  /** Aborted by the first SIGINT or SIGTERM, with a CANCELLED error as its reason. */
  signal: AbortSignal;
  /** The person beside a virtual stick does what a job asks for. */
  onEvent: (event: JobEvent) => void;
  /** The trace that was asked for; {@link host} is heard by it already. */
  trace?: Trace;
  close(): void;
}

export async function openContext(options: GlobalOptions): Promise<Context> {
  const context = await openPlain(options);
  try {
    return options.untraced ? context : withTrace(context, options.trace);
  } catch (error) {
    context.close();
    throw error;
  }
}

async function openPlain(options: GlobalOptions): Promise<Context> {
  const out = createOutput(options.json ?? false);
  const virtual = options.virtual === true || options.virtualMode !== undefined;
  if (virtual && options.tty !== undefined) throw usage('--tty and --virtual exclude each other.');
  if (options.tty !== undefined && options.stick !== undefined) throw usage('--tty and --stick exclude each other.');
  // A command works on what is in a socket now; a name that is looked up may be that of the one before.
  if (/^(imei|sim):/i.test(options.stick ?? '')) {
    throw usage('--stick takes a port path, like 1-1.4; `e3272 list` shows them. imei: and sim: are for Node-RED.');
  }
  const served = options.stick === undefined ? undefined : parseServedName(options.stick);
  if (virtual && served) throw usage(`${options.stick} and --virtual exclude each other.`);
  const folders = stateOf(options.state);
  const cancel = new AbortController();
  let writing = false;
  const onSignal = () => {
    if (cancel.signal.aborted) {
      if (writing)
        out.say(
          'Stopped at once: the image that was being written is not complete. Write it again before you use the stick.',
        );
      process.exit(1);
    }
    if (writing) out.say('Cancelling when this image is complete. Once more stops at once, in the middle of it.');
    cancel.abort(cliFailure('CANCELLED/signal', {}));
  };
  // A terminal that was closed cancels as well, but never in the middle of an image.
  const onHangup = () => {
    if (!cancel.signal.aborted) onSignal();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('SIGHUP', onHangup);
  const common = {
    out,
    signal: cancel.signal,
    onEvent(event: JobEvent) {
      if (event.type === 'stage') writing = event.stage === 'write';
      out.event(event);
    },
    close() {
      out.end();
      process.removeListener('SIGINT', onSignal);
      process.removeListener('SIGTERM', onSignal);
      process.removeListener('SIGHUP', onHangup);
    },
  };
  if (virtual) {
    const { openVirtual } = await import('./virtual-context.js');
    const { host, onEvent, close } = await openVirtual(options.virtualMode ?? 'storage', cancel.signal);
    return {
      ...common,
      host,
      which: options.stick ?? 'auto',
      onEvent: (event) => {
        common.onEvent(event);
        onEvent(event);
      },
      close() {
        close();
        common.close();
      },
    };
  }
  if (options.tty !== undefined) {
    const { createTtyHost } = await import('../src/host/tty-host.js');
    return { ...common, host: createTtyHost(options.tty, { stateFolders: folders }), which: options.tty };
  }
  if (served) {
    const { createRemoteVirtualHost } = await import('../src/virtual/remote-host.js');
    return {
      ...common,
      host: createRemoteVirtualHost({ ...served, stateFolders: folders }),
      which: servedText(served),
    };
  }
  const { createLocalHost } = await import('../src/host/local.js');
  return { ...common, host: createLocalHost({ stateFolders: folders }), which: options.stick ?? 'auto' };
}

/**
 * The same for what AT and web API have in common. `url`: of the web API, alone or with --stick; `virtualMode`: of a virtual
 * stick, if none is named; `needsWeb`: without a stick that is named there must be an address.
 */
export async function openSource(
  options: GlobalOptions,
  { url, virtualMode, needsWeb }: { url: string | undefined; virtualMode: VirtualMode; needsWeb: boolean },
): Promise<Context> {
  const { stick, tty, virtual, virtualMode: mode = virtual ? virtualMode : undefined } = options;
  if (url !== undefined && tty !== undefined) throw usage('--url and --tty exclude each other.');
  if (url !== undefined && mode !== undefined) throw usage('--url and --virtual exclude each other.');
  if (url === undefined && needsWeb && stick === undefined && mode === undefined) {
    throw usage('This needs --url, or --stick for one on the bus.');
  }
  if (url !== undefined && stick === undefined) {
    const { json, trace } = options;
    const heard = { ...(json && { json }), ...(trace !== undefined && { trace }) };
    return { ...(await openContext(heard)), byAddress: true };
  }
  return openContext({ ...options, ...(mode && { virtualMode: mode }) });
}

/** Where state is kept, with the folder that the option or the environment names. */
function stateOf(given: string | undefined): string[] {
  const named = process.env['E3272_STATE'];
  if (given === '') throw usage('--state needs the name of a folder.');
  if (named && !isAbsolute(named)) throw usage(`E3272_STATE must be an absolute path, not ${named}.`);
  return stateFolders({ stateDir: given });
}

export const usage = (fault: string): DriverError => cliFailure('BAD_ARGUMENT/usage', { fault });

const QUESTIONS: Readonly<Record<Change, { intro: (stick: string) => string; ask: (stick: string) => string }>> = {
  flash: {
    intro: (stick) => `This will change the stick at ${stick}:`,
    ask: (stick) => `Type yes to change the stick at ${stick}: `,
  },
  setport: {
    intro: (stick) => `This will change the stick at ${stick}:`,
    ask: (stick) => `Type yes to change the stick at ${stick}: `,
  },
  'partition-table': {
    intro: (stick) => `The firmware changes the partition table of the stick at ${stick}:`,
    ask: (stick) => `Type yes to give the stick at ${stick} this partition table: `,
  },
  'as-is': {
    intro: () => 'A write was begun earlier and not completed:',
    ask: (stick) => `Type yes if the stick at ${stick} is another one, or whole all the same: `,
  },
};

/** What was said on the command line already. */
export interface SaidBefore {
  yes: boolean;
  newTable: boolean;
}

/** Asks on the terminal; refuses where nobody can answer. Ctrl-C, Ctrl-D and signals cancel. */
export function confirmer({ yes, newTable }: SaidBefore, { out, signal }: Pick<Context, 'out' | 'signal'>) {
  const said: Readonly<Record<Change, boolean>> = {
    flash: yes,
    setport: yes,
    'partition-table': newTable,
    'as-is': false,
  };
  return async ({ stick, change, steps }: Plan): Promise<boolean> => {
    out.end();
    if (said[change]) return true;
    if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
    const { createInterface } = await import('node:readline/promises');
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
      out.say(QUESTIONS[change].intro(stick));
      for (const step of steps) out.say(`  - ${step}`);
      const answer = await terminal.question(QUESTIONS[change].ask(stick), { signal });
      return answer.trim().toLowerCase() === 'yes';
    } catch (error) {
      throw cliFailure('CANCELLED/unanswered', {}, { stick, cause: error });
    } finally {
      terminal.close();
    }
  };
}
