import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { Status } from '../../src/values/status';
import { readSaved, stickConfig } from '../shared/config';
import { loadDriver } from '../shared/lazy';
import { NodeLife } from '../shared/node';
import { openSession, sessionStatus } from '../shared/session';
import { withoutStick } from '../shared/without-stick';
import { works } from '../shared/words';
import { readAction } from './request';
import { STATUS } from './saved';
import { readSettings, summary } from './settings';

function init(RED: NodeAPI): void {
  function StatusOfStick(this: Node, saved: NodeDef): void {
    RED.nodes.createNode(this, saved);
    const def = readSaved(this, STATUS, saved);
    const life = new NodeLife(this);
    const config = stickConfig(RED, def.stick);
    if (!config) {
      withoutStick(life);
      return;
    }
    const { which } = config;

    /** The latest ones, in a line. */
    let figures: string | undefined;
    const line = sessionStatus(life, config, (key) => {
      if (!works(key)) figures = undefined;
      return { key, ...(figures !== undefined && { text: figures }) };
    });

    const opened = life.start(async () => {
      const settings = readSettings(def);
      const [{ StatusWatch }, host, handle] = await Promise.all([
        loadDriver(),
        config.host(),
        openSession(config, life, { status: line, web: true }),
      ]);
      const show = (status: Status) => {
        figures = summary(status);
        line.show();
      };
      const watch = new StatusWatch(handle, host.clock, settings, {
        read: life.guard(show),
        status: life.guard((payload) => this.send({ topic: handle.state.stick ?? which, payload })),
        failed: (error) => life.fail(error),
      });
      life.onClose(() => watch.stop());
      return { handle, watch, show };
    });

    life.input(async (msg, send) => {
      const { handle, watch, show } = await opened;
      const action = readAction(msg.payload);
      if (action) {
        const acted = await handle.act(action, life.signal);
        msg.payload = { stick: handle.state.stick ?? which, ...acted };
        send(msg);
        return;
      }
      const payload = await watch.read(life.signal);
      show(payload);
      msg.payload = payload;
      send(msg);
    });
  }

  RED.nodes.registerType('e3272-status', StatusOfStick);
}

export = init;
