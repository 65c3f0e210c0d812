/** Loader and firmware files in a folder: what each is, by its headers and what is known of it. Nothing is unpacked. */

import { textOf } from '../errors';
import { beginsAsLoader, inspectLoader, loaderProblem } from '../firmware/loader';
import { readFirmware } from '../firmware/read-firmware';
import { filesOf } from '../firmware/shelf';
import { openSource } from '../firmware/source';
import type { Account } from './account';

export async function judgeFiles(folder: string, account: Account, signal: AbortSignal): Promise<void> {
  const files = await filesOf(folder);
  if (files === undefined) {
    account.add('folder-missing', 'warn', { folder });
    return;
  }
  for (const { name, path } of files) {
    if (signal.aborted) return;
    await judgeFile(name, path, account, signal).catch((error: unknown) => {
      if (!signal.aborted) account.add('file-bad', 'warn', { file: name, text: textOf(error) });
    });
  }
}

async function judgeFile(file: string, path: string, account: Account, signal: AbortSignal): Promise<void> {
  const source = await openSource(path, { signal });
  try {
    if (await beginsAsLoader(source)) {
      const loader = await inspectLoader(source);
      const problem = loaderProblem(loader);
      if (loader.known !== undefined) account.add('loader', 'ok', { file, known: loader.known });
      else if (loader.standIn) account.add('loader-made-up', 'ok', { file });
      else if (loader.verdict === 'erases') account.add('file-bad', 'warn', { file, text: textOf(problem) });
      else account.add('loader-unknown', 'warn', { file });
      return;
    }
    const { images, version, problems, synthetic } = await readFirmware(source);
    const [problem] = problems;
    if (problem) account.add('file-bad', 'warn', { file, text: problem.message });
    else if (synthetic) account.add('firmware-made-up', 'ok', { file });
    else account.add('firmware', 'ok', { file, images: images.length, version });
  } finally {
    await source.close();
  }
}
