import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import type { NetworkInterfaceInfo } from 'node:os';
import { join } from 'node:path';
import type { UsbDevice } from '../../src/host/host';
import { createLocalHost } from '../../src/host/local';
import { isOnLink, type NetworkLink } from '../../src/host/network';
import { FakeMachine } from './tree';

const HILINK = {
  productId: 0x14db,
  interfaces: [
    { triple: '02/06/00', driver: 'cdc_ether' },
    { triple: '0a/00/00', driver: 'cdc_ether' },
  ],
};

const ipv4 = (cidr: string): NetworkInterfaceInfo => {
  const [address = ''] = cidr.split('/');
  return { family: 'IPv4', address, cidr, netmask: '', mac: '0c:5b:8f:27:9a:64', internal: address.startsWith('127.') };
};

const ipv6: NetworkInterfaceInfo = { ...ipv4('fe80::1/64'), family: 'IPv6', scopeid: 2 };

describe('network interfaces of a stick', () => {
  let machine: FakeMachine;
  beforeEach(() => {
    machine = new FakeMachine();
  });
  afterEach(() => machine.remove());

  function plug(path: string, name: string, index: number): void {
    machine.plug(path, { ...HILINK, address: index });
    mkdirSync(join(machine.folder(`${path}:1.0`), 'net', name), { recursive: true });
    machine.file(`sys/class/net/${name}/ifindex`, `${index}\n`);
  }

  const links = (
    path: string,
    interfaces: Record<string, NetworkInterfaceInfo[]>,
  ): Promise<NetworkLink[]> | undefined =>
    createLocalHost({ root: machine.root, interfaces: () => interfaces }).network?.({ portPath: path } as UsbDevice);

  it('are those below its own USB interfaces, with lease, routes and who else is in their network', async () => {
    plug('1-1', 'enx0c5b8f279a64', 5);
    plug('1-1.4', 'eth1', 6);
    machine.file('run/systemd/netif/leases/5', '# Private data\nADDRESS=192.168.8.100\nSERVER_ADDRESS=192.168.8.2\n');
    const route = 'enx0c5b8f279a64\t00000000\t0108A8C0\t0003\t0\t0\t100\t00000000';
    const local = 'enx0c5b8f279a64\t0008A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF';
    const other = 'eth0\t00000000\t0100000A\t0003\t0\t0\t1\t00000000';
    machine.file('proc/net/route', ['Iface\tDestination\tGateway', route, local, other, ''].join('\n'));
    const interfaces = {
      lo: [ipv4('127.0.0.1/8')],
      eth0: [ipv4('10.0.0.7/8'), ipv6],
      enx0c5b8f279a64: [ipv6, ipv4('192.168.8.100/24')],
      eth1: [ipv4('192.168.8.100/24')],
      wlan0: [ipv4('192.168.0.3/16')],
    };
    assert.deepEqual(await links('1-1', interfaces), [
      {
        name: 'enx0c5b8f279a64',
        addresses: [{ address: '192.168.8.100', prefix: 24 }],
        gateways: ['192.168.8.2', '192.168.8.1'],
        rivals: ['eth1', 'wlan0'],
      },
    ]);
    const [second] = (await links('1-1.4', interfaces)) ?? [];
    assert.deepEqual([second?.name, second?.gateways], ['eth1', []]);
  });

  it('are there without an address too, and there are none of a stick that has none', async () => {
    plug('1-1', 'usb0', 5);
    machine.plug('1-2', { ...HILINK, address: 9 });
    assert.deepEqual(await links('1-1', {}), [{ name: 'usb0', addresses: [], gateways: [], rivals: [] }]);
    assert.deepEqual(await links('1-2', {}), []);
    assert.deepEqual(await links('1-3', {}), []);
  });

  it("tell which of them is the machine's own line: the default route that is taken, not one in reserve", async () => {
    plug('1-1', 'usb0', 5);
    plug('1-2', 'usb1', 6);
    const route = (name: string, target: string, mask: string, metric: number, flags = '0003') =>
      `${name}\t${target}\t0108A8C0\t${flags}\t0\t0\t${metric}\t${mask}\t0\t0\t0`;
    const routes = (...lines: string[]) =>
      machine.file('proc/net/route', ['Iface\tDestination', ...lines, ''].join('\n'));
    const own = async () =>
      (await Promise.all(['1-1', '1-2'].map((path) => links(path, {})))).map((found) => found?.[0]?.ownLine ?? false);
    const [all, lan] = ['00000000', '00FFFFFF'];
    routes(route('usb0', all, all, 100), route('eth0', all, all, 200));
    assert.deepEqual(await own(), [true, false]);
    routes(route('usb0', all, all, 100), route('eth0', all, all, 50));
    assert.deepEqual(await own(), [false, false]);
    routes(route('usb0', all, all, 100), route('usb1', all, all, 100));
    assert.deepEqual(await own(), [true, true]);
    routes(route('usb0', '0008A8C0', lan, 0), route('usb1', all, all, 0, '0203'));
    assert.deepEqual(await own(), [false, false]);
  });

  it('tell whether an address is in their network', () => {
    assert.ok(isOnLink('192.168.8.1', { address: '192.168.8.100', prefix: 24 }));
    assert.ok(!isOnLink('192.168.9.1', { address: '192.168.8.100', prefix: 24 }));
    assert.ok(isOnLink('192.168.9.1', { address: '192.168.8.100', prefix: 23 }));
    assert.ok(!isOnLink('stick.lan', { address: '192.168.8.100', prefix: 24 }));
  });
});
