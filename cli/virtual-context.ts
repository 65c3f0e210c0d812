/** A virtual stick in this process, with a person beside it who does what a job asks for. */

import { SETPORT } from '../src/family/family';
import { profileOf } from '../src/family/names';
import type { JobEvent } from '../src/flash/events';
import { upload } from '../src/flash/upload-and-write';
import { systemClock } from '../src/host/clock';
import { switchStick } from '../src/modeswitch/switch';
import type { Mode } from '../src/stick/modes';
import { findStick } from '../src/stick/stick';
import { waitForStick } from '../src/stick/watch';
import { VirtualHost } from '../src/virtual/host';
import { makeLoader } from '../src/virtual/make-files';
import type { StickOptions } from '../src/virtual/options';
import { act } from '../src/virtual/person';
import { VirtualStick } from '../src/virtual/stick';
import type { VirtualMode } from './virtual-modes';

/** Serial ports without a CD-ROM in front, in the codes of the model. */
const portsOf = (model = 'E3272'): string => profileOf(model)?.setport?.serial ?? SETPORT.serial;

/** A virtual stick that is found in `mode`: brought there the way a real one gets there. `options`: what else it is. */
export async function makeVirtual(
  mode: VirtualMode,
  signal: AbortSignal,
  options: Partial<StickOptions> = {},
): Promise<{ host: VirtualHost; stick: VirtualStick }> {
  const stick = new VirtualStick({
    clock: systemClock,
    ...((mode === 'tty' || mode === 'mbim') && { firmware: 'stick', setport: portsOf(options.model) }),
    ...(mode === 'mbim' && { mbim: 2 }),
    ...options,
  });
  const host = new VirtualHost({ sticks: [stick], clock: systemClock });
  const bootPin = mode === 'boot' || mode === 'loader';
  const first: Mode = bootPin ? 'boot' : mode === 'tty' || mode === 'mbim' ? 'tty' : 'storage';
  stick.plug({ bootPin });
  await waitForStick(host, stick.portPath, (now) => now?.mode === first && now.withoutTty === 0, {
    timeoutMs: 10_000,
    signal,
  });
  if (mode === 'hilink') await switchStick(host, await findStick(host, 'auto'), { signal });
  if (mode === 'loader') {
    const report = await upload(host, { which: 'auto', loader: makeLoader(), confirm: () => true, signal });
    if (report.error) throw report.error;
  }
  return { host, stick };
}

/** Its web server starts after the stick is on the bus. */
function webIsUp(stick: VirtualStick, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (stick.web?.up) return resolve();
    const end = () => {
      off();
      signal.removeEventListener('abort', onAbort);
    };
    const off = stick.onEvent(({ what }) => {
      if (what !== 'web' || !stick.web?.up) return;
      end();
      resolve();
    });
    const onAbort = () => {
      end();
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

export async function openVirtual(mode: VirtualMode, signal: AbortSignal) {
  const { host, stick } = await makeVirtual(mode, signal);
  if (mode === 'hilink') await webIsUp(stick, signal);
  const over = new AbortController();
  return {
    host,
    onEvent(event: JobEvent) {
      if (event.type === 'wait') void act(stick, event.act, { signal: AbortSignal.any([signal, over.signal]) });
    },
    close() {
      over.abort();
      stick.unplug();
    },
  };
}
