import { type Amount, versions } from '../shared/versions';

/** What the dialog of e3272-sms-in saves. */
export interface SavedSmsIn {
  stick: string;
  /** Deletes what has been handed over. */
  remove: boolean;
  /** Hands over what was on the SIM before it was seen first. */
  existing: boolean;
  flash: boolean;
  /** Hours after which a message is handed over without its missing parts. */
  incomplete: Amount;
  /** Seconds between two looks. */
  poll: Amount;
}

export const SMS_IN = versions<SavedSmsIn>({
  stick: '',
  remove: false,
  existing: true,
  flash: true,
  incomplete: '',
  poll: '',
});
