import { versions } from '../shared/versions';

/** What the dialog of e3272-detect saves. */
export interface SavedDetect {
  /** Empty for every stick that is plugged in here. */
  stick: string;
  /** Switches sticks that appear as CD-ROM. */
  auto: boolean;
  message: 'new' | 'alt';
}

export const DETECT = versions<SavedDetect>({ stick: '', auto: false, message: 'new' });
