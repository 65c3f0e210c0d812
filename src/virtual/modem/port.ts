/** One AT port of the running firmware. */

import type { InterfaceRole } from '../personality';
import type { HdlcMode } from './hdlc-mode';
import type { Prompt } from './reply';

/** Roles of the interfaces that are AT ports. */
export const AT_ROLES = ['modem', 'pcui'] as const satisfies InterfaceRole[];
export type AtRole = (typeof AT_ROLES)[number];

/** HiLink firmware has none: nobody could hear what it says. */
export const hasAtPort = (roles: readonly InterfaceRole[]): boolean => AT_ROLES.some((role) => roles.includes(role));

export interface Port {
  readonly number: number;
  readonly role: InterfaceRole;
  /** Somebody reads it. */
  open: boolean;
  /** What has come since the last CR. */
  line: string;
  /** A line that waits for the command processor, and until when. */
  held: { line: string; until: number } | undefined;
  /** Where it stands in a prompt: the command that led to it, and what has come so far. */
  prompt: { command: string; spec: Prompt; body: string } | undefined;
  /** It talks HDLC instead of AT. */
  hdlc: HdlcMode | undefined;
}

export function atPorts(roles: readonly InterfaceRole[]): Map<number, Port> {
  const ports = new Map<number, Port>();
  roles.forEach((role, number) => {
    if (role !== 'modem' && role !== 'pcui') return;
    ports.set(number, { number, role, open: false, line: '', held: undefined, prompt: undefined, hdlc: undefined });
  });
  return ports;
}
