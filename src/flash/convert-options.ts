import type { FileInput } from '../firmware/source';
import type { SwitchMessage } from '../modeswitch/messages';
import type { JobOptions } from './job-types';
import type { AsIs } from './unfinished';

/** What is asked of a conversion. */
export interface ConvertOptions extends JobOptions {
  loader?: FileInput;
  firmware?: FileInput;
  /** Web pages of HiLink firmware: with them the stick is to become a HiLink router, and nothing is done to its ports. */
  webui?: FileInput;
  /** Target of AT^SETPORT, default `FF;10,12`; `FF;10,12,16` keeps the network interface too. */
  setport?: string;
  /** Write the firmware although AT answers already. */
  reflash?: boolean;
  /**
   * How running firmware is brought into its loader. `auto` (default): `AT^GODLOAD`, and the boot pin when that is refused
   * and a loader file is there.
   */
  wayIn?: 'auto' | 'boot-pin';
  /** The IMEI is saved in full with what the old firmware says of itself; else it is hidden. */
  saveImei?: boolean;
  message?: SwitchMessage;
  /**
   * Take the stick as it is, although a write that was not completed is on record that concerns it or may do so: `true`, or
   * its place (`1-1.4`). The place of another stick: that record is over. Else it has to be written again, or the job ends.
   */
  asIs?: AsIs;
}
