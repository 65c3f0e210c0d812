/** What "Copy diagnostics" copies: enough to help with, and nothing that is private. */

import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { failure } from '../../src/errors';
import { blankReport, type JobReport } from '../../src/flash/events';
import { startJob } from '../../src/jobs/registry';
import { admin, adminGet, deploy, startRuntime, status, tab } from './runtime';
import { atNode, stickNode, testModem } from './sticks';

const IMEI = '490154203237518';
const ICCID = '8949000000000000001';

/** A job that tells whatever somebody could have written into it. */
const told = (stick: string): JobReport => ({
  ...blankReport(stick, 'bus'),
  ok: false,
  mode: 'tty',
  stages: [{ stage: 'write', ms: 1234.5 }],
  loader: {
    ...{ name: 'annas-loader.bin', size: 10, sha256: 'ab'.repeat(32), verdict: 'known', finding: 'of Anna' },
  } as NonNullable<JobReport['loader']>,
  did: [
    `Wrote /home/anna/firmware.bin, annas-loader.bin on ${hostname()}`,
    'Wrote annas fw.bin',
    `IMEI ${IMEI}, called +491711234567`,
  ],
  warnings: [
    ...['The port /dev/ttyUSB0 was asked twice.', `^ICCID: ${ICCID}`],
    ...[`See file:///home/anna/x.bin, /run/user/1000/anna and /dev/../home/anna.`],
    `It is /dev/serial/by-id/usb-HUAWEI_${IMEI}-if00.`,
  ],
  saved: '/home/anna/saved.txt',
  log: '/home/anna/log.txt',
  firmware: { ...{ name: '/home/anna/Old Things/annas fw.bin', size: 10, images: 1 } } as unknown as NonNullable<
    JobReport['firmware']
  >,
  error: failure('STICK_GONE/port', { path: `/home/anna/My Sticks/of Anna ${IMEI}.bin` }),
});

describe('diagnostics', () => {
  before(startRuntime);
  after(() => deploy([]));

  it('tell versions, sticks and last jobs, and nobody’s numbers or names', async () => {
    const { name } = await testModem({ sim: { number: '+491711234567' } });
    await deploy(tab([stickNode(name), { ...atNode, command: 'AT^HCSQ?', commandType: 'str' }]));
    await status('at', 'status.ready');
    startJob({ stick: 'virtual-99', context: {} }, async () => told('virtual-99'));
    // The sidebar that has been looked at knows SIM and network.
    await adminGet('/e3272/panel');
    const { text } = (await adminGet('/e3272/panel/diagnostics')) as { text: string };
    type Told = { package: string; nodeRed: string; node: string; os: string; sticks: object[]; jobs: object[] };
    const { package: own, nodeRed, node, os, sticks, jobs } = JSON.parse(text) as Told;
    assert.match(own, /^\d+\.\d+\.\d+/);
    assert.match(nodeRed, /^\d+\.\d+\.\d+/);
    assert.equal(node, process.version);
    assert.match(os, /\w+ \S+ \w+/);
    const [stick] = sticks.filter((one) => (one as { stick?: string }).stick === name) as Record<string, unknown>[];
    assert.deepEqual([stick?.['mode'], stick?.['status'], stick?.['id']], ['tty', 'ready', '12d1:1506']);
    const [job] = jobs as Record<string, unknown>[];
    assert.deepEqual(job?.['stages'], ['write 1235 ms']);
    assert.equal((job?.['error'] as { code?: string } | undefined)?.code, 'STICK_GONE');
    assert.match(text, /\/dev\/ttyUSB0/);
    for (const secret of [IMEI, ICCID, '491711234567', 'anna', 'Anna', 'Sticks', 'Things']) {
      assert.ok(!text.includes(secret), `${secret} in ${text}`);
    }
    assert.doesNotMatch(text, new RegExp(`\\b${hostname()}\\b`));
    assert.doesNotMatch(text, /(?<![0-9a-f])\d{14,}(?![0-9a-f])/);
  });

  it('are for pages of this Node-RED', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' };
    assert.equal((await admin('GET', '/e3272/panel/diagnostics', { headers })).status, 403);
  });
});
