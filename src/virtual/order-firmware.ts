/** Orders about the firmware itself: it hangs, a port was left in HDLC mode, its peculiarities, its web interface, its pace. */

import { CURES, type Cure, HANGING_PORTS, Hang, type HangingPorts } from './modem/hang';
import { AT_ROLES, type AtRole } from './modem/port';
import { QUIRKS, type Quirk } from './modem/quirks';
import { checked, type Field, type Fields, FLAG, type Given, needed, notNow, oneOf, text, whole } from './order-fields';
import type { VirtualStick } from './stick';
import { DEFAULT_TIMING, type Timing } from './timing';
import type { WebSettings } from './web/memory';
import { WEB_QUIRKS, type WebQuirk } from './web/quirks';

interface GivenHang {
  cure: Cure;
  ports?: HangingPorts;
}

interface GivenHdlc {
  port: AtRole;
}

interface GivenQuirk {
  name: Quirk | WebQuirk;
  on?: boolean;
}

const HANG: Fields<GivenHang> = {
  cure: needed(oneOf(Object.keys(CURES))),
  ports: oneOf(HANGING_PORTS),
};

const HDLC: Fields<GivenHdlc> = { port: needed(oneOf(AT_ROLES)) };

const QUIRK: Fields<GivenQuirk> = { name: needed(oneOf(Object.keys({ ...QUIRKS, ...WEB_QUIRKS }))), on: FLAG };

/** Throws WRONG_MODE unless a firmware runs that has a port like this. */
function needPort({ world }: VirtualStick, wanted: (role: AtRole) => boolean): void {
  if (world.ports.length === 0) throw notNow('no firmware with AT ports is running');
  if (!world.ports.some(wanted)) throw notNow(`the stick has no such port, only ${world.ports.join(', ')}`);
}

export function hang(stick: VirtualStick, given: Given): void {
  const { cure, ports } = checked<GivenHang>(given, 'the hang', HANG);
  const hanging = new Hang(cure, ports);
  needPort(stick, (role) => hanging.holds(role));
  stick.world.hang(hanging);
}

export function hdlc(stick: VirtualStick, given: Given): void {
  const { port } = checked<GivenHdlc>(given, 'the HDLC order', HDLC);
  needPort(stick, (role) => role === port);
  stick.world.leaveInHdlc(port);
}

export function quirk(stick: VirtualStick, given: Given): void {
  const { name, on = true } = checked<GivenQuirk>(given, 'the quirk', QUIRK);
  stick.world.changeQuirk(name, on);
}

const PASSWORD = text(/^[ -~]{1,32}$/, 'a text of 1 to 32 characters of ASCII');

export const WEB: Fields<WebSettings> = { login: FLAG, user: PASSWORD, password: PASSWORD };

export function web(stick: VirtualStick, given: Given): void {
  stick.changeWeb(checked<Partial<WebSettings>>(given, 'the web interface', WEB));
}

const DURATION = whole(0, 3_600_000, 'milliseconds');

const TIMING = Object.fromEntries(Object.keys(DEFAULT_TIMING).map((name) => [name, DURATION])) as Record<
  keyof Timing,
  Field
>;

export function timing(stick: VirtualStick, given: Given): void {
  stick.changeTiming(checked<Partial<Timing>>(given, 'the timing', TIMING));
}
