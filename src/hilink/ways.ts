/**
 * Ways out of HiLink mode by software: what has been reported of each, by model and firmware, what that says of one stick, and
 * in which order they are tried. Facts of other people's sticks (facts/hilink.md 5); nothing here was tried by us on a real
 * one, and nothing here sends anything: leaving.ts does.
 */

/** In the order in which they would be tried. */
export const WAYS = {
  cgi: 'POST /CGI with the function switchMode (switchType 0: project, 1: debug)',
  mode: 'POST device/mode (0: project, 1: debug)',
  pages: 'opening /html/switchProjectMode.html or /html/switchDebugMode.html',
  'cd-rom': 'another message while the stick is still a CD-ROM (12d1:1f01), before it goes to HiLink',
  updater: "Huawei's own update program for stick firmware, on Windows, over HiLink",
  usb: 'USB vendor request 40 A1 to the stick in HiLink mode',
  'web-update': 'an update uploaded by the web pages',
} as const satisfies Record<string, string>;
export type Way = keyof typeof WAYS;

/** These are never gone by this software: one can lock the stick out, the other needs a firmware that allows it. */
export const NEVER: readonly Way[] = ['usb', 'web-update'];

export interface Report {
  way: Way;
  /** Name of the model, without what follows its digits: `E3372` is also an E3372h. */
  model: string;
  /** From this firmware on; of all where there is none. */
  from?: string;
  /** Below this firmware. */
  below?: string;
  /** True: it worked for somebody. False: it was tried, or the firmware was looked into, and it does not work. */
  works: boolean;
  /** Sentences for people. */
  what: string;
  /** `one`: one report; `several`: independent ones, or the firmware's own files. */
  sources: 'one' | 'several';
  /** Who has told it. */
  source: string;
}

const PAGE = 'The page opens, and the stick comes back as 12d1:1442 or 1441, with serial ports.';
const OWNER = 'an owner (blog.le-vert.net)';
const ONLY_BOOT_PIN = 'It was tried on 22.470.07.00.00 and changed nothing.';

export const REPORTS: readonly Report[] = [
  { way: 'cgi', model: 'E3272', from: '22.470', works: false, what: ONLY_BOOT_PIN, sources: 'one', source: OWNER },
  { way: 'mode', model: 'E3272', from: '22.470', works: false, what: ONLY_BOOT_PIN, sources: 'one', source: OWNER },
  { way: 'pages', model: 'E3272', from: '22.470', works: false, what: ONLY_BOOT_PIN, sources: 'one', source: OWNER },
  {
    way: 'updater',
    model: 'E3272',
    from: '22.470',
    works: true,
    what: 'The updater of 21.420.07 took 22.470 to 12d1:1442 and wrote its firmware.',
    sources: 'one',
    source: OWNER,
  },
  {
    way: 'cgi',
    model: 'E3372',
    works: true,
    what: 'switchType 0 leads to 12d1:1442 with an AT port until it is plugged in anew, 1 to 12d1:1566.',
    sources: 'several',
    source: 'guides of several forums',
  },
  {
    way: 'cgi',
    model: 'E8372',
    works: true,
    what: 'On 21.328.03 switchType 0 leads to 12d1:1442; it wants session and token.',
    sources: 'one',
    source: 'notes on the E8372H-153 (cellary)',
  },
  {
    way: 'mode',
    model: 'E3372',
    works: true,
    what: 'It leads to 12d1:1566 with an AT port.',
    sources: 'several',
    source: 'clients and guides',
  },
  {
    way: 'mode',
    model: 'E8372',
    from: '21.328',
    below: '21.329',
    works: false,
    what: 'It is refused with 125002.',
    sources: 'one',
    source: 'notes on the E8372H-153 (cellary)',
  },
  {
    way: 'mode',
    model: 'E8372',
    works: true,
    what: 'After a login it leads to 12d1:1566.',
    sources: 'one',
    source: 'a guide',
  },
  ...['E3131', 'E3232', 'E353'].map(
    (model): Report => ({
      way: 'pages',
      model,
      works: true,
      what: PAGE,
      sources: 'several',
      source: 'guides of several forums',
    }),
  ),
  {
    way: 'pages',
    model: 'E3276',
    below: '22.2',
    works: true,
    what: PAGE,
    sources: 'several',
    source: 'guides of several forums',
  },
  {
    way: 'pages',
    model: 'E3372',
    works: false,
    what: 'The pages hold nothing but a script that asks device/mode: to open them changes nothing.',
    sources: 'several',
    source: "the firmware's own pages (WebUI 17.100.17)",
  },
  {
    way: 'cd-rom',
    model: 'E3131',
    works: true,
    what: 'It leads straight to 12d1:1442.',
    sources: 'one',
    source: 'an issue of Gammu (223)',
  },
  {
    way: 'cd-rom',
    model: 'E3372',
    works: true,
    what: 'Some go straight to 12d1:155e or 1001.',
    sources: 'one',
    source: 'notes on usb_modeswitch',
  },
  {
    way: 'usb',
    model: 'E8372',
    works: true,
    what: 'It goes to the mode in its memory, which can lock it out for good.',
    sources: 'one',
    source: 'notes on the E8372H-153 (cellary)',
  },
  {
    way: 'web-update',
    model: 'E3372',
    from: '22.317',
    works: false,
    what: 'The firmware has it switched off.',
    sources: 'one',
    source: 'a recorded answer of 22.317',
  },
];

