import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { connect, type Socket } from 'node:net';
import { isDriverError } from '../../src/errors';
import { systemClock } from '../../src/host/clock';
import { parseDescriptors } from '../../src/host/descriptors';
import type { StickOptions } from '../../src/virtual/options';
import { VirtualStick } from '../../src/virtual/stick';
import { serveUsbip, type UsbipServer } from '../../src/virtual/usbip/server';
import { UsbipClient } from './usbip-client';

const TIMING = { plug: 1, switch: 1, offBus: 1, firstTty: 1, nextTty: 1, command: 1, atReset: 1, urcEvery: 0 };
const STICK = { firmware: 'stick', setport: 'FF;10,12', losesFirstAt: false } as const;
const REWIND = Buffer.from('55534243123456780000000000000011062000000101000100000000000000', 'hex');
const GET_DEVICE = '8006000100004000';
const GET_CONFIGURATION = '800600020000ff00';
const SET_CONFIGURATION = '0009010000000000';
const STALL = -32;

describe('USB/IP', () => {
  let server: UsbipServer;
  let complaints: unknown[];
  let clients: UsbipClient[];

  async function plugged(options: Partial<StickOptions> = {}): Promise<VirtualStick> {
    const stick = new VirtualStick({ clock: systemClock, timing: TIMING, ...options });
    server = await serveUsbip({ stick, port: 0, complain: (error) => complaints.push(error) });
    const there = appearance(stick);
    stick.plug();
    await there;
    return stick;
  }
  /** Until the stick is (back) on the bus. */
  const appearance = (stick: VirtualStick) =>
    new Promise<void>((resolve) => {
      const stop = stick.onChange(() => {
        if (!stick.device) return;
        stop();
        resolve();
      });
    });
  const client = async () => {
    const made = await UsbipClient.connect(server.port);
    clients.push(made);
    return made;
  };
  const attached = async (options?: Partial<StickOptions>) => {
    const stick = await plugged(options);
    const host = await client();
    assert.equal(await host.import(), 0);
    assert.equal((await host.control(SET_CONFIGURATION)).status, 0);
    return { stick, host };
  };

  beforeEach(() => {
    complaints = [];
    clients = [];
  });
  afterEach(async () => {
    for (const c of clients) c.close();
    await server.close();
  });

  it('lists the stick as it is now, and nothing while it is off the bus', async () => {
    const stick = await plugged();
    const list = await (await client()).list();
    assert.equal(list.length, 12 + 312 + 4);
    assert.equal(list.subarray(0, 12).toString('hex'), '011100050000000000000001');
    assert.equal(list.toString('latin1', 12 + 256, 12 + 259), '1-1');
    assert.equal(list.readUInt32BE(12 + 296), 3, 'high speed');
    assert.equal(list.readUInt32BE(12 + 300), 0x12d11f01);
    assert.equal(list.subarray(12 + 312).toString('hex'), '08065000');
    stick.unplug();
    const empty = await (await client()).list();
    assert.equal(empty.toString('hex'), '011100050000000000000000');
  });

  it('refuses another bus id, a second host, and a stick that is off the bus', async () => {
    const { stick } = await attached();
    const second = await client();
    assert.equal(await second.import(), 1);
    const other = await client();
    assert.equal(await other.import('1-2'), 1);
    stick.unplug();
    await clients[0]?.dropped;
    assert.equal(await (await client()).import(), 1);
  });

  it('shows descriptors that say the same as the device model', async () => {
    for (const options of [{}, { sdReader: true }, STICK, { ...STICK, setport: 'FF;10,12,16,A1,A2' }]) {
      const { stick, host } = await attached(options);
      const device = await host.control(GET_DEVICE);
      const configuration = await host.control(GET_CONFIGURATION);
      assert.equal(configuration.data.readUInt16LE(2), configuration.actual, 'wTotalLength');
      const read = parseDescriptors(Buffer.concat([device.data, configuration.data]));
      assert.equal(read?.productId, stick.device?.productId);
      for (const i of stick.device?.interfaces ?? []) assert.deepEqual(read?.endpoints(1, i.number), i.endpoints);
      const short = await host.control('8006000100000800');
      assert.equal(short.data.toString('hex'), device.data.subarray(0, 8).toString('hex'));
      const product = await host.control(`8006${device.data.subarray(15, 16).toString('hex')}030904ff00`);
      assert.equal(product.data.toString('utf16le', 2), stick.device?.product);
      host.close();
      await server.close();
    }
  });

  it('switches by the SCSI message: CSW, connection dropped, another device under the same bus id', async () => {
    const { stick, host } = await attached();
    assert.equal((await host.control('a1fe000000000100')).data.toString('hex'), '01', 'two logical units');
    const csw = host.in(1, 13);
    const sent = await host.out(1, REWIND);
    assert.deepEqual([sent.status, sent.actual], [0, 31]);
    assert.equal((await csw).data.toString('hex'), '55534253123456780000000000');
    const back = appearance(stick);
    await host.dropped;
    await back;
    const again = await client();
    assert.equal(await again.import(), 0);
    assert.equal((await again.control(GET_DEVICE)).data.readUInt16LE(10), 0x14db);
  });

  it('stalls an invalid CBW until the transport is reset', async () => {
    const { host } = await attached();
    assert.equal((await host.out(1, Buffer.from('nonsense'))).status, STALL);
    assert.equal((await host.in(1, 13)).status, STALL);
    assert.equal((await host.control('21ff000000000000')).status, 0);
    const inquiry = Buffer.from('5553424301000000240000008000061200000024000000000000000000000000', 'hex');
    assert.equal((await host.out(1, inquiry.subarray(0, 31))).status, 0);
    assert.equal((await host.in(1, 36)).data.toString('latin1', 8, 14), 'HUAWEI');
  });

  it('talks AT on the interface that is read, holds IN transfers back, and takes them back on UNLINK', async () => {
    const { stick, host } = await attached(STICK);
    const first = host.submit(3, { in: 4096 });
    const second = host.submit(3, { in: 4096 });
    const third = host.submit(3, { in: 4096 });
    await host.out(2, Buffer.from('AT\r'));
    const said = (await first.ended).data.toString() + (await second.ended).data.toString();
    assert.equal(said, 'AT\r\r\nOK\r\n');
    assert.equal(await host.unlink(third.seqnum), -104);
    assert.equal(await host.unlink(first.seqnum), 0, 'ended before');
    // Nobody reads any more: the answer is lost, as on a port that no program has open.
    const answered = new Promise<void>((resolve) => {
      stick.onEvent((event) => {
        if (event.what === 'at') setImmediate(resolve);
      });
    });
    await host.out(2, Buffer.from('AT\r'));
    await answered;
    assert.equal((await host.control('2122030001000000')).status, 0, 'SET_CONTROL_LINE_STATE');
    const next = host.submit(3, { in: 4096 });
    await host.out(2, Buffer.from('ATE0\r'));
    assert.equal((await next.ended).data.toString(), 'ATE0\r');
  });

  it('cuts what is longer than the room of a transfer, and loses nothing', async () => {
    const { host } = await attached(STICK);
    const transfers = Array.from({ length: 40 }, () => host.in(3, 8));
    await host.out(2, Buffer.from('AT+CGMM\r'));
    let said = '';
    for (const transfer of transfers) {
      said += (await transfer).data.toString();
      if (said.endsWith('OK\r\n')) break;
    }
    assert.equal(said, 'AT+CGMM\r\r\nE3272\r\n\r\nOK\r\n');
  });

  it('has no ttys of its own any more', async () => {
    const { stick } = await attached(STICK);
    assert.deepEqual(stick.ttys, []);
    assert.ok(stick.device?.interfaces.every((i) => i.tty === undefined));
  });

  it('answers what the network drivers of a kernel ask before they bind', async () => {
    const { host } = await attached({ ...STICK, setport: 'FF;10,12,16' });
    const parameters = await host.control('a180000002001c00');
    assert.equal(parameters.data.readUInt16LE(0), 28);
    assert.equal((await host.control('010b010002000000')).status, 0, 'alternate setting 1 has the data endpoints');
    assert.equal((await host.control('810a000002000100')).data.toString('hex'), '01');
    assert.equal((await host.control('010b020002000000')).status, STALL, 'there is no setting 2');
  });

  it('speaks the control channel of RNDIS', async () => {
    const { stick, host } = await attached();
    const back = appearance(stick);
    await host.out(1, Buffer.from('55534243123456780000000000000011060000000100000100000000000000', 'hex'));
    await host.dropped;
    await back;
    const again = await client();
    assert.equal(await again.import(), 0);
    await again.control(SET_CONFIGURATION);
    const initialize = Buffer.alloc(24);
    initialize.set([2, 0, 0, 0, 24, 0, 0, 0, 7]);
    const notice = again.in(1, 8);
    assert.equal((await again.control('2100000000001800', initialize)).status, 0);
    assert.equal((await notice).data.readUInt32LE(0), 1, 'an answer is there');
    const answer = (await again.control('a101000000000004')).data;
    assert.deepEqual([answer.readUInt32LE(0), answer.readUInt32LE(8), answer.readUInt32LE(12)], [0x80000002, 7, 0]);
    assert.equal(answer.readUInt32LE(4), answer.length);
  });

  it('stalls unknown requests and endpoints', async () => {
    const { host } = await attached();
    assert.equal((await host.control('c09a000000000800')).status, STALL);
    assert.equal((await host.in(7, 8)).status, STALL);
    assert.equal((await host.control('0009050000000000')).status, STALL, 'there is no configuration 5');
  });

  it('drops who speaks no USB/IP, and goes on', async () => {
    const stick = await plugged();
    const stranger = await client();
    stranger.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    await stranger.dropped;
    const host = await client();
    assert.equal(await host.import(), 0);
    host.write(Buffer.alloc(48, 9));
    await host.dropped;
    assert.equal(complaints.length, 2);
    assert.ok(stick.device);
    assert.equal(await (await client()).import(), 0);
  });

  it('takes no transfer of more than 1 MB, and lets no more than 256 wait on an endpoint', async () => {
    const { host } = await attached(STICK);
    const waiting = Array.from({ length: 256 }, () => host.submit(3, { in: 8 }));
    assert.equal((await host.in(3, 8)).status, STALL);
    // One place is free again.
    assert.equal(await host.unlink(waiting[0]?.seqnum ?? 0), -104);
    const last = host.submit(3, { in: 8 });
    assert.equal(await host.unlink(last.seqnum), -104);
    assert.equal((await host.out(2, Buffer.alloc(1 << 20))).status, 0);
    const head = Buffer.alloc(48);
    head.writeUInt32BE(1, 0);
    head.writeUInt32BE((1 << 20) + 1, 24);
    host.write(head);
    await host.dropped;
    assert.match(String(complaints[0]), /1048577 bytes is too large/);
  });

  it('takes nothing more from a host that does not read what it gets, until it does', async () => {
    const accepted = new Promise<Socket>((resolve) => {
      const onSocket = (message: unknown) => {
        unsubscribe('net.server.socket', onSocket);
        resolve((message as { socket: Socket }).socket);
      };
      subscribe('net.server.socket', onSocket);
    });
    await plugged({ ...STICK, setport: 'FF;10,12,16,A1,A2' });
    const host = connect(server.port, '127.0.0.1');
    const served = await accepted;
    const request = Buffer.alloc(40);
    request.writeUInt32BE(0x01118003, 0);
    request.write('1-1', 8);
    const submit = Buffer.alloc(48);
    submit.writeUInt32BE(1, 0);
    submit.writeUInt32BE(1, 12);
    submit.writeUInt32BE(255, 24);
    Buffer.from(GET_CONFIGURATION, 'hex').copy(submit, 40);
    const count = 150_000;
    const all = Buffer.concat([request, ...Array.from({ length: count }, () => submit)]);
    const stopped = new Promise<void>((resolve) => {
      served.once('pause', resolve);
      served.on('data', () => {
        if (served.bytesRead === all.length) resolve();
      });
    });
    host.write(all);
    await stopped;
    assert.ok(served.writableLength < 2 << 20, `${served.writableLength} bytes wait`);
    // The device's own descriptor says how long each answer is.
    let got = 0;
    let each = 0;
    for await (const chunk of host as AsyncIterable<Buffer>) {
      got += chunk.length;
      if (each === 0 && got >= 400) each = 48 + chunk.readUInt32BE(320 + 24);
      if (got >= 320 + count * each) break;
    }
    assert.equal(got, 320 + count * each);
    assert.deepEqual(complaints, []);
  });

  it('keeps no more than 16 answers of RNDIS, and no more than 16 connections', async () => {
    const { stick, host } = await attached();
    const back = appearance(stick);
    await host.out(1, Buffer.from('55534243123456780000000000000011060000000100000100000000000000', 'hex'));
    await host.dropped;
    await back;
    const again = await client();
    assert.equal(await again.import(), 0);
    await again.control(SET_CONFIGURATION);
    for (let n = 1; n <= 20; n++) {
      const keepAlive = Buffer.alloc(12);
      keepAlive.set([8, 0, 0, 0, 12, 0, 0, 0, n]);
      assert.equal((await again.control('2100000000000c00', keepAlive)).status, 0);
    }
    assert.equal((await again.control('a101000000000004')).data.readUInt32LE(8), 5, 'the oldest are gone');
    const dropped = new Promise<void>((resolve) => {
      for (let n = 0; n < 16; n++) void client().then((one) => one.dropped.then(() => resolve()));
    });
    await dropped;
  });

  it('says PORT_BUSY when its port is taken', async () => {
    const stick = await plugged();
    const { port } = server;
    await assert.rejects(serveUsbip({ stick, port }), (error: unknown) => isDriverError(error, 'PORT_BUSY'));
  });
});
