import assert from 'node:assert/strict';
import { MODES, modeOf, roleOf } from '../../src/stick/modes';
import { describeStick } from '../../src/stick/stick';
import { usbDevice } from '../support/devices';

const triple = (cls: number, subclass: number, protocol: number, driver?: string) => ({
  class: cls,
  subclass,
  protocol,
  ...(driver && { driver }),
});

describe('the modes table', () => {
  it('names each product id once', () => {
    assert.equal(new Set(MODES.map((m) => m.productId)).size, MODES.length);
  });

  const known: [number, string][] = [
    [0x1f01, 'storage'],
    [0x15ca, 'storage'],
    [0x14fe, 'storage'],
    [0x14db, 'hilink'],
    [0x14dc, 'hilink'],
    [0x1506, 'tty'],
    [0x1001, 'tty'],
    [0x155e, 'tty'],
    [0x1442, 'tty'],
    [0x1441, 'tty'],
    [0x1c05, 'tty'],
    [0x1443, 'boot'],
    [0x36dd, 'fastboot'],
  ];
  for (const [pid, mode] of known) {
    it(`12d1:${pid.toString(16)} is ${mode}`, () => assert.equal(modeOf(pid, []), mode));
  }

  it('says of 1c05 and 1442 that only asking tells, and of no other', () => {
    assert.deepEqual(
      MODES.filter((m) => m.ambiguous).map((m) => m.productId),
      [0x1442, 0x1c05],
    );
  });

  it('judges an unknown product id by its interfaces', () => {
    assert.equal(modeOf(0x9999, [triple(0xff, 3, 0x12), triple(8, 6, 0x50)]), 'tty');
    assert.equal(modeOf(0x9999, [triple(0xff, 0xff, 0xff, 'option')]), 'tty');
    assert.equal(modeOf(0x9999, [triple(2, 6, 0), triple(10, 6, 0)]), 'hilink');
    assert.equal(modeOf(0x9999, []), 'unknown');
  });

  it('takes a phone in its debug mode, or one that shows its memory, for nothing it knows', () => {
    assert.equal(modeOf(0x107e, [triple(0xff, 0x42, 0x01), triple(6, 1, 1)]), 'unknown');
    assert.equal(modeOf(0x107e, [triple(8, 6, 0x50)]), 'unknown');
    assert.equal(modeOf(0x9999, [triple(8, 6, 0x50), triple(8, 6, 0x50)]), 'unknown');
  });
});

describe('the roles of ttys', () => {
  it('come from the protocol code of class ff', () => {
    const roles = [0x01, 0x02, 0x03, 0x10, 0x12, 0x13, 0x31, 0x32, 0x33, 0x61, 0x62, 0x63].map((protocol) =>
      roleOf(0x1506, triple(0xff, 3, protocol), 0),
    );
    const three = ['modem', 'pcui', 'diag'];
    assert.deepEqual(roles, [...three, ...three, ...three, ...three]);
  });

  it('come from the place in the composition where the code says nothing', () => {
    const stick = (pid: number, triples: [number, number, number][]) =>
      describeStick(
        usbDevice({
          productId: pid,
          interfaces: triples.map(([c, s, p], number) => ({
            number,
            class: c,
            subclass: s,
            protocol: p,
            tty: `/dev/ttyUSB${number}`,
          })),
        }),
      ).ttys.map((t) => t.role);
    const vendor: [number, number, number] = [0xff, 0xff, 0xff];
    assert.deepEqual(stick(0x1c05, [vendor, vendor, vendor]), ['modem', 'diag', 'pcui']);
    assert.deepEqual(stick(0x155e, [vendor, vendor, vendor]), ['modem', 'diag', 'pcui']);
    assert.deepEqual(
      stick(0x1442, [
        [2, 2, 0xff],
        [2, 2, 0xff],
      ]),
      ['pcui', 'unknown'],
    );
    assert.deepEqual(stick(0x1443, [vendor]), ['boot']);
  });

  it('go by the number of the interface there, whichever serial one is the first', () => {
    const stick = (pid: number, faces: [number, [number, number, number]][]) =>
      describeStick(
        usbDevice({
          productId: pid,
          interfaces: faces.map(([number, [c, s, p]]) => ({
            number,
            class: c,
            subclass: s,
            protocol: p,
            ...(c !== 8 && { tty: `/dev/ttyUSB${number}` }),
          })),
        }),
      ).ttys.map((t) => `${t.interface} ${t.role}`);
    const vendor: [number, number, number] = [0xff, 0xff, 0xff];
    const storage: [number, number, number] = [8, 6, 0x50];
    assert.deepEqual(
      stick(0x1c05, [
        [0, vendor],
        [1, storage],
        [2, vendor],
      ]),
      ['0 modem', '2 pcui'],
    );
    for (const pid of [0x1c05, 0x155e, 0x1001]) {
      assert.deepEqual(
        stick(pid, [
          [1, vendor],
          [2, vendor],
          [3, vendor],
        ]),
        ['1 diag', '2 pcui', '3 unknown'],
      );
    }
    assert.deepEqual(
      stick(0x1443, [
        [0, vendor],
        [1, vendor],
        [2, vendor],
      ]),
      ['0 boot', '1 boot', '2 boot'],
    );
  });

  it('are counted from behind the network function that debug modes have in front', () => {
    const control = { class: 2, subclass: 6, protocol: 0 };
    const data = { class: 10, subclass: 6, protocol: 0 };
    const port = { class: 0xff, subclass: 0xff, protocol: 0xff };
    for (const pid of [0x1442, 0x1441, 0x1566]) {
      const stick = describeStick(
        usbDevice({
          productId: pid,
          interfaces: [control, data, port, port].map((i, number) => ({
            ...i,
            number,
            ...(i === port && { tty: `/dev/ttyUSB${number}` }),
          })),
        }),
      );
      assert.deepEqual(
        stick.ttys.map((t) => `${t.interface} ${t.role}`),
        ['2 pcui', '3 unknown'],
      );
    }
  });

  it('leave out network interfaces, and count serial ones without a tty', () => {
    const stick = describeStick(
      usbDevice({
        productId: 0x1506,
        interfaces: [
          { number: 0, class: 0xff, subclass: 3, protocol: 0x10, tty: '/dev/ttyUSB7' },
          { number: 1, class: 0xff, subclass: 3, protocol: 0x12 },
          { number: 2, class: 0xff, subclass: 3, protocol: 0x16 },
          { number: 3, class: 8, subclass: 6, protocol: 0x50 },
        ],
      }),
    );
    assert.deepEqual(stick.ttys, [{ path: '/dev/ttyUSB7', interface: 0, protocol: 0x10, role: 'modem' }]);
    assert.equal(stick.withoutTty, 1);
  });
});
