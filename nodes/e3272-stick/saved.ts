import { type Amount, versions } from '../shared/versions';

/** What the dialog of e3272-stick saves; PIN and password are credentials. */
export interface SavedStick {
  /** `auto`, a port path, the name of a virtual stick, `imei:` or `sim:` and the digits. */
  stick: string;
  /** Seconds for each AT command. */
  timeout: Amount;
  /** Whether a space goes before the CR that ends a command. */
  space: 'auto' | 'always' | 'never';
  /** Seconds of silence after which the stick is asked whether it answers; 0: never. */
  pulse: Amount;
  /** Of its web page in HiLink mode, `http://192.168.8.1`; empty: found by its network interface. */
  hilinkAddress: string;
}

type Version1 = Omit<SavedStick, 'pulse' | 'hilinkAddress'> & Partial<SavedStick>;
type Version2 = Omit<SavedStick, 'hilinkAddress'> & Partial<SavedStick>;

export const STICK = versions<SavedStick, Version1, Version2>(
  { stick: 'auto', timeout: '', space: 'auto', pulse: '', hilinkAddress: '' },
  ({ pulse = '', ...old }) => ({ ...old, pulse }),
  ({ hilinkAddress = '', ...old }) => ({ ...old, hilinkAddress }),
);
