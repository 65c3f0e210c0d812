/** What service the running firmware has: the radio situation as far as SIM, settings and ^SYSCFGEX let it through. */

import { NUMBERS, type Radio, REGISTRATIONS, type Registration } from './radio';
import type { ModemContext } from './state';
import { allows } from './syscfgex';

/** `stat` of +CREG and the like: 0 idle, 1 home, 2 searching, 3 denied, 4 unknown, 5 roaming. */
export function stat(m: ModemContext): number {
  const { radio, settings, sim, nv } = m;
  const name = (what: Registration) => REGISTRATIONS.indexOf(what);
  if (settings.cfun !== 1 || settings.outOfService || settings.cops.mode === 2 || sim.state === 'absent') {
    return name('idle');
  }
  if (sim.state !== 'ready' || radio.system === 'NOSERVICE' || !allows(nv.syscfgex, radio.system)) {
    return name('searching');
  }
  if (radio.registration === 'roaming' && nv.syscfgex.roam === 0) return name('denied');
  return name(radio.registration);
}

export const registered = (m: ModemContext): boolean => [1, 5].includes(stat(m));

/** The radio as the stick has it: no service unless it is registered. */
export const heard = (m: ModemContext): Radio => (registered(m) ? m.radio : { ...m.radio, system: 'NOSERVICE' });

export const numbersOf = (m: ModemContext) => NUMBERS[heard(m).system];

/** State of the SIM as ^SIMST and ^SYSINFOEX say it. */
export const simStatus = (m: ModemContext): number => ({ absent: 255, ready: 1 })[m.sim.state as string] ?? 0;
