import { type Amount, versions } from '../shared/versions';

/** What the dialog of e3272-modeswitch saves. */
export interface SavedModeswitch {
  stick: string;
  message: 'new' | 'alt' | 'eject';
  /** Seconds. */
  timeout: Amount;
  /** Switches the stick whenever it appears as CD-ROM. */
  auto: boolean;
  /** A message sets this USB configuration and switches nothing; empty: it switches. */
  configuration: Amount;
}

type Version1 = Omit<SavedModeswitch, 'configuration'> & Partial<SavedModeswitch>;

export const MODESWITCH = versions<SavedModeswitch, Version1>(
  { stick: '', message: 'new', timeout: 20, auto: false, configuration: '' },
  ({ configuration = '', ...old }) => ({ ...old, configuration }),
);
