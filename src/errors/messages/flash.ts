/** Sentences about upload, write and conversion. `which`: place and ids of the stick; `stick`: its place alone. */

import type { Catalogue } from '../catalogue';

export interface At {
  stick: string;
}
export interface Which {
  which: string;
}

const rom = (stick: string, what: string): string => `The boot ROM of the stick at ${stick} ${what}.`;
const loader = (stick: string, what: string): string => `The loader of the stick at ${stick} ${what}.`;

/** `why`: a sentence on the model, where it is known. */
type Model = { name: string; model: string; why: string | null };
const because = ({ why }: Model): string => (why === null ? '' : ` ${why}`);

export const FLASH = {
  'CANCELLED/job-aborted': (p: { text: string }) => `The job was cancelled: ${p.text}`,
  'PROTOCOL/job-on-stick': (p: At & { text: string }) => `The job on ${p.stick || 'the stick'} failed: ${p.text}`,
  'PROTOCOL/check': (p: { text: string }) => `The check ended in an error: ${p.text}`,
  'PROTOCOL/write': (p: At & { text: string }) => `The write failed: ${p.text}`,

  // Files and what is to be done with them.
  'FIRMWARE_SYNTHETIC/file': (p: { what: string }) => `This ${p.what} is a made-up one for virtual sticks.`,
  'BAD_ARGUMENT/no-system': (p: { name: string }) => `${p.name} holds no system (VxWorks) for the web UI to belong to.`,
  'BAD_ARGUMENT/setport-value': (p: { value: string }) => `"${p.value}" is no value for AT^SETPORT.`,
  'BAD_ARGUMENT/webui-alone': () => 'A web UI was named without the HiLink firmware that it belongs to.',
  'BAD_ARGUMENT/webui-without-bus': () => 'A stick that becomes HiLink has no port to prove it by.',
  'BAD_ARGUMENT/only-webui': (p: { name: string }) => `${p.name} holds only the web UI of HiLink, no firmware.`,
  'BAD_ARGUMENT/no-webui': (p: { name: string }) =>
    `${p.name} holds no web UI: a HiLink without one has neither pages nor ports.`,
  'BAD_ARGUMENT/no-mere-webui': (p: { name: string }) =>
    `${p.name} holds a whole firmware, not the web UI that belongs to one.`,
  'BAD_ARGUMENT/missing-files': (p: Which & { missing: string; why: string }) =>
    `The stick at ${p.which} must be reflashed, and ${p.missing} file is missing.${p.why && ` ${p.why}`}`,
  'BAD_ARGUMENT/nothing-to-write': (p: At & { what: string }) =>
    `The stick at ${p.stick} runs, but ${p.what}: it has to be written again.`,
  'BAD_ARGUMENT/leftovers': (p: At & { what: string }) => `What was named has been written, but ${p.what}.`,
  'BAD_ARGUMENT/as-is-elsewhere': (p: Which & { place: string; stick: string }) =>
    `A stick at ${p.place} was to be taken as it is, but this job is about the one at ${p.which}.`,
  'NOT_CONFIRMED/changes': (p: At & { steps: string }) => `Nobody confirmed the changes to the stick at ${p.stick}.`,
  'NOT_CONFIRMED/new-table': (p: At & { steps: string }) => `Nobody confirmed the changes to the stick at ${p.stick}.`,
  'NOT_CONFIRMED/as-is': (p: Which & { stick: string; place: string; what: string }) =>
    `At ${p.place} ${p.what}, and nothing tells that the stick at ${p.which} is another one.`,

  // The stick and the way in.
  'WRONG_MODE/restless': (p: Which) => `The stick at ${p.which} keeps changing its mode without getting any further.`,
  'WRONG_MODE/hilink-written': (p: Which) =>
    `The stick at ${p.which} runs HiLink firmware after the write: that file gives no AT port.`,
  'WRONG_MODE/no-hilink': (p: Which) =>
    `The stick at ${p.which} answers AT after the write: that firmware is no HiLink.`,
  'WRONG_MODE/no-way': (p: Which & { mode: string }) => `The stick at ${p.which} is in ${p.mode} mode.`,
  'WRONG_MODE/not-boot': (p: Which & { is: string }) => `The stick at ${p.which} ${p.is}, not in its boot ROM.`,
  'WRONG_MODE/no-loader': (p: Which & { is: string }) => `The stick at ${p.which} ${p.is}, not a running loader.`,
  'WRONG_MODE/needs-boot': (p: At & { why: string }) =>
    `The modem on ${p.stick} runs its firmware; to be written it must be in its boot ROM. ${p.why}`.trim(),
  'NOT_SWITCHED/cd-rom-again': (p: Which) => `The stick at ${p.which} has become a CD-ROM again after the switch.`,
  'TIMEOUT/boot-pin': (p: At & { pin: string }) => `Nobody plugged the stick in at ${p.stick} with the boot pin held.`,
  'STICK_GONE/left-meanwhile': (p: Which) =>
    `The stick at ${p.which} has left the bus since it was looked at. Nothing was sent to it.`,
  'STICK_GONE/other-place': (p: Which & { before: string; now: string }) =>
    `The stick at ${p.which} is another one now: it was plugged in at ${p.before}, now at ${p.now}. Nothing was sent to it.`,
  'STICK_GONE/other-imei': (p: Which) =>
    `The stick at ${p.which} tells another IMEI than before: it was exchanged, or has lost its calibration data. Nothing was sent to it.`,
  'FIRMWARE_WRONG_DEVICE/model': (p: Which & Model) =>
    `The stick at ${p.which} calls itself ${p.name}: no ${p.model}.${because(p)}`,
  'FIRMWARE_WRONG_DEVICE/model-on-bus': (p: Which & Model) =>
    `The stick at ${p.which} calls itself "${p.name}" on the bus: no ${p.model}.${because(p)}`,
  'FIRMWARE_WRONG_DEVICE/model-by-id': (p: Which & Model) =>
    `The stick at ${p.which} is an ${p.name} by its USB id: no ${p.model}.${because(p)}`,
  'PORT_BUSY/intruders': (p: { programs: string }) => `Another program may write into the stick's ports: ${p.programs}`,

  // Boot ROM.
  'NAK/boot-rom': (p: At & { what: string }) => rom(p.stick, `rejected ${p.what} (55)`),
  'PROTOCOL/boot-rom': (p: At & { byte: string }) => rom(p.stick, `does not stop sending ${p.byte}`),
  'TIMEOUT/boot-rom': (p: At & { what: string }) => rom(p.stick, `did not answer ${p.what}`),
  'TIMEOUT/boot-rom-slow': (p: At & { minutes: number }) =>
    rom(p.stick, `has not taken the loader within ${p.minutes} minutes`),
  'TIMEOUT/boot-rom-silent': (p: At & { port: string }) => rom(p.stick, `does not answer on ${p.port}`),
  'WRONG_MODE/after-upload': (p: Which) => `After the upload the stick came back as ${p.which}, which is no loader.`,
  'TIMEOUT/after-upload': (p: At & { seconds: number }) =>
    `The loader was uploaded, but the stick did not come back at ${p.stick} as a loader within ${p.seconds} s.`,

  // Loader and write.
  'PROTOCOL/loader-nameless': (p: At) => loader(p.stick, 'does not say what stick it is'),
  'FIRMWARE_WRONG_DEVICE/loader': (p: At & Model) =>
    `${loader(p.stick, `calls it "${p.name}": no ${p.model}`)}${because(p)}`,
  'PROTOCOL/datamode': (p: At) => loader(p.stick, 'refused AT^DATAMODE'),
  'NAK/image-start': (p: At & { image: string; verdict: string; number: number }) =>
    loader(p.stick, `refused the start of ${p.image} (${p.verdict})`),
  'NAK/image': (p: At & { what: string; image: string; verdict: string; number: number }) =>
    loader(p.stick, `refused ${p.what} of ${p.image} (${p.verdict})`),
  'NAK/dialect': (p: At & { what: string; image: string; verdict: string; number: number }) =>
    loader(p.stick, `refused ${p.what} of ${p.image} (${p.verdict})`),
  'NAK/reset': (p: At & { verdict: string; number: number }) => loader(p.stick, `refused the reset (${p.verdict})`),
  'FIRMWARE_TRUNCATED/sent': (p: { image: string; amount: string; sent: number; bytes: number }) =>
    `${p.image} has ${p.amount} bytes than were announced: ${p.sent} of ${p.bytes} were sent.`,
  'FIRMWARE_CRC/sent': (p: { image: string }) =>
    `${p.image} has changed since it was checked: what was sent is not what was checked.`,
  'PROTOCOL/uncertain': (p: At & { image: string }) =>
    `${p.image} could not be written to the stick at ${p.stick} with certainty.`,
  'TIMEOUT/midway': (p: At) => `The stick at ${p.stick} did not come back as a loader after the restart in the middle.`,
  'WRONG_MODE/after-write': (p: Which) =>
    `After the write the stick came back as ${p.which} instead of the new firmware.`,
  'TIMEOUT/after-write': (p: At & { seconds: number }) =>
    `The firmware was written completely, but the stick did not come back at ${p.stick} within ${p.seconds} s.`,
  'VERSION_MISMATCH/after-write': (p: { runs: string; name: string; said: string }) =>
    `The stick runs version ${p.runs}, although ${p.name} says it holds ${p.said}.`,

  // Journal.
  'FILE_NOT_WRITTEN/journal-left': (p: { text: string }) => `The journal of this write could not be removed: ${p.text}`,
  'FILE_NOT_WRITTEN/journal-behind': (p: { text: string }) => `The journal of this write is out of date: ${p.text}`,
  'FILE_NOT_WRITTEN/journal-newer': (p: At & { form: number }) =>
    `What is noted of the stick at ${p.stick} was written by a newer version of this program (form ${p.form}), and is not replaced.`,
  'FILE_NOT_WRITTEN/journal': (p: At) =>
    `How far the write of the stick at ${p.stick} has come cannot be kept: no state folder of this user can be written to.`,

  // Port composition.
  'COMMAND_REFUSED/setport-judged': (p: At & { value: string; fault: string }) =>
    `The port composition ${p.value} would be refused on ${p.stick}: ${p.fault}.`,
  'WRONG_MODE/after-setport': (p: Which & { before: string }) =>
    `After AT^RESET the stick came back as ${p.which}, without an AT port.`,
  'TIMEOUT/after-setport': (p: At & { seconds: number; before: string }) =>
    `The stick at ${p.stick} did not come back within ${p.seconds} s after AT^RESET.`,
  'PROTOCOL/setport': (p: At & { wanted: string; now: string }) =>
    `The stick at ${p.stick} took AT^SETPORT="${p.wanted}", but says "${p.now}" after its restart.`,
} satisfies Catalogue;
