import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { isDriverError } from '../../src/errors';
import { Notes } from '../../src/host/notes';
import { CutDisk, REMAINS } from './cut-disk';

const FIRST = '/home/state/first';
const SECOND = '/home/state/second';
const KEY = '1-1.4';
const NEW = '{"missing":["Image of linux kernel","and more of it"]}';

interface Case {
  what: string;
  /** Notes that are there: folder and time of each; the text is the folder, and the time. */
  old: [folder: string, modified: number][];
  text: string | undefined;
}

const CASES: Case[] = [
  { what: 'the first note of all', old: [], text: NEW },
  { what: 'a note in the place of another', old: [[FIRST, 500]], text: NEW },
  { what: 'a note whose former one is in the other folder, which alone exists', old: [[SECOND, 500]], text: NEW },
  {
    what: 'a note that has former ones in both folders, the newer in the other',
    old: [
      [FIRST, 500],
      [SECOND, 700],
    ],
    text: NEW,
  },
  {
    what: 'a note when the clock was set back since',
    old: [
      [FIRST, 8_000_000],
      [SECOND, 9_000_000],
    ],
    text: NEW,
  },
  { what: 'the end of a note', old: [[FIRST, 500]], text: undefined },
  {
    what: 'the end of a note in both folders, the newer in the first',
    old: [
      [FIRST, 700],
      [SECOND, 500],
    ],
    text: undefined,
  },
  {
    what: 'the end of a note in both folders, the newer in the other',
    old: [
      [FIRST, 500],
      [SECOND, 700],
    ],
    text: undefined,
  },
];

const textOf = ([folder, modified]: [string, number]): string => `{"old":"${folder} ${modified}"}`;

function fresh({ old }: Case): CutDisk {
  const disk = new CutDisk();
  disk.put('/home/other', '', 1);
  for (const entry of old) disk.put(`${entry[0]}/${KEY}.json`, textOf(entry), entry[1]);
  return disk;
}

const formerOf = ({ old }: Case): string | undefined => {
  const [newest] = [...old].sort((a, b) => b[1] - a[1]);
  return newest && textOf(newest);
};

const notesOn = (disk: CutDisk): Notes => new Notes([FIRST, SECOND], disk);

type Way = 'write' | 'writeAsync';
const WAYS: Way[] = ['write', 'writeAsync'];

/** True, false, or FILE_NOT_WRITTEN; `write` tells nothing. */
async function change(notes: Notes, way: Way, text: string | undefined): Promise<boolean | 'refused' | undefined> {
  try {
    if (way === 'writeAsync') return await notes.writeAsync(KEY, text);
    notes.write(KEY, text);
    return undefined;
  } catch (error) {
    assert.ok(isDriverError(error, 'FILE_NOT_WRITTEN'), String(error));
    return 'refused';
  }
}

/** What the next start reads, whatever is left of what was not synced. */
function afterCut(disk: CutDisk): Set<string | undefined> {
  const seen = REMAINS.map((remains) => {
    const notes = notesOn(disk.restart(remains()));
    const text = notes.read(KEY);
    assert.deepEqual(
      notes.list().map((note) => note.text),
      text === undefined ? [] : [text],
    );
    return text;
  });
  return new Set(seen);
}

function among(seen: Set<string | undefined>, allowed: (string | undefined)[], when: string): void {
  for (const text of seen) assert.ok(allowed.includes(text), `${when}: ${JSON.stringify(text)} is read`);
}

describe('notes, when the power goes', () => {
  for (const it_ of CASES) {
    for (const way of WAYS) {
      it(`${it_.what} (${way}): the old one or the new one, at every step`, async () => {
        const whole = fresh(it_);
        await change(notesOn(whole), way, it_.text);
        assert.ok(whole.steps > 0);
        for (let at = 1; at <= whole.steps; at++) {
          const disk = fresh(it_);
          Object.assign(disk, { failAt: at, failure: 'cut' });
          await change(notesOn(disk), way, it_.text);
          among(afterCut(disk), [formerOf(it_), it_.text], `power cut at step ${at}`);
        }
        // Said to be on the disk: there it is, or it is gone.
        assert.deepEqual([...afterCut(whole)], [it_.text]);
      });
    }
  }
});

describe('notes, when the disk is full or broken', () => {
  const failures = ['ENOSPC', 'EIO'].flatMap((failure) => [
    { failure, lasting: false },
    { failure, lasting: true },
  ]);
  for (const it_ of CASES) {
    for (const { failure, lasting } of failures) {
      it(`${it_.what}: ${failure} ${lasting ? 'from' : 'at'} every step; never none, never half, never a false yes`, async () => {
        const whole = fresh(it_);
        await notesOn(whole).writeAsync(KEY, it_.text);
        const answers = new Set<unknown>();
        for (let at = 1; at <= whole.steps; at++) {
          const when = `${failure} at step ${at}`;
          const disk = fresh(it_);
          Object.assign(disk, { failAt: at, failure, lasting });
          const notes = notesOn(disk);
          const answer = await change(notes, 'writeAsync', it_.text);
          answers.add(answer);
          const left = afterCut(disk);
          if (answer === true) assert.deepEqual([...left], [it_.text], when);
          else among(left, [formerOf(it_), it_.text], when);
          // In this process the last word counts, wherever it is.
          if (answer !== 'refused') assert.equal(notes.read(KEY), it_.text, when);
          disk.failAt = 0;
          assert.equal(await notes.writeAsync(KEY, it_.text), true, `${when}, then room again`);
          assert.deepEqual([...afterCut(disk)], [it_.text], `${when}, then room again`);
          const litter = [FIRST, SECOND].flatMap((folder) => (disk.look(folder) ? disk.list(folder) : []));
          // What cannot be removed either stays as litter.
          if (!lasting) assert.deepEqual(litter, it_.text === undefined ? [] : [`${KEY}.json`], when);
        }
        // Without a single failure that counts the loop has shown nothing.
        if (lasting) assert.ok(answers.has(it_.text === undefined ? 'refused' : false), [...answers].join());
      });
    }
  }
});

