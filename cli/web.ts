/** The web API of a stick in HiLink mode, opened for one command and left logged out, whatever happens. */

import { isDriverError } from '../src/errors';
import { type HilinkClient, openHilink } from '../src/hilink/client';
import { openThere } from '../src/hilink/there';
import type { Transport } from '../src/hilink/transport';
import type { Stick } from '../src/stick/stick';
import type { Context } from './context';
import { askSecret } from './secret';

export interface WebOptions {
  /** Of its web interface; with a stick the only place where it is looked for. */
  url?: string;
  user?: string;
  /** Of the stick that is meant. */
  imei?: string;
}

/** What a command has found: members of its last line; with `ok` false it has failed. */
export type Told = Readonly<Record<string, unknown>> & { ok?: boolean };

type Work = (client: HilinkClient) => Promise<boolean>;

/**
 * Opens the web API of `stick`, or without one what is at the address, and works. The password comes from the environment;
 * where that has none, a person is asked for it as soon as the stick wants one.
 */
export async function withWeb(context: Context, options: WebOptions, stick: Stick | undefined, work: Work) {
  const { signal } = context;
  const attempt = async (password: string | undefined, what = work): Promise<boolean> => {
    const client = await openWeb(context, options, stick, password);
    try {
      return await what(client);
    } finally {
      await client.close();
    }
  };
  const ask = () => askSecret(`Password of the web page of ${stick?.path ?? options.url}: `, signal);
  const given = process.env['E3272_HILINK_PASSWORD'];
  if (given) return attempt(given);
  const isWanted = async (client: HilinkClient) => (await client.wantsLogin({ signal })) === true;
  const asked = process.stdin.isTTY && (await attempt(undefined, isWanted)) ? await ask() : undefined;
  try {
    return await attempt(asked);
  } catch (error) {
    // Older firmware does not tell it beforehand.
    if (asked !== undefined || !isDriverError(error, 'HILINK_ERROR/login-needed')) throw error;
    const password = await ask();
    if (!password) throw error;
    return attempt(password);
  }
}

async function openWeb(
  { host, signal, trace }: Context,
  { url = '', user, imei }: WebOptions,
  stick: Stick | undefined,
  password: string | undefined,
): Promise<HilinkClient> {
  const who = { ...(user !== undefined && { user }), ...(password !== undefined && { password }) };
  const meant = imei === undefined ? {} : { imei };
  // On the bus the host is heard, and what goes through it.
  const heard = trace && { tap: (transport: Transport) => trace.tapWeb(transport) };
  if (!stick) return openHilink({ url, ...who, expect: meant, ...heard });
  return openThere(host, stick.device, {
    ...who,
    ...(url !== '' && { address: url }),
    signal,
    recognise: ({ imei: found, serial }) => ({
      ...(found !== undefined && { imei: found }),
      ...(serial !== undefined && { serial }),
      ...meant,
    }),
  });
}
