import { nodeFailure } from '../shared/messages';

/** What a message has done to single messages of a stick in HiLink mode; `ids` as `index` in the list. Error: BAD_ARGUMENT. */
export function readChange(payload: unknown): { action: 'delete' | 'read'; ids: number[] } {
  const { action, ids } = (payload ?? {}) as { action?: unknown; ids?: unknown };
  if (action !== 'delete' && action !== 'read') throw nodeFailure('BAD_ARGUMENT/sms-request', {});
  const isId = (id: unknown): id is number => Number.isInteger(id) && Number(id) >= 0;
  if (!Array.isArray(ids) || ids.length === 0 || !ids.every(isId)) throw nodeFailure('BAD_ARGUMENT/message-ids', {});
  return { action, ids };
}
