/** The network of a stick in HiLink mode, as its host has it over USB/IP. Without a kernel: the test is the host. */

import assert from 'node:assert/strict';
import { VirtualClock } from '../../src/virtual/clock';
import type { StickEvent } from '../../src/virtual/events';
import type { StickOptions } from '../../src/virtual/options';
import type { Appearance } from '../../src/virtual/personality';
import { VirtualStick } from '../../src/virtual/stick';
import { UsbDeviceSession } from '../../src/virtual/usbip/device';
import { STATUS, type Submit } from '../../src/virtual/usbip/protocol';
import {
  ACK,
  arpFor,
  dhcp,
  FIN,
  HOST,
  PSH,
  ping,
  RST,
  readDhcp,
  readTcp,
  type Seen,
  STICK,
  SYN,
  tcp,
} from './lan-host';
import { request } from './web/rig';

const MTU = 1600;
/** Flag of a packet of which more pieces follow. */
const MORE = 0x2000;
const GET = 'GET /api/webserver/token HTTP/1.1\r\nHost: 192.168.8.1\r\n';
const DATA_IN = 0x82;
const NOTICES = 0x83;

/** A host with its transfers, on a clock that stands still but for {@link Cable.until}. */
class Cable {
  readonly clock = new VirtualClock();
  readonly stick: VirtualStick;
  readonly events: StickEvent[] = [];
  /** What has come, by endpoint. */
  readonly got = new Map<number, Buffer[]>();
  readonly complaints: unknown[] = [];
  /** It fetches nothing any more. */
  deaf = false;
  #session: UsbDeviceSession | undefined;
  #seqnum = 0;

  constructor(options: Partial<StickOptions> = {}) {
    this.stick = new VirtualStick({ clock: this.clock, timing: { webAnswer: 1, webStart: 100 }, ...options });
    this.stick.onEvent((event) => this.events.push(event));
  }

  async plug(mode: Appearance): Promise<this> {
    this.stick.faults.order({ fault: 'othermode', at: 'enumerate', mode });
    this.stick.plug();
    await this.until(() => this.stick.device !== undefined);
    this.#session = UsbDeviceSession.open(
      this.stick,
      ({ endpoint, toHost }, status, data) => {
        if (!toHost) return;
        assert.equal(status, STATUS.ok);
        const address = endpoint | 0x80;
        this.got.set(address, [...(this.got.get(address) ?? []), Buffer.from(data ?? [])]);
        if (endpoint !== 0 && !this.deaf) this.#ask(address);
      },
      (error) => this.complaints.push(error),
    );
    this.submit(0, { setup: '0009010000000000' });
    for (const address of [DATA_IN, NOTICES]) this.#ask(address);
    return this;
  }

  submit(endpoint: number, what: { setup?: string; data?: Buffer; roomFor?: number }): void {
    const { setup = '', data = Buffer.alloc(0), roomFor } = what;
    const submit: Submit = {
      ...{ kind: 'submit', seqnum: ++this.#seqnum, endpoint, data },
      ...{ toHost: roomFor !== undefined, length: roomFor ?? data.length },
      setup: Buffer.from(setup.padEnd(16, '0'), 'hex'),
    };
    this.#session?.submit(submit);
  }

  #ask(address: number): void {
    this.submit(address & 0x7f, { roomFor: MTU });
  }

  send(...frames: Buffer[]): void {
    for (const data of frames) this.submit(2, { data });
  }

  /** All frames that have come since the last call, as soon as there is one at least. */
  async frames(): Promise<Buffer[]> {
    await this.until(() => (this.got.get(DATA_IN) ?? []).length > 0);
    return this.got.get(DATA_IN)?.splice(0) ?? [];
  }

  async segments(): Promise<Seen[]> {
    return (await this.frames()).map(readTcp);
  }

  get notices(): string[] {
    return (this.got.get(NOTICES) ?? []).map((notice) => notice.toString('hex'));
  }

  /** Lets time pass until then. */
  until(wanted: () => boolean): Promise<void> {
    const work = async () => {
      while (!wanted()) await new Promise<void>((resolve) => this.clock.after(1, resolve));
    };
    return this.clock.run(work(), 60_000);
  }

  /** A whole stick with its web server up, and a connection to it: what the stick's next octet is. */
  async connected(window = 8192): Promise<number> {
    await this.plug('hilink');
    await this.until(() => this.stick.web?.up === true);
    this.send(tcp({ flags: SYN, seq: 1000 }));
    const [greeting] = await this.segments();
    assert.deepEqual([greeting?.flags, greeting?.ack], [SYN | ACK, 1001]);
    const next = (greeting?.seq ?? 0) + 1;
    this.send(tcp({ flags: ACK, seq: 1001, ack: next, window }));
    return next;
  }

  close(): void {
    this.#session?.close();
  }
}

