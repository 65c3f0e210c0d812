import type { FileInput } from '../firmware/source';
import type { LeaveOptions } from '../leave-hilink/leave';
import type { SwitchMessage } from '../modeswitch/messages';
import type { JobOptions } from './job-types';
import type { AsIs } from './unfinished';

/** What is asked of a conversion; undefined is the same as not there. */
export interface ConvertOptions extends JobOptions {
  loader?: FileInput | undefined;
  firmware?: FileInput | undefined;
  /** Web pages of HiLink firmware: with them the stick is to become a HiLink router, and nothing is done to its ports. */
  webui?: FileInput | undefined;
  /**
   * Target of AT^SETPORT, default `FF;10,12`, or the serial ports of a cousin (family/); `FF;10,12,16` keeps the network
   * interface too.
   */
  setport?: string | undefined;
  /** Write the firmware although AT answers already. */
  reflash?: boolean | undefined;
  /**
   * How running firmware is brought into its loader. `auto` (default): `AT^GODLOAD`, and the boot pin when that is refused
   * and a loader file is there.
   */
  wayIn?: 'auto' | 'boot-pin' | undefined;
  /**
   * HiLink firmware is taken to an AT port by software where a way is known, and from there into its loader by `AT^GODLOAD`;
   * the boot pin is asked for where that does not work. Without files the ports are set there (AT^SETPORT).
   */
  trySoftware?: boolean | undefined;
  /** Of its web server: where it is, where that cannot be found, and the password of its page. */
  hilink?: Pick<LeaveOptions, 'address' | 'password'> | undefined;
  /** The IMEI is saved in full with what the old firmware says of itself; else it is hidden. */
  saveImei?: boolean | undefined;
  message?: SwitchMessage | undefined;
  /**
   * Take the stick as it is, although a write that was not completed is on record that concerns it or may do so: `true`, or
   * its place (`1-1.4`). The place of another stick: that record is over. Else it has to be written again, or the job ends.
   */
  asIs?: AsIs | undefined;
}
