/**
 * Rule files of udev, as far as it takes to know what they surely do: lines, keys, values (udev(7)). No device is at hand
 * when a rule is judged, so each match is true for every device of a {@link Kind}, for none, or for some of them.
 */

/** A rule file; udev works through all of them in the order of their names. */
export interface RuleFile {
  name: string;
  text: string;
}

/** One `KEY{attribute}OP"value"`. */
interface Pair {
  key: string;
  /** Empty where the key has none. */
  attribute: string;
  op: string;
  value: string;
}

/** All devices of one kind: what is the same for each of them, and what is not. */
export interface Kind {
  subsystem: string;
  /** Empty: it has none. */
  devtype: string;
  /** Events after which udev forgets what an earlier one has set. */
  actions: readonly string[];
  /** Some of its kernel names, and how each of them begins. */
  names: readonly string[];
  begins: readonly string[];
  /** Its own attributes that are always the same; others vary, or are not there. */
  attributes: Readonly<Record<string, string>>;
  /** Itself and what is surely above it, among others: a rule's matches of parents must all be met by one of them. */
  chain: readonly { subsystem: string; attributes: Readonly<Record<string, string>> }[];
  /** Properties that udev's own rules have set, from the file of this name on. */
  properties: Readonly<Record<string, { value: string; after: string }>>;
}

type Verdict = 'all' | 'none' | 'some';

interface Rule {
  /** Undefined: no rule by udev's own grammar, or by what is known of it here. */
  pairs: Pair[] | undefined;
  text: string;
}

/** Lines that end in a backslash go on in the next one; a comment is left out, also between such lines. */
function lines(text: string): string[] {
  const found: string[] = [];
  let begun = '';
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*#/.test(line)) continue;
    if (line.endsWith('\\')) begun += `${line.slice(0, -1)} `;
    else {
      found.push(begun + line);
      begun = '';
    }
  }
  return [...found, begun].filter((line) => line.trim() !== '');
}

/** A line with any other key is no rule: udev leaves it out. */
const KEYS = new Set(
  (
    'ACTION DEVPATH KERNEL KERNELS NAME SYMLINK SUBSYSTEM SUBSYSTEMS DRIVER DRIVERS ATTR ATTRS SYSCTL ENV CONST TAG TAGS ' +
    'TEST PROGRAM RESULT OWNER GROUP MODE SECLABEL RUN LABEL GOTO IMPORT OPTIONS'
  ).split(' '),
);

const PAIR = /^[\s,]*([A-Z_]+)(?:\{([^}]*)\})?\s*(==|!=|\+=|-=|:=|=)\s*([ei]?)"((?:\\.|[^"\\])*)"/;

function parse(line: string): Rule {
  const pairs: Pair[] = [];
  for (let rest = line; rest.replace(/^[\s,]+/, '') !== ''; ) {
    const [whole, key, attribute = '', op, prefix, value] = PAIR.exec(rest) ?? [];
    const known = key !== undefined && KEYS.has(key) && prefix === '';
    if (!known || whole === undefined || op === undefined || value === undefined)
      return { pairs: undefined, text: line };
    pairs.push({ key, attribute, op, value });
    rest = rest.slice(whole.length);
  }
  return { pairs, text: line };
}

/** A shell pattern (`*`, `?`, `[a-z]`) as an expression; small and capital letters differ. */
function glob(pattern: string): RegExp {
  const source = pattern.replace(/\[[!^]?[\w-]+\]|\W/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    return part.length > 1 ? part.replace('[!', '[^') : `\\${part}`;
  });
  try {
    return new RegExp(`^${source}$`);
  } catch {
    // A range that runs backwards matches nothing.
    return /$^/;
  }
}

/** `a|b*|c?`: one of them. */
const matches = (pattern: string, value: string): boolean => pattern.split('|').some((one) => glob(one).test(value));

const negate = (verdict: Verdict): Verdict => (verdict === 'all' ? 'none' : verdict === 'none' ? 'all' : 'some');

/** Keys that are matched against one of the devices in the chain, all in a rule against the same one. */
const PARENT_KEYS = new Set(['SUBSYSTEMS', 'ATTRS', 'KERNELS', 'DRIVERS', 'TAGS']);
/** Keys that are matches whatever their operator. */
const ALWAYS_MATCH = new Set(['PROGRAM', 'IMPORT', 'TEST', 'RESULT']);

const isMatch = ({ key, op }: Pair): boolean =>
  (op === '==' || op === '!=' || ALWAYS_MATCH.has(key)) && key !== 'GOTO' && key !== 'LABEL';

const every = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.includes('none') ? 'none' : verdicts.includes('some') ? 'some' : 'all';

