/** USB loaders that are known to work and to erase nothing, by what they are, not by their names. */

interface KnownLoader {
  name: string;
  /** sha256 of the file. */
  file: string;
  /** sha256 of the two components as they are sent, the erase call taken out. */
  sent: readonly [string, string];
}

const KNOWN: readonly KnownLoader[] = [
  {
    name: 'usblsafe-327x.bin',
    file: '8e0939823f26ca09ba95335df32a8d830c8898b0a1b566c9d153237a8f346805',
    sent: [
      'f116a8c7e3c2e5dfb5cca04d5549c56713f13433e6591dc1e85b5a97c6647513',
      'fdde8211cd6d166872ea0708670bf3f1e3e664ccf83d94081d0ad8b89e48537a',
    ],
  },
];

/** The name of the known loader that has this sha256, or whose components the stick would get. */
export function knownLoader(file: string, sent: readonly [string, string]): string | undefined {
  return KNOWN.find((k) => k.file === file || (k.sent[0] === sent[0] && k.sent[1] === sent[1]))?.name;
}
