import assert from 'node:assert/strict';
import { APPEARANCES, type Appearance, personality } from '../../src/virtual/personality';

const AFTER = ['10', '12', '16', 'A1', 'A2'];

/** `class/subclass/protocol endpoints` of each interface, in hex. */
function shape(appearance: Appearance, after = AFTER): string[] {
  const h = (n: number) => n.toString(16).padStart(2, '0');
  return personality(appearance, after).device.interfaces.map((i) => {
    const endpoints = i.endpoints.map((e) => `${e.type === 'interrupt' ? 'i' : ''}${h(e.address)}`).sort();
    return [[i.class, i.subclass, i.protocol].map(h).join('/'), ...endpoints].join(' ');
  });
}

describe('virtual stick: descriptors', () => {
  it('1506 with the default SETPORT has the interfaces and endpoints of a recorded dump', () => {
    assert.deepEqual(shape('tty'), [
      'ff/03/10 01 81 i82',
      'ff/03/12 02 83',
      'ff/03/16 i85',
      '08/06/50 04 86',
      '08/06/50 05 87',
    ]);
  });

  it('14dc has the interfaces and endpoints of a recorded dump', () => {
    assert.deepEqual(shape('hilink-sd'), ['02/06/00 i83', '0a/06/00 02 82', '08/06/50 03 84']);
    assert.deepEqual(shape('hilink'), shape('hilink-sd').slice(0, 2));
  });

  it('storage modes are one or two interfaces with bulk IN and OUT of 512', () => {
    for (const appearance of ['cdrom-hilink', 'cdrom-stick', 'cdrom-pnp'] as const) {
      const { interfaces } = personality(appearance, AFTER).device;
      assert.equal(interfaces.length, appearance === 'cdrom-pnp' ? 2 : 1);
      for (const i of interfaces) {
        assert.deepEqual([i.class, i.subclass, i.protocol, i.driver], [8, 6, 0x50, 'usb-storage']);
        assert.deepEqual(
          i.endpoints.map((e) => [e.type, e.maxPacketSize, e.address >> 7]),
          [
            ['bulk', 512, 1],
            ['bulk', 512, 0],
          ],
        );
      }
    }
  });

  it('each appearance has its product id, strings and roles', () => {
    const table = APPEARANCES.map((appearance) => {
      const { device, roles } = personality(appearance, AFTER);
      return [device.productId.toString(16), device.product ?? '', device.serial ?? '', roles.join(' ')];
    });
    assert.deepEqual(table, [
      ['1f01', 'HUAWEI_MOBILE', '0123456789ABCDEF', 'storage'],
      ['15ca', 'HUAWEI Mobile', 'FFFFFFFFFFFFFFFF', 'storage'],
      ['14fe', 'HUAWEI Mobile', '', 'storage storage'],
      ['15cf', 'HUAWEI_MOBILE', '0123456789ABCDEF', 'storage'],
      ['14fe', 'HUAWEI_MOBILE', '0123456789ABCDEF', 'storage'],
      ['14db', 'HUAWEI HiLink', '', 'network network'],
      ['14db', 'HUAWEI HiLink', '', 'network network'],
      ['14dc', 'HUAWEI Mobile', '', 'network network storage'],
      ['1506', 'HUAWEI_MOBILE', '', 'modem pcui network storage storage'],
      ['155e', 'HUAWEI_MOBILE', '', 'modem diag pcui network network'],
      ['1001', 'HUAWEI Mobile', '', 'modem diag pcui'],
      ['1566', 'HUAWEI_MOBILE', '', 'network network pcui gps gps diag'],
      ['1442', 'HUAWEI_MOBILE', '', 'pcui storage'],
      ['1443', 'USB', '', 'boot'],
      ['1c05', 'HUAWEI_MOBILE', '', 'modem diag download'],
      ['1442', 'HUAWEI_MOBILE', '', 'download diag'],
      ['36dd', '', '', 'other'],
      ['107e', 'HUAWEI Phone', '', 'storage'],
    ]);
  });

  it('the composition follows SETPORT, code by code', () => {
    assert.deepEqual(
      shape('tty', ['2', '3', '5', '14', '1']).map((s) => s.slice(0, 8)),
      ['ff/03/02', 'ff/03/03', 'ff/03/05', 'ff/03/14', 'ff/03/01'],
    );
  });

  it('no endpoint address occurs twice', () => {
    for (const appearance of APPEARANCES) {
      const addresses = personality(appearance, AFTER).device.interfaces.flatMap((i) =>
        i.endpoints.map((e) => e.address),
      );
      assert.equal(new Set(addresses).size, addresses.length, appearance);
    }
  });
});
