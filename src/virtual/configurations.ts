/** A stick with MBIM in a second or third configuration ("CONFIG2" in Huawei's gadget sources): both of its faces. */

import type { UsbConfiguration, UsbInterface } from '../host/host';
import type { Appearance, Personality } from './personality';

/** What shows MBIM, and under which product id. */
const WITH_MBIM: Partial<Record<Appearance, number>> = {
  'cdrom-hilink': 0x157d,
  'cdrom-stick': 0x15cd,
  tty: 0x1506,
};

const MBIM: UsbInterface[] = [
  {
    number: 0,
    class: 0x02,
    subclass: 0x0e,
    protocol: 0,
    endpoints: [{ address: 0x81, type: 'interrupt', maxPacketSize: 64 }],
    driver: 'cdc_mbim',
  },
  { number: 1, class: 0x0a, subclass: 0, protocol: 2, endpoints: [], driver: 'cdc_mbim' },
];

const shapeOf = (value: number, interfaces: readonly UsbInterface[]): UsbConfiguration => ({
  value,
  interfaces: interfaces.map(({ number, class: cls, subclass, protocol }) => ({
    number,
    class: cls,
    subclass,
    protocol,
  })),
});

/**
 * `face` in its configuration `active`, where one of number `mbim` stands beside its own, 1. Without such a configuration it
 * is what it was.
 */
export function inConfiguration(
  face: Personality,
  appearance: Appearance,
  mbim: number | undefined,
  active: number | undefined,
): Personality {
  const productId = WITH_MBIM[appearance];
  if (mbim === undefined || productId === undefined) return face;
  const device = { ...face.device, productId, configurations: mbim };
  if (active !== mbim) return { ...face, device: { ...device, others: [shapeOf(mbim, MBIM)] } };
  return {
    ...face,
    device: {
      ...device,
      configuration: mbim,
      interfaces: MBIM,
      others: [shapeOf(1, face.device.interfaces)],
    },
    roles: ['network', 'network'],
    alternates: [undefined, undefined],
  };
}
