/**
 * A process that sends SMS through a served virtual stick until it is killed. Arguments: the place of the stick, a folder
 * that stands for the machine, one for its state. It takes what is to be sent, and says what was accepted and what became
 * of it.
 */

import { type Fate, openSms } from '../../src/device/sms/open-sms';
import { isDriverError } from '../../src/errors';
import { parseServedName } from '../../src/served-name';
import { createRemoteVirtualHost } from '../../src/virtual/remote-host';

export interface Wish {
  id: string;
  text: string;
  report: boolean;
}

/** `state` only for what is over. `late`: of what an earlier life had sent. */
export type Word = { id: string; state?: Fate['state']; late?: true };

const [place = '', root = '', state = ''] = process.argv.slice(2);
const OWNER = 'life';

function live(): void {
  const name = parseServedName(place);
  if (!name) throw new Error(`${place} is no served stick`);
  const sms = openSms(createRemoteVirtualHost({ ...name, root, stateFolders: [state] }), place);
  const say = (word: Word) => process.send?.(word);
  sms.fates(OWNER, ({ id, state: fate }) => say({ id, state: fate, late: true }));
  process.on('message', ({ id, text, report }: Wish) => {
    const whom = { owner: OWNER };
    const sent = sms.send({
      id,
      to: '+491701234567',
      text,
      from: whom,
      ...(report && { report: whom }),
      onAccepted: () => say({ id }),
    });
    sent.then(
      () => say({ id, state: 'sent' }),
      (error: unknown) => {
        if (isDriverError(error, 'MAYBE_SENT')) say({ id, state: 'unknown' });
        else say({ id, state: isDriverError(error, 'EXPIRED') ? 'expired' : 'failed' });
      },
    );
  });
}

// Without whoever watches it, it has nothing to do.
process.once('disconnect', () => process.exit());
live();
