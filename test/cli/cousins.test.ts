/** `e3272 virtual --model`, and a conversion of such a stick with every option that the help names: refused, nothing sent. */

import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PHRASES } from '../../cli/jobs';
import type { Override } from '../../src/flash/overrides';
import { makeFirmware, makeLoader } from '../../src/virtual/make-files';
import { tempFolder } from '../support/temp-folder';
import { e3272 } from './e3272';
import { HostProcess } from './host-process';

describe('e3272 and a cousin', () => {
  let served: HostProcess | undefined;
  let folder = '';
  before(() => {
    folder = tempFolder('cousins');
    writeFileSync(join(folder, 'loader.bin'), makeLoader());
    writeFileSync(join(folder, 'firmware.bin'), makeFirmware());
  });
  after(() => rmSync(folder, { recursive: true }));
  afterEach(async () => {
    await served?.close();
    served = undefined;
  });

  /** `name` and what its value is, of all options that the help of a command names. */
  async function optionsOf(command: string): Promise<[name: string, value: string | undefined][]> {
    const { stdout } = await e3272(command, '--help');
    return [...stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)(?: [<[](\w+)[>\]])?/gm)].map(([, name = '', value]) => [
      name,
      value,
    ]);
  }

  it('is refused a conversion by its name, whatever options are given', async () => {
    served = await HostProcess.start('tty', 1, 0, ['--model', 'E3372h']);
    const options = await optionsOf('convert');
    const files: Readonly<Record<string, string>> = { '--loader': 'loader.bin', '--firmware': 'firmware.bin' };
    const given: string[] = [];
    const phrases: string[] = [];
    for (const [name, value] of options) {
      // A web UI makes another job of it, a dry run a smaller one.
      if (['--help', '--dry-run', '--webui'].includes(name)) continue;
      given.push(name);
      const file = files[name];
      if (file !== undefined) given.push(join(folder, file));
      else if (value === 'phrase') {
        phrases.push(name);
        given.push(PHRASES[name.slice(2) as Override]);
      } else if (name === '--setport') given.push('FF;12,1');
      else assert.ok(value === undefined || name === '--as-is', `${name} is new: give it a value here`);
    }
    assert.deepEqual(phrases.map((name) => name.slice(2)).sort(), Object.keys(PHRASES).sort());
    const ran = await e3272('--stick', served.place, '--json', 'convert', ...given);
    assert.equal(ran.code, 1);
    assert.equal(ran.result['code'], 'FIRMWARE_WRONG_DEVICE', ran.stderr);
    assert.match(String(ran.result['message']), /calls itself E3372: no E3272\. The E3372 has another chip/);
    const sent = served.log.filter(({ what }) => what === 'at').map(({ command }) => String(command));
    assert.ok(sent.some((command) => command.startsWith('ATI')));
    assert.deepEqual(
      sent.filter((command) => /GODLOAD|SETPORT=|RESET/.test(command)),
      [],
    );
  });

  it('is not sent AT+CCID, but is with --force', async () => {
    served = await HostProcess.start('tty', 1, 0, ['--model', 'E3372h']);
    const refused = await e3272('--stick', served.place, '--json', 'at', 'AT+CCID');
    assert.deepEqual([refused.code, refused.result['code']], [1, 'COMMAND_REFUSED']);
    assert.equal((await e3272('--stick', served.place, '--json', 'at', 'AT^ICCID?')).code, 0);
    const forced = await e3272('--stick', served.place, '--json', 'at', '--force', '--timeout', '0.5', 'AT+CCID');
    assert.equal(forced.result['code'], 'TIMEOUT');
  });
});
