/** `e3272 check FILE`: what is in a firmware or loader file, and what is wrong with it. Needs no stick. */

import { MODEL } from '../src/family/family';
import type { ByteSource } from '../src/firmware/byte-source';
import { checkFirmware } from '../src/firmware/check';
import { describeLoader } from '../src/firmware/describe-loader';
import { beginsAsLoader, inspectLoader, loaderProblem } from '../src/firmware/loader';
import { readFirmware } from '../src/firmware/read-firmware';
import { openSource } from '../src/firmware/source';
import type { Context } from './context';
import { jsonOf } from './cures';
import { hex, loaderLines } from './show-loader';

export async function checkCommand(context: Context, file: string): Promise<boolean> {
  const source = await openSource(file, { signal: context.signal });
  try {
    return (await beginsAsLoader(source))
      ? await checkLoader(context, source)
      : await checkFirmwareFile(context, source);
  } finally {
    await source.close();
  }
}

async function checkLoader({ out }: Context, source: ByteSource): Promise<boolean> {
  const loader = await inspectLoader(source);
  for (const line of loaderLines(loader)) out.result(line);
  const problem = loaderProblem(loader);
  if (problem) out.error(problem);
  else if (loader.standIn)
    out.say('Note: a made-up loader stands for a known one on a virtual stick only; no real stick gets it.');
  out.object({
    type: 'result',
    ok: !problem,
    ...(problem && jsonOf(problem)),
    loader: describeLoader(loader),
  });
  return !problem;
}

async function checkFirmwareFile({ out, signal }: Context, source: ByteSource): Promise<boolean> {
  const firmware = await readFirmware(source);
  const form = {
    bin: '.BIN',
    exe: `inside an .EXE, from byte ${hex(firmware.chainOffset)} on`,
    folder: `a folder of ${firmware.images.length} images`,
  };
  out.result(`Firmware   ${firmware.name}, ${firmware.size} bytes, ${form[firmware.form]}`);
  const { sha256, images, problems, tableChanges, ...report } = await checkFirmware(firmware, source, {
    sha256: true,
    collect: true,
    signal,
  });
  if (sha256) out.result(`sha256     ${sha256}`);
  // Images with a problem of their own are shown as their headers describe them.
  const rows = firmware.images.map((image) => images.find((i) => i.index === image.index) ?? image);
  for (const image of rows) {
    const size =
      image.compression === 'none'
        ? `${image.storedSize} bytes`
        : `${image.storedSize} bytes ${image.compression}, ${image.size ?? 'unknown'} as sent`;
    out.result(
      `Image      ${image.partition.padEnd(14)} ${hex(image.code).padEnd(9)} ${size}  ${image.version} ${image.platform} ${image.date} ${image.time}`.trimEnd(),
    );
    if (image.signature) {
      out.result(`           signature of ${image.signature.length} bytes, key ${image.signature.keyHash}`);
    }
    if ('sha256' in image) out.result(`           sha256 ${image.sha256}`);
  }
  const warnings = [...firmware.warnings, ...report.warnings];
  for (const warning of warnings) out.say(`Note: ${warning}`);
  for (const problem of problems) out.error(problem);
  const [first] = problems;
  const right = firmware.form === 'folder' ? 'There are no checksums' : 'Every checksum is right';
  if (!first) out.result(`${right}, and the ${firmware.form === 'folder' ? 'images fit' : 'file fits'} an ${MODEL}.`);
  const { name, size, dloadId, synthetic } = firmware;
  out.object({
    type: 'result',
    ok: !first,
    ...(first && jsonOf(first)),
    firmware: {
      name,
      size,
      form: firmware.form,
      chainOffset: firmware.chainOffset,
      dloadId,
      synthetic,
      ...(sha256 && { sha256 }),
      images: rows.map(({ digests, ...image }) => image),
      warnings,
      tableChanges,
    },
    problems: problems.map(jsonOf),
  });
  return !first;
}