export interface WayHere {
  way: Way;
  /** What is done. */
  request: string;
  /** `unknown`: nobody has told of this model and firmware. */
  here: 'works' | 'does not work' | 'unknown';
  /** What was reported of this model and firmware, and by whom. */
  why?: string;
  sources?: Report['sources'];
  source?: string;
  /** False: this software never does it. */
  offered: boolean;
}

/** What is known of each way for a stick that tells this model and firmware. */
export const waysOf = ({ model, revision }: { model?: string; revision?: string }): WayHere[] =>
  (Object.keys(WAYS) as Way[]).map((way) => {
    const report = REPORTS.find((one) => one.way === way && isAbout(one, model, revision));
    return {
      way,
      request: WAYS[way],
      here: report === undefined ? 'unknown' : report.works ? 'works' : 'does not work',
      ...(report && { why: report.what, sources: report.sources, source: report.source }),
      offered: !NEVER.includes(way) && way !== 'updater',
    };
  });

function isAbout({ model, from, below }: Report, told: string | undefined, revision: string | undefined): boolean {
  const [name] = /^[a-z]+\d+/i.exec(told ?? '') ?? [];
  if (name?.toUpperCase() !== model) return false;
  if (from === undefined && below === undefined) return true;
  if (revision === undefined) return false;
  return (from === undefined || !isBelow(revision, from)) && (below === undefined || isBelow(revision, below));
}

/** By the numbers between the dots, as far as both have them. */
function isBelow(version: string, limit: string): boolean {
  const [ours, theirs] = [numbersOf(version), numbersOf(limit)];
  const at = theirs.findIndex((number, place) => number !== (ours[place] ?? 0));
  return at >= 0 && (ours[at] ?? 0) < (theirs[at] ?? 0);
}

const numbersOf = (version: string): number[] => version.split('.').map((part) => Number.parseInt(part, 10) || 0);

/** One try: which request, and the mode that it asks for: `project` has an AT port, `debug` more ports besides. */
export interface Try {
  way: 'cgi' | 'mode' | 'pages';
  to: 'project' | 'debug';
}

/** By {@link WAYS}; a project mode first, for it is undone by plugging the stick in anew. */
const TRIES: readonly Try[] = [
  { way: 'cgi', to: 'project' },
  { way: 'cgi', to: 'debug' },
  { way: 'mode', to: 'debug' },
  { way: 'pages', to: 'project' },
  { way: 'pages', to: 'debug' },
];

const RANK: Readonly<Record<WayHere['here'], number>> = { works: 0, unknown: 1, 'does not work': 2 };

/**
 * What is tried on a stick, in this order, each once: what is known to work, then what nobody has told of; `force` adds what
 * is known not to work. `first`: its web server is of the first generation, whose pages did what they say; later ones only
 * hold a script.
 */
export function triesOf(ways: readonly WayHere[], { first, force }: { first: boolean; force: boolean }): Try[] {
  const here = ({ way }: Try) => RANK[ways.find((one) => one.way === way)?.here ?? 'unknown'];
  const late = ({ way }: Try) => Number(first !== (way === 'pages'));
  return TRIES.filter((one) => force || here(one) < RANK['does not work'])
    .map((one, place) => ({ one, place }))
    .sort((a, b) => here(a.one) - here(b.one) || late(a.one) - late(b.one) || a.place - b.place)
    .map(({ one }) => one);
}

/** What to do with a stick, by {@link waysOf} it. */
export function nextStep(ways: readonly WayHere[]): string {
  const first = (here: WayHere['here']) => ways.find((one) => one.offered && one.here === here)?.way;
  const works = first('works');
  if (works !== undefined) return `"${works}" is known to work.`;
  if (triesOf(ways, { first: false, force: false }).length === 0) {
    return 'No web request is known to lead out of this firmware: the boot pin is the way, with a loader and a firmware file.';
  }
  return 'Nobody has told of this model and firmware: what is unknown may be tried, and the boot pin is the sure way.';
}
