/**
 * Looks for what is private in the file of a trace. Written from the list of what must not be found, and from the standards,
 * by another hand than the redactor: it imports nothing of the driver and shares no helper with it.
 *
 * The file is searched as it is, and as what its JSON strings say: each by itself, joined over all borders of records, and
 * joined by who said it; and again in what hex and base64 in it decode to. What is looked for is written in each way in which
 * a wire may carry it.
 */

export interface Planted {
  /** `IMEI`, `text of an SMS`. */
  what: string;
  /** As people write it: `+491701234567`, `Meet me at 8`. */
  value: string;
}

export interface Leak {
  what: string;
  /** How it was written: `swapped BCD, second nibble`. */
  how: string;
  /** In which view of the file. */
  where: string;
}

/** So many characters of a text are enough to know it by. */
const WINDOW = 10;
/** Hex digits that are too few to prove anything. */
const LEAST_HEX = 10;

/** Everything of `planted` that is found in `file`, once for each way and view. */
export function leaksIn(file: string, planted: readonly Planted[]): Leak[] {
  const views = viewsOf(file);
  return planted.flatMap(({ what, value }) => {
    const needles = needlesFor(value);
    return [...views].flatMap(([where, text]) =>
      needles.flatMap(({ how, needle }) => (text.includes(needle) ? [{ what, how, where }] : [])),
    );
  });
}

function viewsOf(file: string): Map<string, string> {
  const records = file
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
  const all = records.flatMap((record) => stringsOf(record));
  const views = new Map<string, string>();
  const add = (name: string, text: string) => views.set(name, text.toLowerCase());
  add('the file', file);
  add('its strings', all.join('\0'));
  add('its strings, joined', all.join(''));
  add('its strings, joined without line ends', all.join('').replaceAll(/[\r\n\s]/g, ''));
  add('its strings, digits only', all.join('').replaceAll(/[^0-9]/g, ''));
  for (const who of ['host', 'stick']) {
    const said = records.flatMap((record) => saidBy(record, who));
    add(`what the ${who} said`, said.join(''));
    add(`what the ${who} said, without line ends`, said.join('').replaceAll(/[\r\n\s]/g, ''));
  }
  add('what its hex says', all.flatMap((text) => fromHex(text)).join('\0'));
  add('what its base64 says', all.flatMap((text) => fromBase64(text)).join('\0'));
  return views;
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(Array.isArray(value) ? [] : [key]),
    ...stringsOf(inner as unknown),
  ]);
}

function saidBy(record: unknown, who: string): string[] {
  const raw = typeof record === 'object' && record !== null && 'raw' in record ? record.raw : [];
  if (!Array.isArray(raw)) return [];
  return raw.flatMap((entry: unknown) =>
    Array.isArray(entry) && entry[0] === who && typeof entry[1] === 'string' ? [entry[1]] : [],
  );
}

/** What every run of hex says as Latin-1, as UCS-2 from either octet on, as swapped digits and as septets. */
function fromHex(text: string): string[] {
  const runs = text.match(/[0-9A-Fa-f]{8,}/g) ?? [];
  return runs.flatMap((run) =>
    [run, run.slice(1)].flatMap((digits) => {
      const octets = Buffer.from(digits.slice(0, digits.length - (digits.length % 2)), 'hex');
      const swapped = [...octets].map((octet) => (((octet & 15) << 4) | (octet >> 4)).toString(16).padStart(2, '0'));
      const septets = [0, 1, 2, 3, 4, 5, 6, 7].map((offset) => unpacked(octets, offset));
      return [octets.toString('latin1'), ucs2(octets), ucs2(octets.subarray(1)), swapped.join(''), ...septets];
    }),
  );
}

function fromBase64(text: string): string[] {
  const runs = text.match(/[A-Za-z0-9+/_-]{8,}/g) ?? [];
  return runs.flatMap((run) =>
    [0, 1, 2, 3].flatMap((from) => {
      const octets = Buffer.from(run.slice(from), 'base64');
      return [octets.toString('latin1'), octets.toString('utf8'), ucs2(octets), ucs2(octets.subarray(1))];
    }),
  );
}

