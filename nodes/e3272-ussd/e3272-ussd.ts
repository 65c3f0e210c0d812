import type { Node, NodeAPI, NodeDef } from 'node-red';
import { milliseconds, readSaved, stickConfig } from '../shared/config';
import { nodeFailure } from '../shared/messages';
import { NodeLife } from '../shared/node';
import { openSmsSession } from '../shared/session';
import { withoutStick } from '../shared/without-stick';
import { USSD } from './saved';

function init(RED: NodeAPI): void {
  function Ussd(this: Node, saved: NodeDef): void {
    RED.nodes.createNode(this, saved);
    const def = readSaved(this, USSD, saved);
    const life = new NodeLife(this);
    const config = stickConfig(RED, def.stick);
    if (!config) {
      withoutStick(life);
      return;
    }
    const { which } = config;

    const opened = life.start(() => openSmsSession(config, life, { web: true }));

    life.input(async (msg, send) => {
      const code = String(def.code ?? '').trim();
      const asked = code !== '' ? code : msg.payload;
      const text = typeof asked === 'number' ? String(asked) : asked;
      if (typeof text !== 'string' || text.trim() === '') {
        throw nodeFailure('BAD_ARGUMENT/no-ussd-code', {});
      }
      const timeout = milliseconds(def.timeout, 'The timeout');
      const handle = await opened;
      const stick = handle.state.stick ?? which;
      if (text.trim() === 'cancel') {
        await handle.cancelUssd();
        msg.payload = { stick, text: '', menu: false };
      } else {
        const options = timeout === undefined ? {} : { timeout };
        msg.payload = { stick, ...(await handle.ussd(text.trim(), options)) };
      }
      send(msg);
    });
  }

  RED.nodes.registerType('e3272-ussd', Ussd);
}

export = init;
