/** docs/strangers.md: programs that others wrote and what they made of the virtual stick, as one run has seen it. */

import type { Told } from './told';

export type Row = Extract<Told, { type: 'stranger' }>;

const cell = (text: string): string => text.replaceAll('|', '\\|');

export const rowOf = ({ stranger, version, asked, result }: Row): string =>
  `| ${[stranger, version, asked, result].map(cell).join(' | ')} |`;

export function table(rows: readonly Row[], kernel: string): string {
  return `# The virtual stick among strangers

Programs that others wrote, on a real kernel (Linux ${kernel}), with the virtual stick plugged in by USB/IP; those of HiLink use
its web server on 127.0.0.1. This table is made by the tests: \`npm run test:kernel -- --table\`. Each row was asserted before it
was written.

| program | version | asked | result |
| --- | --- | --- | --- |
${rows.map(rowOf).join('\n')}

What the run showed besides: a URC between the first commands of gammu hangs it, as owners of real sticks report too, so it was
tried with URCs as rare as on a real stick (every 20 s). libusb without udevd never learns that a stick has changed its mode, so
\`usb_modeswitch\` cannot check its success there; our watcher reads sysfs and does not need udevd.
\`hilinkhuawei\` asks for information and status on port 80, whatever port it is told: these requests were led to the stick's.
`;
}
