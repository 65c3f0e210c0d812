/**
 * A program that uses sticks by their web API, for a network namespace of its own: asks one after the other who it is, and
 * tells what it got as one line of JSON. Argument: what to ask, as JSON.
 */

import { HilinkSession } from '../../src/device/hilink/session';
import { Readings } from '../../src/device/readings';
import { asDriverError } from '../../src/errors';
import { virtualMachine } from './journey';

export interface LanAsk {
  portPath: string;
  times: number;
  /** Given by hand. */
  address?: string;
}

export interface LanTold {
  /** Serial numbers that were told. */
  serials: (string | undefined)[];
  error?: { key: string; message: string };
}

/** Resolves when it has been seen on the bus, and its web server has answered, or why it does not is known. */
function decided({ states }: HilinkSession): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (states.now && states.now.state !== 'connecting') resolve();
    };
    states.on(look);
    look();
  });
}

async function ask({ portPath, times, address }: LanAsk): Promise<LanTold> {
  const host = virtualMachine();
  const session = new HilinkSession(host, portPath, new Readings(() => host.clock.now()));
  const leave = session.join({ ...(address !== undefined && { address }), password: 'admin' });
  const serials: (string | undefined)[] = [];
  try {
    await decided(session);
    for (let n = 0; n < times; n++) {
      const { serial } = await session.run((client, signal) => client.identity({ signal }));
      serials.push(serial);
    }
    return { serials };
  } catch (thrown) {
    const { code, reason, message } = asDriverError(thrown, 'PROTOCOL/web-session', { stick: portPath });
    return { serials, error: { key: `${code}/${reason}`, message } };
  } finally {
    await leave();
  }
}

async function main(asks: readonly LanAsk[]): Promise<void> {
  const told: LanTold[] = [];
  for (const one of asks) told.push(await ask(one));
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

if (require.main === module) void main(JSON.parse(process.argv[2] ?? '[]') as LanAsk[]);
