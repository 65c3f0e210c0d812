/** `status`, `identity`, `sms`, `ussd`: what a stick tells and does by AT and in HiLink mode alike. */

import { failure } from '../src/errors';
import type { Member } from '../src/values/shape';
import { STATUS } from '../src/values/status';
import type { Context } from './context';
import { jsonOf } from './cures';
import type { Listed, Source, Work } from './source';
import type { Told } from './web';

const nothingTold = ({ where }: Source) =>
  failure('HILINK_ERROR/nothing-told', { stick: where.url ?? where.stick ?? '' });

export async function status({ source, context: { out } }: Work): Promise<Told> {
  const found = await source.status(['signal', 'network', 'sim']);
  if (Object.keys(found).length === 0) throw nothingTold(source);
  for (const line of linesOf(STATUS.members, found)) out.result(line);
  return found;
}

export async function identity({ source, context: { out } }: Work): Promise<Told> {
  const { identity: found, members } = await source.identity();
  if (Object.keys(found).length === 0) throw nothingTold(source);
  for (const line of linesOf(members, found)) out.result(line);
  return { identity: found };
}

export async function listSms({ source, context: { out } }: Work): Promise<Told> {
  const messages = await source.list();
  for (const message of messages) showMessage(message, out);
  if (messages.length === 0) out.say('There are no messages.');
  return { messages };
}

function showMessage({ id, from, text, time, read }: Listed, out: Context['out']): void {
  out.result([`${id}${read ? '' : ' new'}`, time, from].filter((part) => part !== undefined).join('  '));
  for (const line of (text ?? '').split(/\r?\n/)) out.result(`  ${line}`);
}

const OUTCOMES = {
  sent: 'Sent',
  failed: 'Not sent: the stick has given it up',
  unknown: 'Nobody knows whether it was sent: the stick does not say. It is not sent again by itself',
} as const;

export const sendSms =
  (to: string, text: string) =>
  async ({ source, context: { out } }: Work): Promise<Told> => {
    const { error, ...result } = await source.send(to, text);
    out.result(`${OUTCOMES[result.outcome]} (${result.parts} SMS).`);
    if (error) out.error(error);
    return { ok: result.outcome === 'sent', ...result, ...(error && jsonOf(error)) };
  };

export const deleteSms =
  (ids: readonly string[]) =>
  async ({ source, context: { out } }: Work): Promise<Told> => {
    const deleted = await source.remove(ids);
    out.result(`Deleted: ${deleted.length} of ${ids.length}.`);
    if (deleted.length < ids.length) out.say('The others are still there: a long message may still be arriving.');
    return { ok: deleted.length === ids.length, deleted };
  };

export const markSmsRead =
  (ids: readonly string[]) =>
  async ({ source, context: { out } }: Work): Promise<Told> => {
    await source.markRead(ids);
    out.result(`Marked as read: ${ids.length}.`);
    return { read: ids };
  };

/** The code, and answers to the menus that it leads to. */
export const ussd =
  (codes: readonly string[]) =>
  async ({ source, context: { out } }: Work): Promise<Told> => {
    let last: { text: string; menu: boolean } | undefined;
    try {
      for (const code of codes) {
        // What is sent to no menu would be a new request.
        if (last?.menu === false) break;
        last = await source.ussd(code);
        out.result(last.text);
      }
    } finally {
      if (last?.menu) await source.cancelUssd();
    }
    return { ...last };
  };

/** A value in lines, each member by its label. */
export function linesOf(members: Readonly<Record<string, Member>>, value: object, indent = ''): string[] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    const member = members[name];
    if (member === undefined || inner === undefined) return [];
    const label = `${indent}${member.label}`;
    if (member.kind === 'group' && typeof inner === 'object' && inner !== null) {
      return [label, ...linesOf(member.members ?? {}, inner, `${indent}  `)];
    }
    const text = typeof inner === 'boolean' ? (inner ? 'yes' : 'no') : [inner].flat().join(', ');
    return [`${label}: ${text}${member.unit ? ` ${member.unit}` : ''}`];
  });
}