/** Of the patterns' matches over `values`, which are all that can be. */
const over = (values: readonly string[], pattern: string): Verdict => {
  const hits = values.filter((value) => matches(pattern, value)).length;
  return hits === values.length ? 'all' : hits === 0 ? 'none' : 'some';
};

function matchName({ names, begins }: Kind, pattern: string): Verdict {
  if (over(names, pattern) === 'all') return 'all';
  const fixed = pattern.split('|').map((one) => one.replace(/[*?[].*/, ''));
  return begins.some((begin) => fixed.some((text) => text.startsWith(begin) || begin.startsWith(text)))
    ? 'some'
    : 'none';
}

function matchOwn(kind: Kind, file: string, { key, attribute, op, value }: Pair): Verdict {
  const is = ((): Verdict => {
    switch (key) {
      case 'ACTION':
        return over(kind.actions, value);
      case 'SUBSYSTEM':
        return over([kind.subsystem], value);
      case 'KERNEL':
        return matchName(kind, value);
      case 'ENV': {
        if (attribute === 'DEVTYPE') return over([kind.devtype], value);
        const known = kind.properties[attribute];
        return known !== undefined && file > known.after ? over([known.value], value) : 'some';
      }
      case 'ATTR': {
        const known = kind.attributes[attribute];
        return known === undefined ? 'some' : over([known], value);
      }
      default:
        return 'some';
    }
  })();
  return op === '!=' ? negate(is) : is;
}

function matchParents(kind: Kind, pairs: readonly Pair[]): Verdict {
  const on = kind.chain.map(({ subsystem, attributes }) =>
    every(
      pairs.map(({ key, attribute, op, value }): Verdict => {
        const known = key === 'SUBSYSTEMS' ? subsystem : key === 'ATTRS' ? attributes[attribute] : undefined;
        if (known === undefined) return 'some';
        return op === '!=' ? negate(over([known], value)) : over([known], value);
      }),
    ),
  );
  if (on.includes('all')) return 'all';
  // Whatever else is above it: the device of another maker is not, unless it is a hub; Linux' own are 1d6b.
  const foreign = ({ key, attribute, op, value }: Pair) =>
    key === 'ATTRS' &&
    attribute === 'idVendor' &&
    op === '==' &&
    /^(?!1d6b)[0-9a-f]{4}$/.test(value) &&
    kind.chain.every(({ attributes }) => attributes['idVendor'] !== value);
  return pairs.some(foreign) ? 'none' : 'some';
}

/** For which devices of `kind` all matches of a rule hold. */
function judge(kind: Kind, file: string, pairs: readonly Pair[]): Verdict {
  const found = pairs.filter(isMatch);
  const parents = found.filter(({ key }) => PARENT_KEYS.has(key));
  const own = found.filter(({ key }) => !PARENT_KEYS.has(key)).map((pair) => matchOwn(kind, file, pair));
  return every(parents.length > 0 ? [...own, matchParents(kind, parents)] : own);
}

/**
 * Whether `property` is surely 1 in the end for all devices of `kind`, set by a file whose name stands before `before`. In
 * doubt it is not: a rule that may undo it for one device undoes it.
 */
export function surelySet(files: readonly RuleFile[], kind: Kind, property: string, before: string): boolean {
  let set = false;
  for (const { name, text } of files.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const rules = lines(text).map(parse);
    const labels = rules.map(({ pairs }) => pairs?.find(({ key }) => key === 'LABEL')?.value);
    /** Labels that a device may be on its way to, having left the rules in between out. */
    const away = new Set<number>();
    let here = true;
    for (const [index, { pairs, text: line }] of rules.entries()) {
      if (away.delete(index)) here = true;
      if (!here) continue;
      if (!pairs) {
        if (line.includes(property)) set = false;
        if (line.includes('GOTO')) away.add(rules.length);
        continue;
      }
      const verdict = judge(kind, name, pairs);
      if (verdict === 'none') continue;
      for (const { key, attribute, op, value } of pairs) {
        if (key !== 'ENV' || attribute !== property || op === '==' || op === '!=') continue;
        const one = value === '1' && (op === '=' || op === ':=');
        if (!one) set = false;
        else if (verdict === 'all' && away.size === 0 && name < before) set = true;
      }
      const goto = pairs.find(({ key }) => key === 'GOTO')?.value;
      if (goto === undefined) continue;
      const target = labels.indexOf(goto, index + 1);
      away.add(target < 0 ? rules.length : target);
      // udev does not jump to a label that is not there.
      if (verdict === 'all' && target >= 0) here = false;
    }
  }
  return set;
}
