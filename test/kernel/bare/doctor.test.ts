/**
 * The doctor on a real kernel, in the shapes of a container and of an add-on: names the cause first, and writes nothing, for
 * everything but the device nodes is mounted read-only.
 */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { BusStick, QUICK } from '../bus-stick';
import { DIALOUT, PLUGDEV, permitted } from '../permitted';
import { run } from '../strangers';

const NOBODY = 65_534;

interface Found {
  type: string;
  id?: string;
  level?: string;
  params?: Record<string, unknown>;
  ok?: boolean;
}

interface Shape {
  /** Device nodes that are there, paths below /dev; all by default. */
  nodes?: readonly string[];
  groups?: readonly number[];
  env?: string;
}

/** What `e3272 doctor --json` finds there. A guest without KVM is slow itself. */
async function doctor({ nodes, groups = [DIALOUT, PLUGDEV], env = '' }: Shape = {}): Promise<{ found: Found[] }> {
  const devices =
    nodes === undefined
      ? []
      : [
          'mkdir -p /run/dev && mount -t tmpfs dev /run/dev',
          'for node in null zero full random urandom tty; do cp -a /dev/$node /run/dev/; done',
          ...nodes.map((node) =>
            node === 'bus/usb'
              ? 'mkdir -p /run/dev/bus && cp -a /dev/bus/usb /run/dev/bus/'
              : `cp -a /dev/${node} /run/dev/`,
          ),
          'mount --bind /run/dev /dev',
        ];
  const script = [
    'set -e',
    ...devices,
    // Whatever is mounted, from the deepest on; what the kernel makes up itself takes no file anyway.
    'for place in / /tmp /run /var /sys /root; do ' +
      'if mountpoint -q $place || mount --bind $place $place 2>/dev/null; then mount -o remount,ro,bind $place || true; fi; done',
    'if touch /tmp/written /run/written /var/written 2>/dev/null; then echo "not read-only"; exit 9; fi',
    `exec setpriv --reuid ${NOBODY} --regid ${NOBODY} ${groups.length > 0 ? `--groups ${groups.join(',')}` : '--clear-groups'} ` +
      `env HOME=/tmp/nobody ${env} "$@"`,
  ].join('\n');
  const cli = join(__dirname, '../../../cli/main.js');
  const command = [process.execPath, cli, '--json', 'doctor', '--patience', '8'];
  const { text } = await run('unshare', ['--mount', 'bash', '-c', script, 'doctor', ...command]);
  const found = text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Found);
  assert.equal(found.at(-1)?.type, 'result', text);
  return { found };
}

const errors = (found: readonly Found[]): string[] =>
  found.flatMap(({ id, level }) => (level === 'error' && id !== undefined ? [id] : []));

describe('the doctor', () => {
  let stick: BusStick;
  before(() => {
    stick = BusStick.start();
  });
  after(() => stick.stop());

  const cdrom = () => permitted(stick, { timing: QUICK });
  const modem = () => permitted(stick, { firmware: 'stick', setport: 'FF;10,12', timing: QUICK });
  /** Set commands and whatever else changed the stick since it was plugged in. */
  const changes = () =>
    stick.events.filter((event) => {
      if (event.what === 'at')
        return !/^AT(?:[+^][A-Z]+\?|\+CGM[MR]|\+CSQ|\^SYSINFO(?:EX)?|\^DLOADVER\?)?\s*$/.test(event.command);
      return (
        ['setport', 'cbw', 'sms', 'reset'].includes(event.what) &&
        !(event.what === 'cbw' && /^(?:12|00|25|1a|5a|1e|28|43|46|4a|51)/.test(event.cdb))
      );
    });

  it('finds nothing wrong with a stick that works, and writes nothing', async () => {
    await modem();
    const { found } = await doctor();
    assert.deepEqual(errors(found), [], JSON.stringify(found));
    const answers = found.filter(({ id }) => id === 'answers').map(({ params }) => params?.['path']);
    assert.deepEqual(answers.sort(), ['/dev/ttyUSB0', '/dev/ttyUSB1']);
    assert.deepEqual(changes(), []);
  });

  it('a silent stick: that', async () => {
    await modem();
    stick.order({ do: 'hang', cure: 'replug' });
    const { found } = await doctor();
    assert.deepEqual(errors(found), ['silent'], JSON.stringify(found));
  });

  it('no group: names that of the ports', async () => {
    await modem();
    const { found } = await doctor({ groups: [] });
    assert.equal(errors(found)[0], 'port-forbidden', JSON.stringify(found));
    assert.equal(found[0]?.params?.['group'], 'dialout');
  });

  it('a container without the ports: they are missing', async () => {
    await modem();
    const { found } = await doctor({ nodes: [] });
    assert.equal(errors(found)[0], 'node-missing', JSON.stringify(found));
  });

  it('a CD-ROM in a container without /dev/bus/usb: that, before that it was not switched', async () => {
    await cdrom();
    const { found } = await doctor({ nodes: [], env: 'container=docker' });
    const [first, ...more] = errors(found).filter((id) => id !== 'native-usb');
    assert.equal(first, 'node-missing', JSON.stringify(found));
    assert.ok(more.includes('is-storage'));
    assert.match(JSON.stringify(found.find(({ id }) => id === 'machine')), /"container":"docker"/);
  });

  it('an add-on: says that it is one', async () => {
    await modem();
    const { found } = await doctor({ env: 'SUPERVISOR_TOKEN=x' });
    assert.deepEqual(errors(found), [], JSON.stringify(found));
    assert.equal(found.find(({ id }) => id === 'machine')?.params?.['container'], 'addon');
  });

  it('a stick in HiLink mode to which nobody has given an address: that', async () => {
    await cdrom();
    await run(process.execPath, [join(__dirname, '../../../cli/main.js'), 'switch']);
    await stick.seen(({ device }) => device.productId === 0x14db);
    const { found } = await doctor();
    assert.match(String(errors(found)[0]), /^web-no-(?:address|interface)$/, JSON.stringify(found));
  });

  it('no stick: that', async () => {
    await stick.fresh({ timing: QUICK });
    const { found } = await doctor();
    assert.deepEqual(errors(found), ['no-stick']);
  });
});
