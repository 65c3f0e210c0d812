import { type Amount, versions } from '../shared/versions';

/** What the dialog of e3272-sms-out saves. */
export interface SavedSmsOut {
  stick: string;
  /** The recipient; empty for the one of the message. */
  to: string;
  /** Who may get messages, separated by commas; empty for anybody. */
  allowed: string;
  flash: boolean;
  report: boolean;
  /** Hours. */
  validity: Amount;
  /** Minutes of trying again. */
  patience: Amount;
  /** Messages that may wait. */
  limit: Amount;
  /** Parts that a message may have. */
  parts: Amount;
}

export const SMS_OUT = versions<SavedSmsOut>({
  stick: '',
  to: '',
  allowed: '',
  flash: false,
  report: false,
  validity: '',
  patience: 5,
  limit: 100,
  parts: 10,
});
