import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { SmsHandle, SmsMessage, StatusReport, Storage, WebReport } from '../../src/device/sms/open-sms';
import { hours, milliseconds, readSaved, stickConfig } from '../shared/config';
import { NodeLife } from '../shared/node';
import { openSmsSession, sessionStatus } from '../shared/session';
import { withoutStick } from '../shared/without-stick';
import { works } from '../shared/words';
import { readChange } from './request';
import { SMS_IN } from './saved';
import { type Level, levelOf } from './storage';

function init(RED: NodeAPI): void {
  function SmsIn(this: Node, saved: NodeDef): void {
    RED.nodes.createNode(this, saved);
    const def = readSaved(this, SMS_IN, saved);
    const life = new NodeLife(this);
    const config = stickConfig(RED, def.stick);
    if (!config) {
      withoutStick(life);
      return;
    }
    const { which } = config;
    /** By store. */
    const levels = new Map<string, Level | undefined>();

    const line = sessionStatus(life, config, (key) => ({
      key: works(key) && [...levels.values()].includes('full') ? 'full' : key,
    }));

    const opened = life.start(async (): Promise<SmsHandle> => {
      const poll = milliseconds(def.poll, 'The time between looks');
      const incompleteAfter = hours(def.incomplete, 'The time for missing parts');
      const handle = await openSmsSession(config, life, { status: line, web: true });
      const stick = () => handle.state.stick ?? which;
      const show = () => line.show();
      const tell = (payload: object) => this.send([null, { topic: stick(), payload }]);

      const onMessage = (message: SmsMessage): boolean | 'ignored' => {
        if ((message.existing && !def.existing) || (message.flash && !def.flash)) return 'ignored';
        this.send([{ topic: stick(), payload: { stick: stick(), ...message } }, null]);
        return def.remove;
      };
      const onReport = (report: StatusReport | WebReport): boolean => {
        tell({ event: 'report', stick: stick(), ...report });
        // Told is all that it was for: kept as messages are, it would fill the SIM.
        return true;
      };
      const onStorage = life.guard((storage: Storage) => {
        const before = levels.get(storage.store);
        const now = levelOf(storage);
        const changed = now !== before && !(before === undefined && now === 'ok');
        levels.set(storage.store, now);
        show();
        if (changed && now) tell({ event: 'storage', stick: stick(), ...storage, level: now });
      });
      handle.receive({
        onMessage,
        onReport,
        onWebReport: onReport,
        onStorage,
        onError: (error) => life.fail(error),
        onRecovered: life.guard(show),
        ...(poll !== undefined && { poll }),
        ...(incompleteAfter !== undefined && { incompleteAfter }),
      });
      return handle;
    });

    life.input(async (msg, send) => {
      const handle = await opened;
      switch (msg.payload) {
        case 'list':
          msg.payload = { event: 'list', stick: handle.state.stick ?? which, messages: await handle.list() };
          break;
        case 'clear':
        case 'clear all': {
          const deleted = await handle.clear(msg.payload === 'clear all');
          msg.payload = { event: 'cleared', stick: handle.state.stick ?? which, deleted };
          break;
        }
        case 'storage':
          msg.payload = { event: 'stored', stick: handle.state.stick ?? which, stored: await handle.stored() };
          break;
        default: {
          const { action, ids } = readChange(msg.payload);
          const stick = handle.state.stick ?? which;
          if (action === 'delete') msg.payload = { event: 'deleted', stick, ids: await handle.remove(ids) };
          else {
            await handle.markRead(ids);
            msg.payload = { event: 'read', stick, ids };
          }
        }
      }
      send([null, msg]);
    });
  }

  RED.nodes.registerType('e3272-sms-in', SmsIn);
}

export = init;
