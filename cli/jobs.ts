/** `e3272 convert`, `e3272 upload`, `e3272 write`: the jobs, and how their report is shown. */

import type { JobReport } from '../src/flash/events';
import type { Context } from './context';
import { confirmer, usage } from './context';

/** Typed in full by whoever wants a loader that is not proven safe. Nodes have no such way. */
export const UNSAFE_PHRASE = 'I accept that this loader may erase my stick';

export interface JobCommandOptions {
  yes?: boolean;
  dryRun?: boolean;
  loader?: string;
  firmware?: string;
  setport?: string;
  reflash?: boolean;
  asIs?: boolean;
  keep?: boolean;
  unsafeLoader?: string;
}

function allowUnsafe(phrase: string | undefined): boolean {
  if (phrase === undefined) return false;
  if (phrase === UNSAFE_PHRASE) return true;
  throw usage(`--unsafe-loader takes this phrase, word for word: "${UNSAFE_PHRASE}".`);
}

const common = (context: Context, options: JobCommandOptions) => ({
  which: context.which,
  dryRun: options.dryRun ?? false,
  confirm: confirmer(options.yes ?? false, context),
  onEvent: context.onEvent,
  signal: context.signal,
});

export async function convertCommand(context: Context, options: JobCommandOptions): Promise<number> {
  const { convert } = await import('../src/flash/convert.js');
  let { loader, firmware }: { loader?: string | Uint8Array; firmware?: string | Uint8Array } = options;
  const allowUnsafeLoader = allowUnsafe(options.unsafeLoader);
  if (context.host.kind === 'virtual' && loader === undefined && firmware === undefined) {
    const { makeFirmware, makeLoader } = await import('../src/virtual/make-files.js');
    loader = makeLoader();
    firmware = makeFirmware();
    context.out.say('No files were named: a loader and a firmware are made on the spot, for the virtual stick only.');
  }
  const report = await convert(context.host, {
    ...common(context, options),
    allowUnsafeLoader,
    ...(loader !== undefined && { loader }),
    ...(firmware !== undefined && { firmware }),
    ...(options.setport !== undefined && { setport: options.setport }),
    ...(options.reflash && { reflash: true }),
    ...(options.asIs && { asIs: true }),
  });
  return showReport(context, report);
}

export async function uploadCommand(context: Context, loader: string, options: JobCommandOptions): Promise<number> {
  const { upload } = await import('../src/flash/single.js');
  const allowUnsafeLoader = allowUnsafe(options.unsafeLoader);
  return showReport(context, await upload(context.host, { ...common(context, options), loader, allowUnsafeLoader }));
}

export async function writeCommand(context: Context, firmware: string, options: JobCommandOptions): Promise<number> {
  const { write } = await import('../src/flash/single.js');
  return showReport(
    context,
    await write(context.host, { ...common(context, options), firmware, ...(options.keep && { keep: true }) }),
  );
}

const hex = (code: number): string => `0x${code.toString(16)}`;

/** Returns the exit code. */
function showReport({ out }: Context, report: JobReport): number {
  out.end();
  const { error, modem, setport } = report;
  const row = (name: string, value: string | undefined) => {
    if (value) out.result(`${name.padEnd(10)}${value}`);
  };
  row('Stick', report.stick && `${report.stick}${report.mode ? `, ${report.mode}` : ', off the bus'}`);
  row('Ports', report.ttys.join(', '));
  row('Loader', report.loader && `${report.loader.name}, sha256 ${report.loader.sha256}, ${report.loader.erase}`);
  row(
    'Firmware',
    report.firmware && `${report.firmware.name}, ${report.firmware.version}, sha256 ${report.firmware.sha256}`,
  );
  for (const image of report.images) {
    const state = image.complete ? 'written' : report.dryRun ? 'checked' : 'not written';
    row('Image', `${image.name} (${hex(image.code)}), ${image.size} bytes, ${state}`);
  }
  row('Device', report.device && `${report.device.product}, was ${report.device.softwareVersion}`);
  row('Modem', modem && [modem.manufacturer, modem.model, modem.revision].filter(Boolean).join(' '));
  row('Old ports', setport?.changed ? setport.before : undefined);
  row('Took', report.stages.map((s) => `${s.stage} ${(s.ms / 1000).toFixed(1)} s`).join(', '));
  if (report.provenBy === 'acknowledgements') {
    row('Proof', "the stick's own answers only: with one tty there is no bus to look at");
  }
  if (report.dryRun && report.ok) row('Dry run', 'everything that can be checked now is right; nothing was changed');
  if (modem?.at) out.result(`AT -> ${modem.at}`);
  if (modem?.setport) out.result(`^SETPORT:${modem.setport}`);
  if (error) out.error(error);
  const { error: _, stick, ...rest } = report;
  out.object({
    type: 'result',
    ...rest,
    ...(stick && { stick }),
    ...(error && { code: error.code, message: error.message, ...(error.hint && { hint: error.hint }) }),
  });
  return report.ok ? 0 : error?.code === 'BAD_ARGUMENT' ? 2 : 1;
}
