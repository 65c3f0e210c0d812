/** What a message or a setting of e3272-flash can say, all of it at once: no way to write another model. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FlashMsg, readFlashRequest } from '../../nodes/e3272-flash/request';
import { FLASH } from '../../nodes/e3272-flash/saved';
import { journey, makeFirmware, makeLoader } from './journey';

const files = { loader: makeLoader({ size: 20_000 }), firmware: makeFirmware() };

/** Members that the code names, by its own text: a new one stands here at once. */
function members(): string[] {
  const source = readFileSync(join(__dirname, '../../../nodes/e3272-flash/request.ts'), 'utf8');
  const [, body = ''] = /interface FlashMsg [^{]*\{([^}]*)\}/.exec(source) ?? [];
  return [...body.matchAll(/^ {2}(\w+)\?/gm)].map(([, name = '']) => name);
}

/** What is said by each that is no flag. */
const SAID: Readonly<Record<string, unknown>> = {
  ...files,
  webui: '',
  wayIn: 'auto',
  setport: 'FF;12,1',
  dryRun: false,
};

describe('e3272-flash and another model', () => {
  it('is refused whatever a message or the settings say', async () => {
    const names = members();
    assert.ok(names.includes('otherVersion') && names.includes('confirm'));
    const said = Object.fromEntries(names.map((name): [string, unknown] => [name, name in SAID ? SAID[name] : true]));
    const msg: FlashMsg = { _msgid: 'daring', ...said };
    const daring = Object.fromEntries(
      Object.entries(FLASH.fresh).map(([name, value]) => [
        name,
        typeof value === 'boolean' && name !== 'dryRun' ? true : value,
      ]),
    );
    for (const product of ['E3372h-153', 'E3372', 'E3131', 'E8372h-608', 'K5160']) {
      const run = journey(files, { firmware: 'stick', setport: 'FF;10,12', product });
      await run.plug();
      const { confirmed, newTable, ...request } = await readFlashRequest({ ...FLASH.fresh, ...daring }, msg, undefined);
      assert.ok(confirmed && newTable && request.reflash && !request.dryRun);
      const report = await run.convert({ ...request, confirm: () => true });
      assert.equal(report.error?.code, 'FIRMWARE_WRONG_DEVICE', product);
      assert.deepEqual([...run.stick.flash.keys()], []);
    }
  });
});
