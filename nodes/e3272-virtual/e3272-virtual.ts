import type { Node, NodeAPI, NodeDef } from 'node-red';
import { DriverError } from '../../src/errors';
import { declareVirtual, handsOn, isVirtual, requireVirtual, serveWebOf } from '../shared/hosts';
import { NodeLife } from '../shared/node';

interface VirtualDef extends NodeDef {
  virtual: string;
  firmware: string;
  action: string;
  /** TCP port of its web server; none where it is empty. */
  web?: string;
}

/** What a person can do, as orders to the virtual stick. */
const ACTIONS: Readonly<Record<string, object>> = {
  plug: { do: 'plug' },
  'boot-pin': { do: 'plug', bootPin: true },
  unplug: { do: 'unplug' },
  'insert-sim': { do: 'insertSim' },
  'remove-sim': { do: 'removeSim' },
};

/** An action's name, or an order of its own. Error: BAD_ARGUMENT. */
function orderOf(asked: unknown): object {
  if (typeof asked === 'object' && asked !== null && !Array.isArray(asked)) return asked;
  const order = typeof asked === 'string' && Object.hasOwn(ACTIONS, asked) ? ACTIONS[asked] : undefined;
  if (order) return order;
  throw new DriverError('BAD_ARGUMENT', `A virtual stick does not understand ${JSON.stringify(asked) ?? 'nothing'}.`, {
    hint: `Send one of ${Object.keys(ACTIONS).join(', ')}, or an order object like {"do": "plug"}.`,
  });
}

/** undefined: no web server is wanted. Error: BAD_ARGUMENT. */
function portOf(asked: unknown): number | undefined {
  const text = String(asked ?? '').trim();
  if (text === '') return undefined;
  if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new DriverError('BAD_ARGUMENT', `${text} is no TCP port for the web server of a virtual stick.`, {
    hint: 'Set a number from 1 to 65535, or leave it empty.',
  });
}

function init(RED: NodeAPI): void {
  function Virtual(this: Node, def: VirtualDef): void {
    RED.nodes.createNode(this, def);
    const life = new NodeLife(this);
    const name = String(def.virtual ?? '').trim() || 'virtual-1';
    try {
      requireVirtual(name);
    } catch (error) {
      life.status.show('noconfig');
      life.input(() => {
        throw error;
      });
      return;
    }
    if (isVirtual(name)) declareVirtual(name, def.firmware === 'stick' ? 'stick' : 'hilink');

    const ready = life.start(async () => {
      const hands = await handsOn(RED, name);
      const show = life.guard(() => {
        const { plugged } = hands;
        life.status.show(plugged === undefined ? 'noserver' : plugged ? 'plugged' : 'unplugged');
      });
      const onEvent = life.guard((payload: object) => {
        show();
        this.send({ topic: name, payload: structuredClone(payload) });
      });
      life.onClose(hands.onEvent(onEvent));
      life.onClose(hands.onChange(show));
      const port = portOf(def.web);
      if (port !== undefined) life.onClose(await serveWebOf(name, port, (error) => life.fail(error)));
      show();
      return { hands, show };
    });

    life.input(async (msg) => {
      const order = orderOf(!def.action || def.action === 'msg' ? msg.payload : def.action);
      const { hands, show } = await ready;
      await hands.order(order);
      show();
    });
  }

  RED.nodes.registerType('e3272-virtual', Virtual);
}

export = init;
