import type { Node, NodeAPI, NodeDef } from 'node-red';
import { readSaved } from '../shared/config';
import { declareVirtual, handsOn, isVirtual, requireVirtual, serveWebOf } from '../shared/hosts';
import { nodeFailure } from '../shared/messages';
import { NodeLife } from '../shared/node';
import { VIRTUAL, VIRTUAL_MODELS } from './saved';

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
  const known = Object.keys(ACTIONS).join(', ');
  throw nodeFailure('BAD_ARGUMENT/virtual-order', { order: JSON.stringify(asked) ?? 'nothing', known });
}

/** undefined: no web server is wanted. Error: BAD_ARGUMENT. */
function portOf(asked: unknown): number | undefined {
  const text = String(asked ?? '').trim();
  if (text === '') return undefined;
  if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw nodeFailure('BAD_ARGUMENT/web-port', { text });
}

function init(RED: NodeAPI): void {
  function Virtual(this: Node, saved: NodeDef): void {
    RED.nodes.createNode(this, saved);
    const def = readSaved(this, VIRTUAL, saved);
    const life = new NodeLife(this);
    const name = String(def.virtual ?? '').trim() || 'virtual-1';
    try {
      requireVirtual(name);
    } catch (error) {
      life.status.stick('noconfig');
      life.input(() => {
        throw error;
      });
      return;
    }
    if (isVirtual(name)) {
      declareVirtual(name, {
        firmware: def.firmware === 'stick' ? 'stick' : 'hilink',
        model: VIRTUAL_MODELS.find((model) => model === def.model) ?? VIRTUAL.fresh.model,
      });
    }

    const ready = life.start(async () => {
      const hands = await handsOn(RED, name);
      const show = life.guard(() => {
        const { plugged } = hands;
        life.status.stick(plugged === undefined ? 'noserver' : plugged ? 'plugged' : 'unplugged');
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
