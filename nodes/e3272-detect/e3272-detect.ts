import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { Stick } from '../../src/stick/stick';
import type { StickChange } from '../../src/stick/watch';
import { readSaved, stickConfig, switchMessage } from '../shared/config';
import { noStick } from '../shared/failure';
import { localHost } from '../shared/hosts';
import { loadDriver } from '../shared/lazy';
import { NodeLife } from '../shared/node';
import { onlookerStatus } from '../shared/stick-status';
import { switchFailure } from '../shared/words';
import { DETECT } from './saved';

interface Payload {
  /** What happened on the bus; as an answer: `present`, or `absent` where no such stick is plugged in. */
  event: 'appeared' | 'changed' | 'vanished' | 'present' | 'absent';
  stick: string;
  mode?: string;
  from?: string;
  product?: string;
  vendorId?: number;
  productId?: number;
  /** Both ids as lsusb writes them: `12d1:1f01`. */
  usbId?: string;
  ttys?: { path: string; interface: number; role: string }[];
  /** Why it has no AT port and will not have one by itself. */
  problem?: string;
  /** It is no stick of this family, and is named only. */
  foreign?: { name: string; what: string };
}

function payloadOf(event: Payload['event'], stick: Stick, from?: string): Payload {
  const { path, mode, product, vendorId, productId, ttys, problem, foreign } = stick;
  return {
    event,
    stick: path,
    mode,
    ...(from !== undefined && { from }),
    product,
    vendorId,
    productId,
    usbId: [vendorId, productId].map((id) => id.toString(16).padStart(4, '0')).join(':'),
    ttys: ttys.map((t) => ({ path: t.path, interface: t.interface, role: t.role })),
    ...(problem !== undefined && { problem }),
    ...(foreign && { foreign }),
  };
}

/** Ports come up one after another: between the first and the last one there is nothing to tell. */
const worthTelling = ({ event, stick, from }: StickChange): boolean =>
  event !== 'present' && (event !== 'changed' || from !== stick.mode || stick.withoutTty === 0);

function init(RED: NodeAPI): void {
  function Detect(this: Node, saved: NodeDef): void {
    RED.nodes.createNode(this, saved);
    const def = readSaved(this, DETECT, saved);
    const life = new NodeLife(this);
    const config = stickConfig(RED, def.stick);
    if (!config && def.stick) {
      life.status.stick('noconfig');
      life.input(() => {
        throw noStick();
      });
      return;
    }
    const which = config?.which ?? 'auto';
    const host = () => (config ? config.host() : localHost(RED));
    const status = onlookerStatus(life, { which, host }, { several: true });

    const ready = life.start(async () => {
      const [driver, bus] = await Promise.all([loadDriver(), host()]);
      const message = switchMessage(def.message);
      const meant = driver.meantBy(bus, which);
      const onChange = life.guard((change: StickChange) => {
        const { event, stick, from } = change;
        if (!meant(stick)) return;
        if (worthTelling(change)) this.send({ topic: stick.path, payload: payloadOf(event, stick, from) });
        if (!def.auto) return;
        driver.autoSwitch(bus, change, {
          message,
          onStart: life.guard(() => life.status.show('switching')),
          onEnd: life.guard((outcome) => {
            if ('error' in outcome) {
              life.log(outcome.error);
              status.result(switchFailure(outcome.error));
            } else life.status.over();
          }),
        });
      });
      const watch = driver.watchSticks(bus, onChange);
      life.onClose(() => watch.stop());
      return { driver, bus, meant };
    });

    life.input(async (msg, send) => {
      const { driver, bus, meant } = await ready;
      const sticks = (await driver.listSticks(bus)).filter(meant);
      if (sticks.length === 0) {
        msg.payload = { event: 'absent', stick: which } satisfies Payload;
        send(msg);
        return;
      }
      sticks.forEach((stick, index) => {
        const last = index === sticks.length - 1;
        const answer = last ? msg : RED.util.cloneMessage(msg);
        answer.payload = payloadOf('present', stick);
        if (sticks.length > 1) answer.parts = { id: msg._msgid, index, count: sticks.length };
        send(answer);
      });
    });
  }

  RED.nodes.registerType('e3272-detect', Detect);
}

export = init;
