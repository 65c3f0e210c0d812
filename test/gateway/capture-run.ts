/**
 * `npm run slow:capture -- [FOLDER]`: writes what a gateway publishes over its life, one file of JSON lines for each variant, as
 * `mosquitto_sub -F %j` does. With `E3272_HA_JUDGE` = path of a program each is judged by it: a Python file by python3, anything
 * else is run; its argument is the file. Ends with 1 where it finds a fault, but in what moves from one form of discovery to the
 * other: a judge must know that Home Assistant lets go of what is about to migrate.
 */

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scenesOf, VARIANTS } from './capture';
import { judged } from './judge';

const say = (text: string) => process.stdout.write(`${text}\n`);

async function main([given]: string[]): Promise<void> {
  const folder = given ?? mkdtempSync(join(tmpdir(), 'e3272-capture-'));
  mkdirSync(folder, { recursive: true });
  for (const variant of VARIANTS) {
    for (const { name, captured } of await scenesOf(variant)) {
      const file = join(folder, `${variant.name}-${name}.jsonl`);
      writeFileSync(file, captured.map((message) => `${JSON.stringify(message)}\n`).join(''));
      const verdict = judged(file);
      say(`${file}: ${captured.length} messages`);
      if (!verdict) continue;
      say(verdict.said);
      if (!verdict.passed && name !== 'moved') process.exitCode = 1;
    }
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 2;
});
