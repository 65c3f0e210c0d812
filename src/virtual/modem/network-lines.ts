/** Lines about the network that are both answers and URCs, or only URCs. */

import { heard, numbersOf, registered, stat } from './network-service';
import { csqOf, hcsqFields } from './radio';
import type { ModemContext, RegistrationName } from './state';

export const REGISTRATION_NAMES = ['+CREG', '+CGREG', '+CEREG'] as const;

export const rssiLine = (m: ModemContext): string => `^RSSI: ${csqOf(heard(m))}`;

export function hcsqLine(m: ModemContext): string {
  const radio = heard(m);
  return `^HCSQ:${[`"${radio.system}"`, ...hcsqFields(radio)].join(',')}`;
}

export const srvstLine = (m: ModemContext): string => `^SRVST:${registered(m) ? 2 : 0}`;

export function modeLine(m: ModemContext): string {
  const { oldMode, oldSubmode } = numbersOf(m);
  if (m.quirks.has('mode-umts') && oldMode === 17) return '^MODE:5,7';
  return `^MODE:${oldMode},${oldSubmode}`;
}

/** +CEREG speaks of LTE, +CGREG of what is older; +CREG of both, for calls and SMS go over LTE too. */
function statOf(m: ModemContext, name: RegistrationName): number {
  const current = stat(m);
  if (![1, 5].includes(current)) return current;
  return name === '+CEREG' && m.radio.system !== 'LTE' ? 0 : current;
}

/** Everything behind n of the answer, or behind the name of the URC. */
export function registrationFields(m: ModemContext, name: RegistrationName, urc = false): string {
  const current = statOf(m, name);
  const n = m.settings.creg[name];
  if (n < 2 || ![1, 5].includes(current)) return `${current}`;
  const { area, cell } = m.radio;
  if (urc && m.quirks.has('creg-bare')) return `${current}, ${area.padStart(5, '0')}, ${cell.slice(-7)}`;
  const act = m.quirks.has('creg-no-act') ? '' : `,${numbersOf(m).act}`;
  return `${current},"${area}","${cell}"${act}`;
}

export const registrationUrcs = (m: ModemContext): string[] =>
  REGISTRATION_NAMES.filter((name) => m.settings.creg[name] > 0).map(
    (name) => `${name}: ${registrationFields(m, name, true)}`,
  );
