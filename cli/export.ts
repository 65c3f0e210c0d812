/** `e3272 export FILE --to FOLDER`: the images of a firmware file, each in a file of its own. Needs no stick. */

import { exportImages } from '../src/firmware/export';
import { readFirmware } from '../src/firmware/read-firmware';
import { openSource } from '../src/firmware/source';
import type { Context } from './context';

export async function exportCommand(
  { out, signal }: Context,
  file: string,
  options: { to: string; withHeaders?: true },
): Promise<boolean> {
  const source = await openSource(file, { signal });
  try {
    const firmware = await readFirmware(source);
    const images = await exportImages(firmware, source, options.to, {
      withHeaders: options.withHeaders ?? false,
      signal,
    });
    for (const { file: name, size, sha256 } of images) out.result(`${sha256}  ${name}  ${size} bytes`);
    for (const { message } of firmware.problems) out.say(`Note: ${message}`);
    out.object({ type: 'result', ok: true, folder: options.to, images });
    return true;
  } finally {
    await source.close();
  }
}
