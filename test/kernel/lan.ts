/** The network of a stick in HiLink mode, in the guest: its interface, and programs that get it an address. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { run } from './strangers';
import { PATIENCE_MS } from './told';

/** Runs a program that has to work. */
export async function must(program: string, ...args: string[]): Promise<string> {
  const { code, text } = await run(program, args);
  assert.equal(code, 0, `${program} ${args.join(' ')}: ${text}`);
  return text;
}

/** The network interface that the kernel makes of the stick, as soon as it has. */
export async function interfaceOf(portPath: string): Promise<string> {
  const folder = `/sys/bus/usb/devices/${portPath}:1.0/net`;
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const [name] = existsSync(folder) ? readdirSync(folder) : [];
    if (name !== undefined) return name;
    assert.ok(performance.now() < end, `the stick at ${portPath} has a network interface`);
    await pause(POLL_MS);
  }
}

const POLL_MS = 20;
const SCRIPT = '/var/tmp/udhcpc-script';

/**
 * Asks the stick for an address, as busybox does it in small systems; no record of the lease is kept. With `route` the
 * stick becomes the default gateway; `netns` is where the interface is.
 */
export async function udhcpc(name: string, options: { route?: boolean; netns?: string } = {}): Promise<void> {
  const route = options.route ? 'ip route replace default via "$router" dev "$interface"' : ':';
  writeFileSync(
    SCRIPT,
    `#!/bin/sh
case $1 in
  deconfig) ip link set "$interface" up ;;
  bound | renew) ip addr replace "$ip/$mask" dev "$interface"; ${route} ;;
esac
`,
  );
  chmodSync(SCRIPT, 0o755);
  const client = ['busybox', 'udhcpc', '-f', '-q', '-n', '-t', '20', '-T', '1', '-i', name, '-s', SCRIPT];
  const [program = '', ...args] = options.netns ? ['ip', 'netns', 'exec', options.netns, ...client] : client;
  await must(program, ...args);
}

/**
 * systemd-networkd as a server has it whose default route is not the stick: the driver's own advice. Returns how to end it.
 * It is waited for by whoever wants the address.
 */
export async function networkd(): Promise<() => Promise<void>> {
  mkdirSync('/run/systemd/network', { recursive: true });
  mkdirSync('/run/systemd/netif', { recursive: true });
  writeFileSync(
    '/run/systemd/network/10-stick.network',
    '[Match]\nDriver=cdc_ether rndis_host\n[Network]\nDHCP=ipv4\nLinkLocalAddressing=no\n' +
      '[DHCPv4]\nUseGateway=false\nUseDNS=false\n',
  );
  await must('chown', '-R', 'systemd-network:systemd-network', '/run/systemd/netif');
  const daemon = spawn('/lib/systemd/systemd-networkd', { stdio: 'ignore' });
  await once(daemon, 'spawn', { signal: AbortSignal.timeout(PATIENCE_MS) });
  return async () => {
    const ended = once(daemon, 'exit');
    daemon.kill();
    await ended;
  };
}
