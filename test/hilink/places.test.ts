import assert from 'node:assert/strict';
import { openAt } from '../../src/device/at/open-at';
import { isDriverError } from '../../src/errors';
import { webPlaces } from '../../src/hilink/places';
import type { UsbDevice } from '../../src/host/host';
import type { NetworkLink } from '../../src/host/network';
import { VirtualClock } from '../../src/virtual/clock';
import { VirtualHost } from '../../src/virtual/host';
import { untilWeb, webBench } from '../device/hilink/bench';

const link = (more: Partial<NetworkLink> = {}): NetworkLink => ({
  name: 'usb0',
  addresses: [{ address: '192.168.8.100', prefix: 24 }],
  gateways: [],
  rivals: [],
  ...more,
});

function places(links: Record<string, NetworkLink[]>, given?: string) {
  const host = new VirtualHost({ sticks: [], clock: new VirtualClock() });
  for (const [path, all] of Object.entries(links)) host.links.set(path, all);
  host.scan = async () => Object.keys(links).map((portPath) => ({ portPath }) as UsbDevice);
  return webPlaces(host, { portPath: '1-1' } as UsbDevice, given);
}

const refusal = (reason: string, about: RegExp) => (error: unknown) =>
  isDriverError(error) && error.reason === reason && about.test(error.message);

describe('the web address of a stick', () => {
  it('is in the network of its own interface: lease and routes first, then its first address, bound to it', async () => {
    const own = { localAddress: '192.168.8.100' };
    assert.deepEqual(await places({ '1-1': [link({ gateways: ['192.168.8.7', '10.0.0.1'] })] }), [
      { url: 'http://192.168.8.7', ...own },
      { url: 'http://192.168.8.1', ...own },
    ]);
    const wide = link({ addresses: [{ address: '192.168.8.1', prefix: 16 }] });
    const found = (await places({ '1-1': [wide] })).map(({ url }) => url);
    assert.deepEqual(found.slice(0, 2), ['http://192.168.1.1', 'http://192.168.9.1']);
    assert.ok(!found.includes('http://192.168.8.1'));
  });

  it('is one given by hand and no other, bound to the interface where it is in its network', async () => {
    const url = 'http://192.168.8.1:80/';
    assert.deepEqual(await places({ '1-1': [link()] }, url), [{ url, localAddress: '192.168.8.100' }]);
    assert.deepEqual(await places({ '1-1': [] }, 'stick.lan'), [{ url: 'stick.lan' }]);
    assert.deepEqual(await places({ '1-1': [link()] }, '10.1.1.1'), [{ url: '10.1.1.1' }]);
  });

  it('is refused where another stick has the same network, naming both, also when it is given', async () => {
    const twins = { '1-1': [link({ rivals: ['usb1'] })], '1-2': [link({ name: 'usb1', rivals: ['usb0'] })] };
    const both = refusal('same-lan', /1-1 and 1-2/);
    await assert.rejects(places(twins), both);
    await assert.rejects(places(twins, '192.168.8.1'), both);
    assert.deepEqual(await places(twins, '192.168.9.1'), [{ url: '192.168.9.1' }]);
  });

  it('is none that only another stick has, although it is given by hand', async () => {
    const other = refusal('other-lan', /1-2.*1-1/);
    await assert.rejects(places({ '1-1': [], '1-2': [link()] }, 'http://192.168.8.1'), other);
    const elsewhere = link({ addresses: [{ address: '192.168.9.100', prefix: 24 }] });
    await assert.rejects(places({ '1-1': [elsewhere], '1-2': [link()] }, '192.168.8.1:80'), other);
    assert.equal((await places({ '1-1': [], '1-2': [link()] }, '127.0.0.1:8080')).length, 1);
  });

  it('is refused where another interface of the machine is in the same network, but not its own second one', async () => {
    await assert.rejects(places({ '1-1': [link({ rivals: ['eth0'] })] }), refusal('lan-taken', /eth0.*usb0/));
    const pair = [link({ rivals: ['usb1'] }), link({ name: 'usb1', rivals: ['usb0'], addresses: [] })];
    assert.equal((await places({ '1-1': pair })).length, 1);
  });

  it('says that there is no interface, or none with an address', async () => {
    await assert.rejects(places({ '1-1': [] }), refusal('no-interface', /stick at 1-1/));
    await assert.rejects(places({ '1-1': [link({ addresses: [] })] }), refusal('no-lan-address', /usb0/));
  });

  it('that is given by hand is not used while the interface has none, but for one of this machine', async () => {
    const down = { '1-1': [link({ addresses: [] })] };
    await assert.rejects(places(down, 'http://192.168.8.1'), refusal('no-lan-address', /usb0/));
    for (const url of ['http://127.0.0.1:18080', 'http://localhost:18080']) {
      assert.deepEqual(await places(down, url), [{ url }]);
    }
  });

  it('of two sticks with one network is used by neither: nothing is sent', async () => {
    const bench = await webBench({}, [{ firmware: 'hilink', portPath: '1-2' }]);
    bench.host.links.set('1-1', [link({ rivals: ['usb1'] })]);
    bench.host.links.set('1-2', [link({ name: 'usb1', rivals: ['usb0'] })]);
    const [second] = bench.others;
    if (second) await bench.toHilink(second);
    const handle = openAt(bench.host, '1-1', { web: {} });
    const { web } = await bench.run(untilWeb(handle, 'error'));
    assert.equal(web?.error?.code, 'STICK_AMBIGUOUS');
    assert.deepEqual(bench.requests, []);
    await bench.run(handle.release());
  });

  it('of another stick than before is not used', async () => {
    const bench = await webBench({}, [{ firmware: 'hilink', portPath: '1-2' }]);
    const [second] = bench.others;
    if (second) await bench.toHilink(second);
    const handle = openAt(bench.host, '1-1', { web: {} });
    await bench.run(untilWeb(handle, 'ready'));
    const theirs = await bench.host.network({ portPath: '1-2' } as UsbDevice);
    bench.host.links.set('1-1', theirs);
    bench.stick.faults.order({ fault: 'silence', at: 'web', count: 20 });
    const { web } = await bench.run(untilWeb(handle, 'error'));
    assert.equal(web?.error?.code, 'TIMEOUT');
    await bench.run(
      new Promise<void>((resolve) => {
        handle.onState((now) => {
          if (now.web?.error?.reason === 'other-answers') resolve();
        });
      }),
    );
    await bench.run(handle.release());
  });
});
