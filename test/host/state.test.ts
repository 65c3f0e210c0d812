import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createLocalHost } from '../../src/host/local';
import { Marks } from '../../src/host/marks';
import { Notes } from '../../src/host/notes';
import { stateFolders } from '../../src/host/state-folders';

/** Nobody, and somebody else. Only root can be them. */
const [NOBODY, OTHER] = [65_534, 65_533];

const asRoot = process.getuid?.() === 0 ? describe : () => undefined;

const BUILD = join(__dirname, '../..');

/** Runs JavaScript as another user, without the environment of this one; `host` is a local host made from `options`. */
async function as(user: number, options: object, code: string, env: Record<string, string> = {}): Promise<unknown> {
  const script = `
    const { createLocalHost } = require('${BUILD}/src/host/local.js');
    require('node:process').umask(0o077);
    process.setgroups([]);
    process.setgid(${user});
    process.setuid(${user});
    const host = createLocalHost(${JSON.stringify(options)});
    (async () => ${code})().then((value) => process.stdout.write(JSON.stringify(value)));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { env: { PATH: '/bin', ...env } });
  return JSON.parse(stdout);
}

describe('the folders for state', () => {
  const home = '/home/pi';

  it("of the command line: one given by hand, the user's, Node-RED's", () => {
    const own = '/home/pi/.local/state/e3272';
    const red = '/home/pi/.node-red/e3272';
    assert.deepEqual(stateFolders({ env: {}, home }), [own, red]);
    assert.deepEqual(stateFolders({ env: { XDG_STATE_HOME: '/state' }, home }), ['/state/e3272', red]);
    assert.deepEqual(stateFolders({ env: { E3272_STATE: '/mine' }, home }), ['/mine', own, red]);
    assert.deepEqual(stateFolders({ stateDir: '/given', env: { E3272_STATE: '/mine' }, home }), ['/given', own, red]);
    assert.deepEqual(stateFolders({ stateDir: own, env: {}, home }), [own, red], 'each once');
  });

  it("of Node-RED: below its user folder, then the user's", () => {
    const env = { E3272_STATE: '/mine' };
    assert.deepEqual(stateFolders({ userDir: '/data', env, home }), ['/data/e3272', '/home/pi/.local/state/e3272']);
    assert.deepEqual(stateFolders({ userDir: 'red', env: {}, home: '' }), [join(process.cwd(), 'red/e3272')]);
  });

  it('never depend on the working directory: what is empty or not absolute is not set', () => {
    for (const path of ['', 'state', './state']) {
      const env = { XDG_STATE_HOME: path, E3272_STATE: path };
      assert.deepEqual(stateFolders({ env, home }), stateFolders({ env: {}, home }));
      assert.deepEqual(stateFolders({ env, home: path }), []);
    }
  });

  it('are by default those of the user', () => {
    assert.equal(stateFolders()[0], join(process.env['XDG_STATE_HOME'] ?? '', 'e3272'));
    assert.equal(stateFolders().at(-1), join(homedir(), '.node-red/e3272'));
  });
});

asRoot('state that others could touch', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'e3272-state-'));
    chmodSync(folder, 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is neither read nor written, and that is said', async () => {
    const good = join(folder, 'good');
    const bad = join(folder, 'bad');
    const elsewhere = join(folder, 'elsewhere');
    const makes: [RegExp, () => void][] = [
      [/others may write there \(mode 777; chmod go-w ends that\)/, () => chmodSync(bad, 0o777)],
      [/others may write there \(mode 1777;/, () => chmodSync(bad, 0o1777)],
      [/others may write there \(mode 770;/, () => chmodSync(bad, 0o770)],
      [/belongs to another user \(uid 65534\)/, () => chownSync(bad, NOBODY, NOBODY)],
      [
        /a link into a folder of another user \(uid 65534\)/,
        () => {
          rmSync(bad, { recursive: true });
          mkdirSync(elsewhere);
          writeFileSync(join(elsewhere, '1-1.json'), 'planted');
          chownSync(elsewhere, NOBODY, NOBODY);
          symlinkSync(elsewhere, bad);
        },
      ],
      [
        /leads nowhere/,
        () => {
          rmSync(bad, { recursive: true });
          symlinkSync(join(folder, 'nowhere'), bad);
        },
      ],
      [
        /is no folder/,
        () => {
          rmSync(bad, { recursive: true });
          writeFileSync(bad, '');
        },
      ],
    ];
    for (const [words, make] of makes) {
      mkdirSync(bad);
      writeFileSync(join(bad, '1-1.json'), 'planted');
      make();
      const notes = new Notes([bad, good]);
      assert.equal(notes.read('1-1'), undefined, String(words));
      assert.deepEqual(notes.list(), []);
      assert.equal(await notes.writeAsync('1-1', 'mine'), true);
      assert.equal(notes.keep('log', 'line'), join(good, 'log'));
      assert.equal(new Notes([good]).read('1-1'), 'mine');
      const [problem = '', ...more] = notes.problems();
      assert.match(problem, words);
      assert.ok(problem.startsWith(`The state folder ${bad} is neither read nor written: `));
      assert.deepEqual(more, []);
      assert.equal(new Notes([bad]).keep('log', 'line'), undefined);
      assert.equal(await new Notes([bad]).writeAsync('1-1', 'mine'), false);
      rmSync(bad, { recursive: true });
      rmSync(good, { recursive: true });
      rmSync(elsewhere, { recursive: true, force: true });
    }
  });

  it('a link of somebody else is not followed, wherever it leads', () => {
    const [mine, link] = [join(folder, 'mine'), join(folder, 'link')];
    new Notes([mine]).write('1-1', 'mine');
    symlinkSync(mine, link);
    assert.equal(new Notes([link]).read('1-1'), 'mine');
    assert.deepEqual(new Notes([link]).problems(), []);
    lchownSync(link, NOBODY, NOBODY);
    assert.equal(new Notes([link]).read('1-1'), undefined);
    assert.match(new Notes([link]).problems()[0] ?? '', /belongs to another user/);
  });

  it('a folder that one may not look into is said, and is no note of every stick', async () => {
    const closed = join(folder, 'closed');
    mkdirSync(join(closed, 'e3272'), { recursive: true });
    writeFileSync(join(closed, 'e3272', '1-1.json'), 'begun', { mode: 0o600 });
    chmodSync(closed, 0o755);
    const look = '[host.readNote("1-1"), host.listNotes(), host.stateProblems().join()]';
    // Root's note, in a folder for all to see: there, but not for this user.
    chmodSync(join(closed, 'e3272'), 0o755);
    const options = { stateFolders: [join(closed, 'e3272')], root: folder };
    assert.deepEqual(await as(NOBODY, options, look), ['', [{ key: '1-1' }], '']);
    for (const [path, mode] of [
      [join(closed, 'e3272'), 0o700],
      [join(closed, 'e3272'), 0o744],
      [closed, 0o700],
    ] as const) {
      chmodSync(path, mode);
      const [note, list, problems] = (await as(NOBODY, options, look)) as [unknown, unknown, string];
      assert.deepEqual([note, list], [null, []]);
      assert.match(problems, /cannot be looked into \(EACCES\)/);
    }
  });

  it('where there is no home and no place to write, notes last as long as the process, and it is told', async () => {
    const code =
      '[await host.writeNoteAsync("1-1", "text"), host.readNote("1-1"), host.keepFile("log", "line") ?? "none"]';
    assert.deepEqual(await as(NOBODY, { root: folder }, code), [false, 'text', 'none']);
    // A user that /etc/passwd does not know.
    assert.deepEqual(await as(54_321, { root: folder }, code), [false, 'text', 'none']);
    for (const HOME of ['', 'relative', folder, '/proc']) {
      assert.deepEqual(await as(NOBODY, { root: folder }, code, { HOME, XDG_STATE_HOME: '' }), [false, 'text', 'none']);
    }
    assert.equal(existsSync(join(process.cwd(), 'e3272')), false);
    assert.equal(existsSync(join(tmpdir(), 'e3272')), false);
  });
});

asRoot('what all users are told', () => {
  let root: string;
  let folder: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'e3272-marks-'));
    chmodSync(root, 0o755);
    folder = join(root, 'var/lib/e3272');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** As the line that is shipped makes it, for the group of nobody in place of its own. */
  function install(): void {
    const shipped = readFileSync(join(process.cwd(), 'docs/e3272.tmpfiles.conf'), 'utf8');
    const [, path = '', mode = ''] = /^d (\S+) (\d{4}) root plugdev -$/m.exec(shipped) ?? [];
    assert.equal(join(root, path), folder);
    mkdirSync(folder, { recursive: true });
    chownSync(folder, 0, NOBODY);
    chmodSync(folder, Number.parseInt(mode, 8));
  }

  it('is told nowhere where nobody has made the folder', async () => {
    const host = createLocalHost({ root });
    assert.equal(await host.tellAll('1-1', 'begun'), false);
    assert.equal(await host.tellAll('1-1', undefined), true, 'nothing was told');
    assert.deepEqual([host.toldToAll(), host.stateProblems()], [[], []]);
    assert.equal(existsSync(folder), false);
  });

  it('can be read by all, whatever the umask, and taken back by members of the group', async () => {
    install();
    const mask = process.umask(0o077);
    const host = createLocalHost({ root });
    try {
      assert.equal(await host.tellAll('1-1.4', 'begun'), true);
      assert.equal(await host.tellAll('/dev/ttyS0', 'begun'), true);
    } finally {
      process.umask(mask);
    }
    assert.equal(statSync(join(folder, '1-1.4')).mode & 0o777, 0o644);
    const told = [
      { place: '/dev/ttyS0', text: 'begun' },
      { place: '1-1.4', text: 'begun' },
    ];
    assert.deepEqual(host.toldToAll(), told);
    const options = { root, stateFolders: [join(root, 'none')] };
    const other = '[host.toldToAll(), await host.tellAll("1-1.4", undefined), await host.tellAll("1-2", "theirs")]';
    // Nobody is of the group, the other is not.
    assert.deepEqual(await as(OTHER, options, other), [told, false, false]);
    assert.deepEqual(await as(NOBODY, options, other), [told, true, true]);
    assert.deepEqual(host.toldToAll(), [told[0], { place: '1-2', text: 'theirs' }]);
    assert.equal(await host.tellAll('1-2', 'newer'), true);
    assert.deepEqual((await as(OTHER, options, 'host.toldToAll()')) as unknown, [
      told[0],
      { place: '1-2', text: 'newer' },
    ]);
  });

  it('the last word for a place counts', async () => {
    install();
    const marks = new Marks(root);
    await Promise.all([marks.tell('1-1', 'first'), marks.tell('1-1', undefined), marks.tell('1-1', 'last')]);
    assert.deepEqual(marks.list(), [{ place: '1-1', text: 'last' }]);
    await Promise.all([marks.tell('1-1', 'first'), marks.tell('1-1', undefined)]);
    assert.deepEqual(marks.list(), []);
  });

  it('shows what cannot be read as such, and takes no draft for a word', async () => {
    install();
    writeFileSync(join(folder, '1-1'), '');
    mkdirSync(join(folder, '1-2'));
    symlinkSync('/etc/hostname', join(folder, '1-3'));
    writeFileSync(join(folder, '1-4'), 'secret', { mode: 0o600 });
    writeFileSync(join(folder, '1-5.0123456789ab.draft'), 'half');
    writeFileSync(join(folder, '.hidden'), 'no stick');
    writeFileSync(join(folder, '%zz'), 'odd');
    const places = ['%zz', '1-1', '1-2', '1-3', '1-4'];
    const list = (await as(OTHER, { root }, 'host.toldToAll()')) as { place: string; text?: string }[];
    assert.deepEqual(
      list.map(({ place, text }) => [place, text]),
      places.map((place) => [place, place === '%zz' ? 'odd' : undefined]),
    );
  });

  it('a folder that anybody may write to, or of somebody else, is not used, and that is said', async () => {
    for (const spoil of [() => chmodSync(folder, 0o2777), () => chownSync(folder, OTHER, OTHER)]) {
      install();
      writeFileSync(join(folder, '1-1'), 'planted');
      spoil();
      const host = createLocalHost({ root, stateFolders: [] });
      assert.deepEqual(host.toldToAll(), []);
      assert.equal(await host.tellAll('1-2', 'begun'), false);
      assert.match(host.stateProblems().join(), /var\/lib\/e3272 is neither read nor written: (others may|it belongs)/);
      assert.equal(existsSync(join(folder, '1-2')), false);
      rmSync(folder, { recursive: true });
    }
  });
});
