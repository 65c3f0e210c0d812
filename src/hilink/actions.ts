/** What a stick in HiLink mode can be told to do, as plain data: the same from a flow and on the command line. */

import { failure } from '../errors';
import type { WebLan, WebSelection, WebValues } from '../values/web';
import type { HilinkClient } from './client';

/** Without its value an action only looks. */
export type WebAction =
  | { action: 'data'; on?: boolean }
  /** Which systems it may use, by preference: `['auto']`, `['LTE', 'WCDMA']`. */
  | { action: 'mode'; order?: readonly string[] }
  | { action: 'reboot' }
  /** Of the stick in the network between it and the machine: `192.168.9.1`. The only cure of two sticks with the same one. */
  | { action: 'lan'; address?: string };

/** What it is like then. */
export interface WebActed {
  action: WebAction['action'];
  data?: NonNullable<WebValues['data']>;
  selection?: WebSelection;
  lan?: WebLan;
}

export interface ActOptions {
  /** Asked before what may cut the machine's own line, which is told in words; throws if that must not be. */
  mayCut(what: string): Promise<void>;
  signal: AbortSignal;
}

/** Errors: those of `mayCut`, TIMEOUT (data does not get there), BAD_ARGUMENT, and those of the client. */
export async function act(client: HilinkClient, wanted: WebAction, { mayCut, signal }: ActOptions): Promise<WebActed> {
  const { action } = wanted;
  switch (wanted.action) {
    case 'data': {
      if (wanted.on === undefined) return { action, data: told(client, await client.data({ signal })) };
      if (!wanted.on) await mayCut('Data off');
      const data = told(client, await client.setData(wanted.on, { signal }));
      const state = wanted.on ? 'up' : 'down';
      if (data.connection !== state) throw failure('TIMEOUT/data', { stick: client.url, state });
      return { action, data };
    }
    case 'mode': {
      const { order } = wanted;
      const found = order ? client.setOrder(order, { signal }) : client.selection({ signal });
      return { action, selection: told(client, await found) };
    }
    case 'reboot':
      await mayCut('A restart');
      await client.restart({ signal });
      return { action };
    case 'lan': {
      if (wanted.address === undefined) return { action, lan: told(client, await client.lan({ signal })) };
      await mayCut('Another LAN address');
      return { action, lan: await client.setLanAddress(wanted.address, { signal }) };
    }
  }
}

/** Error: HILINK_ERROR, where there is nothing. */
function told<T extends object>({ url }: HilinkClient, found: T | undefined): T {
  if (found === undefined) throw failure('HILINK_ERROR/nothing-told', { stick: url });
  return found;
}
