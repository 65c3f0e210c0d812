import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder with the package.json, above the compiled tests. */
export const packageRoot = (function find(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : find(dirname(folder));
})(__dirname);
