import { type Amount, versions } from '../shared/versions';

/** What the dialog of e3272-ussd saves. */
export interface SavedUssd {
  stick: string;
  /** Empty for the one that a message brings. */
  code: string;
  /** Seconds. */
  timeout: Amount;
}

export const USSD = versions<SavedUssd>({ stick: '', code: '', timeout: '' });
