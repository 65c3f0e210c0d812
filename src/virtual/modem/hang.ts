/** A command processor that has stopped, while URCs still flow; and what brings it back. */

import type { InterfaceRole } from '../personality';

/** From the mildest on: whatever comes later in this list helps too. */
export const CURES = {
  esc: 'ESC on the port',
  reopen: 'the port is closed and opened again',
  cfun: '`AT+CFUN=` on another port',
  reset: '`AT^RESET` on another port',
  reauthorize: 'the stick leaves the bus and comes back, by USB authorisation',
  replug: 'it is pulled out and plugged in again',
} as const;

export type Cure = keyof typeof CURES;

const ORDER = Object.keys(CURES) as Cure[];

/** Ports that hang: `both`, or one of them. Where no port must be left alive for the cure, all hang by default. */
export const HANGING_PORTS = ['pcui', 'modem', 'both'] as const;
export type HangingPorts = (typeof HANGING_PORTS)[number];

export class Hang {
  readonly cure: Cure;
  readonly ports: HangingPorts;

  constructor(cure: Cure, ports?: HangingPorts) {
    this.cure = cure;
    this.ports = ports ?? (cure === 'cfun' || cure === 'reset' ? 'pcui' : 'both');
  }

  holds(role: InterfaceRole): boolean {
    return this.ports === 'both' || this.ports === role;
  }

  /** Whether `remedy` helps. */
  yieldsTo(remedy: Cure): boolean {
    return ORDER.indexOf(remedy) >= ORDER.indexOf(this.cure);
  }
}