describe('notes that another process moves to another folder meanwhile', () => {
  it('are found there', () => {
    const disk = new CutDisk();
    disk.put(`${SECOND}/${KEY}.json`, 'old', 500);
    const read = disk.read.bind(disk);
    disk.read = (path) => {
      if (path.startsWith(SECOND)) notesOn(disk).write(KEY, NEW);
      return read(path);
    };
    assert.equal(notesOn(disk).read(KEY), NEW);
  });

  it('one that is always gone when it is read is there, and cannot be read', () => {
    const disk = new CutDisk();
    disk.put(`${FIRST}/${KEY}.json`, 'old', 500);
    disk.read = () => {
      throw Object.assign(new Error('gone'), { code: 'ENOENT' });
    };
    assert.equal(notesOn(disk).read(KEY), '');
  });
});

describe('notes on a disk that is dying', () => {
  it('one that nobody can tell about may be the newest: it is there, and cannot be read', async () => {
    const disk = new CutDisk();
    disk.put(`${SECOND}/${KEY}.json`, 'older', 500);
    disk.put(`${FIRST}/${KEY}.json`, 'newer', 700);
    disk.unreadable.add(`${FIRST}/${KEY}.json`);
    const notes = notesOn(disk);
    assert.equal(notes.read(KEY), '');
    assert.deepEqual(notes.list(), [{ key: KEY, text: undefined }]);
    assert.throws(() => notes.write(KEY, undefined), { code: 'FILE_NOT_WRITTEN' });
    assert.deepEqual(notes.problems(), []);
  });

  it('a folder that cannot be listed is said', () => {
    const disk = new CutDisk();
    disk.put(`${FIRST}/${KEY}.json`, 'text', 700);
    disk.unreadable.add(`${FIRST}/`);
    assert.match(
      notesOn(disk).problems().join(),
      /first is neither read nor written: it cannot be looked into \(EIO\)/,
    );
  });
});

describe('notes on a file system that cannot sync folders', () => {
  it('are as safe as it makes them; what it cannot do is told apart from what has failed', async () => {
    for (const [code, safe] of [
      ['EINVAL', true],
      ['EIO', false],
    ] as const) {
      const disk = new CutDisk();
      disk.folderSync = code;
      assert.equal(await notesOn(disk).writeAsync(KEY, NEW), safe, code);
    }
  });
});

describe('drafts of a process that was killed', () => {
  it('are cleared away by a later one, not while somebody may still be at them', async () => {
    const whole = new CutDisk();
    await notesOn(whole).writeAsync(KEY, NEW);
    const disk = new CutDisk();
    // The last steps are the new name and the sync of its folder.
    Object.assign(disk, { failAt: whole.steps - 2, failure: 'cut' });
    await change(notesOn(disk), 'writeAsync', NEW);
    const next = disk.restart({ name: () => true, data: () => 'all' });
    // As 0.1 left them.
    for (const name of ['1-1.json.4711', '1-1.json.4711.next']) next.put(`${FIRST}/${name}`, 'half', next.clock);
    const before = next.list(FIRST);
    assert.ok(before.length > 2, before.join());
    assert.equal(await notesOn(next).writeAsync('other', 'text'), true);
    assert.deepEqual(next.list(FIRST).sort(), [...before, 'other.json'].sort());
    next.clock += 3_600_001;
    assert.equal(await notesOn(next).writeAsync('other', 'text'), true);
    assert.deepEqual(next.list(FIRST), ['other.json']);
    assert.equal(dirname(FIRST), '/home/state');
  });
});

describe('what is added to a note', () => {
  it('stands behind what was there, whenever the power goes; once that was said it is there', () => {
    const whole = new CutDisk();
    whole.put(`${FIRST}/${KEY}.json`, 'old', 700);
    assert.equal(notesOn(whole).append(KEY, ' more'), true);
    assert.ok(whole.steps > 0);
    for (let step = 1; step <= whole.steps + 1; step++) {
      for (const remains of REMAINS) {
        const disk = new CutDisk();
        disk.put(`${FIRST}/${KEY}.json`, 'old', 700);
        Object.assign(disk, { failAt: step, failure: 'cut', lasting: true });
        let said = false;
        try {
          said = notesOn(disk).append(KEY, ' more');
        } catch {
          // The power is off.
        }
        const left = notesOn(disk.restart(remains())).read(KEY) ?? '';
        if (said) assert.equal(left, 'old more', `step ${step}`);
        else assert.ok('old more'.startsWith(left) || left === 'old', `step ${step}: ${left}`);
      }
    }
  });

  it('becomes a note where there is none, and is kept in memory where no folder takes it', () => {
    const disk = new CutDisk();
    const notes = notesOn(disk);
    assert.equal(notes.append(KEY, 'first'), true);
    assert.equal(notes.append(KEY, ' second'), true);
    assert.equal(notesOn(disk).read(KEY), 'first second');
    Object.assign(disk, { failAt: disk.steps + 1, lasting: true });
    assert.equal(notes.append(KEY, ' third'), false);
    assert.ok(notes.read(KEY)?.endsWith(' third'));
  });
});
