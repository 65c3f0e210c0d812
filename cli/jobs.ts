/** `e3272 convert`, `e3272 upload`, `e3272 write`: the jobs, and how their report is shown. */

import { checkText } from '../src/flash/checks';
import type { JobReport } from '../src/flash/events';
import type { Override } from '../src/flash/overrides';
import type { Context } from './context';
import { confirmer, usage } from './context';
import { jsonOf } from './cures';

/** Typed in full by whoever switches a check off. Of these, nodes know `other-version` only. */
export const PHRASES: Readonly<Record<Override, string>> = {
  'unsafe-loader': 'I accept that this loader may erase my stick',
  'other-device': 'I accept that this firmware names another device',
  'other-version': 'I accept that another version runs than the file says',
  'signed-firmware': 'I accept that nobody checks the signature of this firmware',
};

export interface JobCommandOptions {
  yes?: boolean;
  dryRun?: boolean;
  loader?: string;
  firmware?: string;
  setport?: string;
  reflash?: boolean;
  asIs?: boolean | string;
  newTable?: boolean;
  keep?: boolean;
  webui?: string;
  bootPin?: boolean;
  saveImei?: boolean;
  trySoftware?: boolean;
  unsafeLoader?: string;
  otherDevice?: string;
  signedFirmware?: string;
  otherVersion?: string;
}

function overridesOf(options: JobCommandOptions): Override[] {
  const said: [Override, string | undefined][] = [
    ['unsafe-loader', options.unsafeLoader],
    ['other-device', options.otherDevice],
    ['signed-firmware', options.signedFirmware],
    ['other-version', options.otherVersion],
  ];
  for (const [override, phrase] of said) {
    if (phrase !== undefined && phrase !== PHRASES[override]) {
      throw usage(`--${override} takes this phrase, word for word: "${PHRASES[override]}".`);
    }
  }
  return said.filter(([, phrase]) => phrase !== undefined).map(([override]) => override);
}

const commonOptions = (context: Context, options: JobCommandOptions) => ({
  which: context.which,
  dryRun: options.dryRun ?? false,
  overrides: overridesOf(options),
  confirm: confirmer({ yes: options.yes ?? false, newTable: options.newTable ?? false }, context),
  ...(options.asIs !== undefined && { asIs: options.asIs }),
  onEvent: context.onEvent,
  signal: context.signal,
});

export async function convertCommand(context: Context, options: JobCommandOptions): Promise<number> {
  const { convert } = await import('../src/flash/convert.js');
  let { loader, firmware }: { loader?: string | Uint8Array; firmware?: string | Uint8Array } = options;
  const common = commonOptions(context, options);
  if (context.host.kind === 'virtual' && loader === undefined && firmware === undefined) {
    const { makeFirmware, makeLoader } = await import('../src/virtual/make-files.js');
    loader = makeLoader();
    firmware = makeFirmware();
    context.out.say('No files were named: a loader and a firmware are made on the spot, for the virtual stick only.');
  }
  const password = process.env['E3272_HILINK_PASSWORD'];
  const report = await convert(context.host, {
    ...common,
    ...(loader !== undefined && { loader }),
    ...(firmware !== undefined && { firmware }),
    ...(options.setport !== undefined && { setport: options.setport }),
    ...(options.reflash && { reflash: true }),
    ...(options.webui !== undefined && { webui: options.webui }),
    ...(options.bootPin && { wayIn: 'boot-pin' as const }),
    ...(options.saveImei && { saveImei: true }),
    ...(options.trySoftware && { trySoftware: true, hilink: password ? { password } : {} }),
  });
  return showReport(context, report);
}

export async function uploadCommand(context: Context, loader: string, options: JobCommandOptions): Promise<number> {
  const { upload } = await import('../src/flash/upload-and-write.js');
  return showReport(context, await upload(context.host, { ...commonOptions(context, options), loader }));
}

export async function writeCommand(context: Context, firmware: string, options: JobCommandOptions): Promise<number> {
  const { write } = await import('../src/flash/upload-and-write.js');
  return showReport(
    context,
    await write(context.host, { ...commonOptions(context, options), firmware, ...(options.keep && { keep: true }) }),
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
  row('Loader', report.loader && `${report.loader.name}, sha256 ${report.loader.sha256}. ${report.loader.finding}`);
  row(
    'Firmware',
    report.firmware && `${report.firmware.name}, ${report.firmware.version}, sha256 ${report.firmware.sha256}`,
  );
  row('Web UI', report.webui && `${report.webui.name}, ${report.webui.version}, sha256 ${report.webui.sha256}`);
  for (const check of report.checks) row(`Check ${check.number}`, checkText(check));
  // Of what went wrong on the way nobody can say that it was done.
  if (report.dryRun || !report.ok)
    for (const step of report.plan ?? []) row(report.dryRun ? 'Would do' : 'Asked', step);
  for (const step of report.did) row('Did', step);
  if (!report.dryRun && !report.ok && report.did.length === 0) row('Did', 'nothing that changes the stick');
  for (const image of report.images) {
    const state = image.earlier
      ? 'written earlier'
      : image.complete
        ? 'written'
        : report.dryRun
          ? 'checked'
          : 'not written';
    row('Image', `${image.name} (${hex(image.code)}), ${image.size} bytes, ${state}`);
  }
  row('Device', report.device && `${report.device.product}, was ${report.device.softwareVersion}`);
  row('Modem', modem && [modem.manufacturer, modem.model, modem.revision].filter(Boolean).join(' '));
  row('Way in', report.wayIn === 'godload' ? 'AT^GODLOAD' : report.wayIn && 'boot pin');
  row('Saved', report.saved);
  row('Log', report.log);
  row('Old ports', setport?.changed ? setport.before : undefined);
  row('Took', report.stages.map((s) => `${s.stage} ${(s.ms / 1000).toFixed(1)} s`).join(', '));
  if (report.compared.includes('imei')) row('Same', 'it tells the same IMEI as before');
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
    ...(error && jsonOf(error)),
    ...(stick && { stick }),
  });
  return report.ok ? 0 : error?.code === 'BAD_ARGUMENT' ? 2 : 1;
}