function ucs2(octets: Uint8Array): string {
  let text = '';
  for (let at = 0; at + 1 < octets.length; at += 2) {
    text += String.fromCharCode(((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0));
  }
  return text;
}

/** Seven bits each, the first bit of an octet is its lowest; `offset` bits are passed over. */
function unpacked(octets: Uint8Array, offset: number): string {
  let text = '';
  for (let bit = offset; bit + 7 <= octets.length * 8; bit += 7) {
    let code = 0;
    for (let n = 0; n < 7; n++) {
      const at = bit + n;
      code |= (((octets[at >> 3] ?? 0) >> (at & 7)) & 1) << n;
    }
    text += String.fromCharCode(code);
  }
  return text;
}

interface Needle {
  how: string;
  /** In lower case, as the views are. */
  needle: string;
}

function needlesFor(value: string): Needle[] {
  const needles: Needle[] = [];
  const add = (how: string, needle: string) => needles.push({ how, needle: needle.toLowerCase() });
  const hex = (how: string, octets: Uint8Array) => {
    const digits = Buffer.from(octets).toString('hex');
    if (digits.length >= LEAST_HEX) add(how, digits);
  };
  for (const part of partsOf(value)) {
    add('plain', part);
    add('escaped for XML', part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
    hex('UTF-8 in hex', Buffer.from(part, 'utf8'));
    hex('UCS-2 in hex', Buffer.from(part, 'utf16le').swap16());
    hex('UCS-2 in hex, little-endian', Buffer.from(part, 'utf16le'));
    const bytes = { 'UTF-8': Buffer.from(part, 'utf8'), 'UCS-2': Buffer.from(part, 'utf16le').swap16() };
    for (const [name, octets] of Object.entries(bytes)) {
      for (let shift = 0; shift < 3; shift++) {
        const whole = Buffer.concat([Buffer.alloc(shift), octets])
          .toString('base64')
          .replaceAll('=', '');
        // What shares a character with its neighbours is left off at both ends.
        const inner = whole.slice(shift === 0 ? 0 : shift + 1, -2);
        if (inner.length >= 8) add(`${name} in base64, from octet ${shift}`, inner);
      }
    }
    // The alphabet of GSM is ASCII as far as letters, digits, blanks and most signs go.
    if (/^[A-Za-z0-9 .,:;!?'()*+#/%&<>=-]+$/.test(part)) {
      for (let offset = 0; offset < 8; offset++) hex(`packed septets, from bit ${offset}`, packed(part, offset));
    }
    if (/^\d+$/.test(part)) {
      const [first, second] = [swappedPairs(part), swappedPairs(part.slice(1))];
      if (first.length >= 6) add('swapped BCD, first nibble', first);
      if (second.length >= 6) add('swapped BCD, second nibble', second);
    }
  }
  return needles;
}

/** Of a number its digits, and its end, as it is dialled at home; of a text its pieces, which may stand in several messages. */
function partsOf(value: string): string[] {
  const digits = value.replaceAll(/[^0-9]/g, '');
  if (/^[+0-9]+$/.test(value)) {
    const parts = [digits];
    if (digits.length > 9) parts.push(digits.slice(-9));
    // ^BOOT tells the last eight of an IMEI.
    if (digits.length === 15) parts.push(digits.slice(-8));
    return parts;
  }
  const bare = value.replaceAll(/[:-]/g, '');
  if (/^[0-9a-f]{12}$/i.test(bare)) return [value, bare];
  const pieces: string[] = value.length <= WINDOW ? [value] : [];
  for (let at = 0; at + WINDOW <= value.length; at += WINDOW / 2) pieces.push(value.slice(at, at + WINDOW));
  return [...new Set(pieces)];
}

/** Pairs with their digits turned round; one that is left over at the end has a neighbour that nobody knows. */
const swappedPairs = (digits: string): string =>
  (digits.match(/\d\d/g) ?? []).map((pair) => `${pair[1]}${pair[0]}`).join('');

/** The octets that hold nothing but `text`, when it begins at bit `offset` of an octet. */
function packed(text: string, offset: number): Uint8Array {
  const bits = [...text].flatMap((character) => {
    const code = character.charCodeAt(0);
    return [0, 1, 2, 3, 4, 5, 6].map((n) => (code >> n) & 1);
  });
  const inner = bits.slice((8 - offset) % 8);
  const octets: number[] = [];
  for (let at = 0; at + 8 <= inner.length; at += 8) {
    octets.push(inner.slice(at, at + 8).reduce((octet, bit, n) => octet | (bit << n), 0));
  }
  return Uint8Array.from(octets);
}
