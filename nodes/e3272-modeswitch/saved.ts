import { type Amount, versions } from '../shared/versions';

/** What the dialog of e3272-modeswitch saves. */
export interface SavedModeswitch {
  stick: string;
  message: 'new' | 'alt' | 'eject' | 'project';
  /** Seconds. */
  timeout: Amount;
  /** Switches the stick whenever it appears as CD-ROM. */
  auto: boolean;
  /** A message sets this USB configuration and switches nothing; empty: it switches. */
  configuration: Amount;
  /** How far a message takes it: `comes`, out of its CD-ROM mode; `serial`, on to serial ports, out of HiLink mode as well. */
  target: 'comes' | 'serial';
}

type Version2 = Omit<SavedModeswitch, 'target'>;
type Version1 = Omit<Version2, 'configuration'> & Partial<Version2>;

export const MODESWITCH = versions<SavedModeswitch, Version1, Version2>(
  { stick: '', message: 'new', timeout: 20, auto: false, configuration: '', target: 'comes' },
  ({ configuration = '', ...old }) => ({ ...old, configuration }),
  (old) => ({ ...old, target: 'comes' }),
);
