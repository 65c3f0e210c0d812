/**
 * What the dialog of e3272-flash and the sidebar's part in the browser say to each other: by an event, so that the dialog works
 * where the sidebar is switched off.
 */

/** Event with a {@link FlashDialog}: the dialog is open. */
export const FLASH_DIALOG = 'e3272:flash-dialog';

export interface FlashDialog {
  /** Each field for a file, and the place under it. */
  files: readonly { part: 'loader' | 'firmware' | 'webui'; field: HTMLInputElement; place: HTMLElement }[];
  /** Where the button of the assistant goes. */
  assistant: HTMLElement;
  /** What the chosen e3272-stick names; undefined where none is chosen. */
  stick(): string | undefined;
}
