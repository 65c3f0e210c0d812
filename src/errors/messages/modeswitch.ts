/** Sentences about the way out of the CD-ROM mode, and about USB configurations. `which`: place and ids of the stick. */

import type { Catalogue } from '../catalogue';

export interface Which {
  which: string;
}

export interface WebFirmware {
  stick: string;
  model: string;
  revision: string;
}

const firmwareOf = ({ model, revision }: WebFirmware): string => `${model}, firmware ${revision}`;

export const MODESWITCH = {
  'PROTOCOL/switch-message': (p: Which & { text: string }) =>
    `The switch message could not be sent to ${p.which}: ${p.text}`,
  'PROTOCOL/inquiry': () => 'The answer to SCSI INQUIRY is cut or damaged.',
  'CANCELLED/switch-over': () => 'The mode switch has ended.',
  'WRONG_MODE/no-cd-rom': (p: Which & { mode: string }) =>
    `The stick at ${p.which} is in ${p.mode} mode: nothing to switch.`,
  'WRONG_MODE/no-storage': (p: Which) => `The stick at ${p.which} has no mass-storage interface.`,
  'WRONG_MODE/stranger': (p: Which & { vendor: string }) =>
    `The device at ${p.which} calls itself "${p.vendor}", not HUAWEI.`,
  'NOT_SWITCHED/vendor': (p: Which) => `The device at ${p.which} does not say who made it (SCSI INQUIRY).`,
  'NOT_SWITCHED/away': (p: { stick: string; seconds: number }) =>
    `The stick left ${p.stick} and did not come back within ${p.seconds} s.`,
  'NOT_SWITCHED/same-mode': (p: { stick: string; as: string; mode: string }) =>
    `The stick at ${p.stick} came back as ${p.as} (${p.mode}) instead of another mode.`,
  'NOT_SWITCHED/stayed': (p: Which & { seconds: number }) =>
    `The stick at ${p.which} did not change its mode within ${p.seconds} s.`,
  'NOT_SWITCHED/stayed-passed': (p: Which & { seconds: number }) =>
    `The stick at ${p.which} did not change its mode within ${p.seconds} s, although it answered the message with "passed".`,
  'PORT_BUSY/mounted': (p: Which & { volumes: string }) =>
    `A volume of the stick at ${p.which} is mounted for writing: ${p.volumes}.`,
  'NATIVE_MISSING/switch': (p: Which) =>
    `The stick at ${p.which} cannot be switched: the optional package "usb" is not installed or does not run here, ` +
    'and the kernel does not say who made the device, so that the tool `usb_modeswitch` is not let loose on it.',
  // `model`, `revision`: as its web server told, or words; `tried`: what was asked and answered, in words.
  'WRONG_MODE/leave-without-bus': (p: { stick: string }) =>
    `The stick at ${p.stick} cannot be taken out of HiLink mode here: no bus shows whether it leaves.`,
  'NOT_SWITCHED/no-way-known': (p: WebFirmware & { why: string | null }) =>
    `The stick at ${p.stick} stays in HiLink mode: of ${firmwareOf(p)}, no way out of it by software is known to work.` +
    `${p.why === null ? '' : ` ${p.why}`} Nothing was sent.`,
  'NOT_SWITCHED/no-way-worked': (p: WebFirmware & { tried: string }) =>
    `The stick at ${p.stick} (${firmwareOf(p)}) stays in HiLink mode. Tried: ${p.tried}.`,
  'NOT_SWITCHED/left-as-other': (p: { stick: string; as: string; mode: string; tried: string }) =>
    `The stick at ${p.stick} left HiLink mode and came back as ${p.as} (${p.mode}), without serial ports. Tried: ${p.tried}.`,
  'NOT_SWITCHED/left-for-good': (p: { stick: string; seconds: number; tried: string }) =>
    `The stick left ${p.stick} and did not come back within ${p.seconds} s. Tried: ${p.tried}.`,
  'COMMAND_REFUSED/no-pcui': (p: { stick: string }) =>
    `The ports of the stick at ${p.stick} were left as they are: its list (AT^SETPORT=?) names no AT port, and without one ` +
    'it could not be reached again.',
  'WRONG_MODE/configuration-without-bus': (p: { stick: string }) =>
    `The configuration of the stick at ${p.stick} cannot be set here.`,
  'BAD_ARGUMENT/configuration': (p: Which & { value: number; has: string }) =>
    `The stick at ${p.which} has no configuration ${p.value}.`,
  'STICK_GONE/configuration': (p: Which & { value: number }) =>
    `The stick at ${p.which} left the bus when configuration ${p.value} was set.`,
  'NOT_SWITCHED/configuration': (p: Which & { value: number }) =>
    `The bus does not show configuration ${p.value} of the stick at ${p.which}.`,
} satisfies Catalogue;
