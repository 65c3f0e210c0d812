import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const BUILD = join(__dirname, '../..');

/** The folder with the package.json above the build. */
function packageFolder(folder = BUILD): string {
  return existsSync(join(folder, 'package.json')) ? folder : packageFolder(dirname(folder));
}

/** Puts the package into the node_modules of a user folder, as npm would, once. */
export function installPackage(userDir: string): void {
  const installed = join(userDir, 'node_modules/@e3272/node-red');
  if (existsSync(installed)) return;
  mkdirSync(installed, { recursive: true });
  writeFileSync(join(installed, 'package.json'), readFileSync(join(packageFolder(), 'package.json')));
  symlinkSync(BUILD, join(installed, 'build'));
}