describe('the network of a stick over USB/IP', () => {
  let cable: Cable;
  beforeEach(() => {
    cable = new Cable();
  });
  afterEach(() => {
    cable.close();
    assert.deepEqual(cable.complaints, []);
  });

  for (const mode of ['hilink', 'hilink-sd'] as const) {
    it(`says that the cable is in, and gives its host an address: ${mode}`, async () => {
      await cable.plug(mode);
      assert.deepEqual(cable.notices, ['a100010000000000']);
      cable.send(dhcp(1));
      const offer = readDhcp((await cable.frames())[0] ?? Buffer.alloc(0));
      assert.deepEqual([offer.type, offer.address], [2, HOST]);
      assert.deepEqual([offer.options[1], offer.options[3], offer.options[54]], ['ffffff00', 'c0a80801', 'c0a80801']);
      assert.ok(!cable.events.some(({ what }) => what === 'lease'));
      cable.send(dhcp(3, '3604c0a808013204c0a80864'));
      const given = readDhcp((await cable.frames())[0] ?? Buffer.alloc(0));
      assert.deepEqual([given.type, given.address, given.options[51]], [5, HOST, '00015180']);
      assert.ok(cable.events.some((event) => event.what === 'lease' && event.address === HOST));
    });
  }

  it('refuses an address that is not its to give, hears no other server, and renews', async () => {
    await cable.plug('hilink');
    cable.send(dhcp(3, '3604c0a801013204c0a80864'), dhcp(3, '3204c0a80902'));
    const [refused, ...more] = await cable.frames();
    assert.equal(readDhcp(refused ?? Buffer.alloc(0)).type, 6);
    assert.deepEqual(more, []);
    cable.send(dhcp(3, '', HOST));
    assert.equal(readDhcp((await cable.frames())[0] ?? Buffer.alloc(0)).type, 5);
  });

  it('answers ARP and pings for itself only, and drops what is damaged', async () => {
    await cable.plug('hilink');
    cable.send(
      arpFor('192.168.8.7'),
      Buffer.alloc(3),
      Buffer.alloc(60),
      ping(1),
      ping(0, MORE),
      ping().subarray(0, 43),
    );
    cable.send(arpFor(STICK), ping());
    const frames = await cable.frames();
    assert.deepEqual(
      frames.map((frame) => frame.readUInt16BE(12).toString(16)),
      ['806', '800'],
    );
    assert.equal(frames[1]?.toString('hex', 34, 36), '0000', 'an echo reply');
  });

  it('serves its web pages, to the end of the connection', async () => {
    const next = await cable.connected();
    cable.send(tcp({ flags: PSH | ACK, seq: 1001, ack: next, text: `${GET}Connection: close\r\n\r\n` }));
    const seen: Seen[] = [];
    while (!seen.some(({ flags }) => flags & FIN)) seen.push(...(await cable.segments()));
    const text = seen.map((segment) => segment.text).join('');
    assert.match(text, /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n<\?xml [\s\S]*<\/error>\n$/);
    assert.ok(cable.events.some((event) => event.what === 'request' && event.path === '/api/webserver/token'));
    const last = seen.at(-1);
    const end = (last?.seq ?? 0) + (last?.text.length ?? 0) + 1;
    const seq = last?.ack ?? 0;
    cable.send(tcp({ flags: FIN | ACK, seq, ack: end }));
    assert.deepEqual(await cable.segments(), [{ flags: ACK, seq: end, ack: seq + 1, text: '' }]);
    // It is forgotten: nobody is at home there any more.
    cable.send(tcp({ flags: ACK, seq: seq + 1, ack: end }));
    assert.deepEqual(
      (await cable.segments()).map(({ flags }) => flags),
      [RST],
    );
  });

  it('takes a request in pieces, twice and out of order, as one', async () => {
    const next = await cable.connected();
    const text = `${GET}\r\n`;
    const piece = (from: number, to: number) =>
      tcp({ flags: ACK, seq: 1001 + from, ack: next, text: text.slice(from, to) });
    cable.send(piece(20, 40), piece(0, 10), piece(0, 10), piece(5, 20), piece(20, text.length));
    const acks = (await cable.segments()).map(({ ack }) => ack - 1001);
    assert.deepEqual(acks, [0, 10, 10, 20, text.length]);
    await cable.until(() => cable.events.some(({ what }) => what === 'request'));
    const [answer] = await cable.segments();
    assert.match(answer?.text ?? '', /^HTTP\/1\.1 200/);
  });

  it('sends again what the host does not acknowledge, and no more than it has room for', async () => {
    const next = await cable.connected(10);
    cable.send(tcp({ flags: ACK, seq: 1001, ack: next, text: `${GET}\r\n`, window: 10 }));
    await cable.until(() => cable.events.some(({ what }) => what === 'request'));
    const data = () =>
      cable.got
        .get(DATA_IN)
        ?.splice(0)
        .map(readTcp)
        .filter(({ text }) => text !== '') ?? [];
    let first = data();
    while (first.length === 0) first = (await cable.segments()).filter(({ text }) => text !== '');
    assert.deepEqual(
      first.map(({ seq, text }) => [seq, text.length]),
      [[next, 10]],
    );
    assert.deepEqual(
      (await cable.segments()).map(({ seq, text }) => [seq, text.length]),
      [[next, 10]],
      'once more',
    );
    cable.send(tcp({ flags: ACK, seq: 1001 + GET.length + 2, ack: next + 10, window: 4 }));
    assert.deepEqual(
      (await cable.segments()).map(({ seq, text }) => [seq, text.length]),
      [[next + 10, 4]],
    );
    // Nobody is there any more: it gives up.
    const seen: Seen[] = [];
    while (!seen.some(({ flags }) => flags & RST)) seen.push(...(await cable.segments()));
    assert.ok(seen.length < 10);
  });

  it('refuses connections before its server is up, and to other ports', async () => {
    await cable.plug('hilink');
    cable.send(tcp({ flags: SYN, seq: 7 }));
    assert.deepEqual(
      (await cable.segments()).map(({ flags, ack }) => [flags, ack]),
      [[RST | ACK, 8]],
    );
    await cable.until(() => cable.stick.web?.up === true);
    const unheard = [tcp({ flags: RST, seq: 7 }), tcp({ flags: SYN, seq: 7, damage: 1 })];
    cable.send(...unheard, tcp({ flags: SYN, seq: 7, port: 8080 }));
    assert.deepEqual(
      (await cable.segments()).map(({ flags }) => flags),
      [RST | ACK],
    );
  });

  it('has room for 16 connections: the oldest one makes room', async () => {
    await cable.connected();
    const ports = Array.from({ length: 16 }, (_, n) => 50_000 + n);
    cable.send(...ports.map((from) => tcp({ flags: SYN, seq: 1, from })));
    const flags = (await cable.segments()).map((segment) => segment.flags);
    assert.deepEqual([flags.filter((one) => one & SYN).length, flags.filter((one) => one & RST).length], [16, 1]);
  });

  it('keeps 256 frames for a host that does not fetch them', async () => {
    await cable.plug('hilink');
    cable.deaf = true;
    cable.send(...Array.from({ length: 300 }, () => ping()));
    cable.deaf = false;
    cable.submit(DATA_IN & 0x7f, { roomFor: MTU });
    // The first one was fetched as it came.
    assert.equal((await cable.frames()).length, 257);
  });

  it('ends its connections with the cable, and tells nothing after that', async () => {
    await cable.connected();
    const { stick, notices } = cable;
    const pending = cable.clock.pending;
    const next = tcp({ flags: PSH | ACK, seq: 1001, ack: 1, text: `${GET}\r\n` });
    cable.send(next);
    await cable.until(() => cable.events.some(({ what }) => what === 'request'));
    await cable.segments();
    assert.ok(cable.clock.pending > pending, 'it waits for an acknowledgement');
    cable.close();
    assert.equal(cable.clock.pending, pending);
    cable.submit(NOTICES & 0x7f, { roomFor: MTU });
    stick.unplug();
    assert.deepEqual(cable.notices, notices);
  });

  it('takes the cable out while it moves to another address', async () => {
    cable.close();
    cable = new Cable({ hilink: 'tokenless' });
    await cable.plug('hilink');
    await cable.until(() => cable.stick.web?.up === true);
    const { stick } = cable;
    // Old firmware begins elsewhere.
    assert.equal(stick.web?.lan.address, '192.168.1.1');
    cable.send(tcp({ flags: SYN, seq: 7 }));
    const body = request(
      ['DhcpIPAddress', STICK],
      ['DhcpLanNetmask', '255.255.255.0'],
      ['DhcpStatus', 1],
      ['DhcpStartIPAddress', HOST],
      ['DhcpEndIPAddress', '192.168.8.200'],
      ['DhcpLeaseTime', 86_400],
      ['DnsStatus', 1],
      ['PrimaryDns', STICK],
      ['SecondaryDns', STICK],
    );
    const headers = { 'content-type': 'application/xml' };
    const moved = stick.web?.handle({ method: 'POST', path: '/api/dhcp/settings', headers, body: Buffer.from(body) });
    await cable.clock.run(Promise.resolve(moved));
    await cable.until(() => stick.web?.up === true);
    assert.deepEqual(cable.notices.slice(-2), ['a100000000000000', 'a100010000000000']);
    // What was for the new address while it was not its own was dropped.
    assert.equal(cable.got.get(DATA_IN), undefined);
    cable.send(tcp({ flags: SYN, seq: 7 }));
    assert.equal((await cable.segments())[0]?.flags, SYN | ACK);
  });
});
