import type { StickAction } from '../../src/device/at/open-at';
import { nodeFailure } from '../shared/messages';

/** What each action takes, in the words of an error. */
const ACTIONS: Readonly<Record<StickAction['action'], string>> = {
  data: '{"action": "data", "on": true}',
  mode: '{"action": "mode", "order": ["LTE", "WCDMA"]}',
  reboot: '{"action": "reboot"}',
  lan: '{"action": "lan", "address": "192.168.9.1"}',
  pin: '{"action": "pin"}',
};

/** What a message has the stick do; undefined where it only asks for the status. Error: BAD_ARGUMENT. */
export function readAction(payload: unknown): StickAction | undefined {
  if (typeof payload !== 'object' || payload === null || !('action' in payload)) return undefined;
  const { action, force, on, order, address } = payload as Readonly<Record<string, unknown>>;
  const known = Object.keys(ACTIONS).find((name): name is StickAction['action'] => name === action);
  if (known === undefined) {
    throw nodeFailure('BAD_ARGUMENT/action', { action: String(JSON.stringify(action)), known: Object.values(ACTIONS) });
  }
  const wrong = (member: string) => nodeFailure('BAD_ARGUMENT/action-member', { member, form: ACTIONS[known] });
  if (force !== undefined && typeof force !== 'boolean') throw wrong('force');
  const forced = force ? { force } : {};
  switch (known) {
    case 'data':
      if (on !== undefined && typeof on !== 'boolean') throw wrong('on');
      return { action: known, ...(on !== undefined && { on }), ...forced };
    case 'mode': {
      const list: unknown = typeof order === 'string' ? [order] : order;
      if (list === undefined) return { action: known };
      if (!Array.isArray(list) || list.length === 0 || !list.every((one) => typeof one === 'string'))
        throw wrong('order');
      return { action: known, order: list };
    }
    case 'lan':
      if (address !== undefined && typeof address !== 'string') throw wrong('address');
      return { action: known, ...(address !== undefined && { address }), ...forced };
    case 'reboot':
      return { action: known, ...forced };
    case 'pin':
      return { action: known };
  }
}
