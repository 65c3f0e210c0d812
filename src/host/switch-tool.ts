import { execFile } from 'node:child_process';
import { TIMEOUTS } from '../timeouts';
import { errnoOf } from './files';
import type { Clock, UsbDevice } from './host';

/** It has no option for the last one: that goes as bytes. */
const OPTIONS = {
  new: ['-J'],
  alt: ['-X'],
  eject: ['-K'],
  project: ['-M', '55534243123456780000000000000011060000000000000000000000000000'],
} as const;

export interface SwitchToolOptions {
  clock: Clock;
  /** Folders to look for the tool in, as in PATH. */
  path?: string;
}

/**
 * Sends a switch message with the system's own `usb_modeswitch`. True when the tool has run, false when it is not
 * installed. Its exit code proves nothing: it is 0 after a switch that failed, too.
 */
export function switchByTool(
  device: UsbDevice,
  message: keyof typeof OPTIONS,
  { clock, path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` }: SwitchToolOptions,
): Promise<boolean> {
  const hex = (id: number) => id.toString(16).padStart(4, '0');
  const args = ['-v', hex(device.vendorId), '-p', hex(device.productId)];
  args.push('-b', String(device.bus), '-g', String(device.address), ...OPTIONS[message]);
  return new Promise((resolve) => {
    // The tool's search path, too: it calls no other program.
    const tool = execFile('usb_modeswitch', args, { env: { ...process.env, PATH: path } }, (error) => {
      timer.cancel();
      resolve(!error || !['ENOENT', 'EACCES'].includes(errnoOf(error) ?? ''));
    });
    const timer = clock.after(TIMEOUTS.usb.tool, () => tool.kill('SIGKILL'));
  });
}
