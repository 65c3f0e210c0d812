/**
 * One life of a process in a container, as a process of its own: `node container-life.js USERDIR KEPT PIN`. Receives for a
 * while and tells what was handed over, which PINs were sent, and what is left in the stick, as JSON.
 */

import { openSms, type SmsMessage } from '../../src/device/sms/open-sms';
import { type KeptStick, keep, keptBench } from './kept-state';

export interface Life {
  got: SmsMessage[];
  pins: string[];
  kept: KeptStick;
}

async function live(userDir: string, kept: KeptStick, pin: string): Promise<Life> {
  const { host, stick, clock, run } = await keptBench(userDir, kept);
  const pins: string[] = [];
  stick.onEvent((event) => {
    if (event.what === 'at' && event.command.startsWith('AT+CPIN=')) pins.push(event.command.trim());
  });
  const got: SmsMessage[] = [];
  const sms = openSms(host, '1-1', { pin });
  sms.receive({ onMessage: (message) => got.push(message) < 0 });
  await run(new Promise<void>((resolve) => clock.after(200_000, resolve)));
  await run(sms.release());
  return { got, pins, kept: keep(stick, kept) };
}

const [userDir = '', kept = '', pin = ''] = process.argv.slice(2);
void live(userDir, JSON.parse(kept) as KeptStick, pin).then((life) => process.stdout.write(JSON.stringify(life)));
