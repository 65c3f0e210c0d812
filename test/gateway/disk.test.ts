/** What a gateway asks of the disk before a command may be acknowledged. */

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { type Disk, thisDisk } from '../../src/host/disk';
import { Notes } from '../../src/host/notes';
import { tempFolder } from '../support/temp-folder';
import { fates, gatewayBench, OTHER } from './gateway-bench';

describe('the disk of a gateway', () => {
  it('is synced once for a command before it is acknowledged, and once for its receipt', async () => {
    const folder = tempFolder('gateway-disk');
    let syncs = 0;
    const sync: Disk['sync'] = (fd) => {
      syncs++;
      return thisDisk.sync(fd);
    };
    const it = await gatewayBench({ parts: { store: new Notes([folder], { ...thisDisk, sync }) } });
    const take = (id: string): number => {
      const before = syncs;
      it.send('e3272/gw1/sms/set', { id, to: OTHER, text: id });
      return syncs - before;
    };
    assert.deepEqual([take('a1'), take('a2')], [1, 1]);
    const before = syncs;
    await it.until(() => ['a1', 'a2'].every((id) => fates(it.receipts(id)) === 'accepted sent'));
    assert.equal(syncs - before, 2);
    // What comes again is answered without it.
    assert.equal(take('a1'), 0);
    await it.close();
    rmSync(folder, { recursive: true });
  });
});
