/** The data coding scheme of a message (3GPP TS 23.038, 4): in which alphabet its text is. */

/** What the data coding scheme says. */
export interface Coding {
  alphabet: 'gsm7' | 'ucs2' | '8bit';
  /** 0 = flash: to be shown at once, not kept; 1 = for the modem, 2 = for the SIM, 3 = for the computer. */
  class?: number;
}

const BY_BITS = ['gsm7', '8bit', 'ucs2'] as const;

/**
 * Reserved values mean the default alphabet, as the standard wants; groups 0xc to 0xe tell that a message waits (voice mail,
 * fax), with or without a text. Error: compressed text.
 */
export function codingOf(dcs: number): Coding {
  const group = dcs >> 4;
  if (group === 0xe) return { alphabet: 'ucs2' };
  if (group === 0xf) return { alphabet: dcs & 4 ? '8bit' : 'gsm7', class: dcs & 3 };
  if (group >= 0x8) return { alphabet: 'gsm7' };
  if (dcs & 0x20) throw new Error('the text is compressed');
  return { alphabet: BY_BITS[(dcs >> 2) & 3] ?? 'gsm7', ...(dcs & 0x10 && { class: dcs & 3 }) };
}
