import assert from 'node:assert/strict';
import { isDriverError } from '../../src/errors';
import { ownLineThrough, requireOtherLine } from '../../src/hilink/own-line';
import { webBench } from '../device/hilink/bench';

describe('the own line of the machine', () => {
  it('is not cut without a word', async () => {
    const { host } = await webBench();
    const [device] = await host.scan();
    assert.ok(device);
    assert.equal(await ownLineThrough(host, device), undefined);
    await requireOtherLine(host, device);
    host.ownLines.add('1-1');
    assert.equal(await ownLineThrough(host, device), 'eth1');
    const refused = (error: unknown) => isDriverError(error, 'COMMAND_REFUSED/own-line') && error.stick === '1-1';
    await assert.rejects(requireOtherLine(host, device), refused);
    await requireOtherLine(host, device, true);
  });
});
