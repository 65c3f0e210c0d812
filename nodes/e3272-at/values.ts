/** Replies as values, for the commands that the driver can read. Loaded with the first reply. */

import { parseFirmwareVersion, parseIdentity } from '../../src/at/commands';
import { lineValue } from '../../src/at/fields';
import { parseCodes, parseComposition } from '../../src/at/setport';

const READERS: Readonly<Record<string, (lines: readonly string[]) => unknown>> = {
  ATI: parseIdentity,
  'AT^FHVER': parseFirmwareVersion,
  'AT^SETPORT?': (lines) => {
    for (const line of lines) {
      const composition = parseComposition(lineValue(line, '^SETPORT') ?? line);
      if (composition) return composition;
    }
    return undefined;
  },
  'AT^SETPORT=?': parseCodes,
};

/** The value of a reply; undefined where there is nothing to read it with. */
export const readValue = (command: string, lines: readonly string[]): unknown =>
  READERS[command.trim().toUpperCase()]?.(lines);
