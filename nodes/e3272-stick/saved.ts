import { type Amount, versions } from '../shared/versions';

/** What the dialog of e3272-stick saves; the PIN is a credential. */
export interface SavedStick {
  /** `auto`, a port path, the name of a virtual stick, `imei:` or `sim:` and the digits. */
  stick: string;
  /** Seconds for each AT command. */
  timeout: Amount;
  /** Whether a space goes before the CR that ends a command. */
  space: 'auto' | 'always' | 'never';
  /** Seconds of silence after which the stick is asked whether it answers; 0: never. */
  pulse: Amount;
}

type Version1 = Omit<SavedStick, 'pulse'> & Partial<SavedStick>;

export const STICK = versions<SavedStick, Version1>(
  { stick: 'auto', timeout: '', space: 'auto', pulse: '' },
  ({ pulse = '', ...old }) => ({ ...old, pulse }),
);
