/**
 * A program that uses the stick at one port path by its web API, for a network namespace of its own: asks who it is a number
 * of times and tells what it got, as one line of JSON. Arguments: port path, how often, and an address given by hand.
 */

import { HilinkSession } from '../../src/device/hilink/session';
import { asDriverError } from '../../src/errors';
import { virtualMachine } from './journey';

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

async function main([portPath = '', times = '1', address]: string[]): Promise<LanTold> {
  const session = new HilinkSession(virtualMachine(), portPath);
  const leave = session.join({ ...(address !== undefined && { address }), password: 'admin' });
  const serials: (string | undefined)[] = [];
  try {
    await decided(session);
    for (let n = 0; n < Number(times); n++) {
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

if (require.main === module) {
  main(process.argv.slice(2)).then(
    (told) => process.stdout.write(`${JSON.stringify(told)}\n`),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exitCode = 1;
    },
  );
}
