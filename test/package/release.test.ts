/** The release script, in a repository of its own. */

import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { copySources } from '../../scripts/packing';
import { packageRoot } from '../nodes/package-root';
import { tempFolder } from '../support/temp-folder';

const run = promisify(execFile);
const SCRIPT = join(__dirname, '../../scripts/release.js');

describe('npm run release', () => {
  const work = tempFolder('release-test');
  const root = join(work, 'repository');
  const published = join(work, 'published');
  const who = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' };
  const env: NodeJS.ProcessEnv = { ...process.env, ...who };

  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8', env }).trim();
  const read = (name: string): string => readFileSync(join(root, name), 'utf8');
  const release = async (...args: string[]): Promise<string> =>
    (await run(process.execPath, [SCRIPT, ...args], { cwd: root, env })).stdout;
  const refused = (args: string[], why: RegExp): Promise<void> => assert.rejects(release(...args), why);

  before(() => {
    copySources(packageRoot, root);
    git('init', '--quiet');
    // A link is no folder, so .gitignore does not leave it out.
    appendFileSync(join(root, '.git/info/exclude'), 'node_modules\n');
    writeFileSync(
      join(root, 'CHANGELOG.md'),
      '# Changelog\n\n## Unreleased\n\n- Something new.\n\n## 0.0.9\n\n- Old.\n',
    );
    commit();

    // Nothing goes to a registry: what would is written down.
    const real = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();
    mkdirSync(join(work, 'bin'));
    const npm = join(work, 'bin/npm');
    writeFileSync(npm, `#!/bin/sh\n[ "$1" = publish ] && echo "$@" > ${published} && exit\nexec ${real} "$@"\n`);
    chmodSync(npm, 0o755);
    env.PATH = join(work, 'bin') + delimiter + env.PATH;
  });
  after(() => rmSync(work, { recursive: true }));

  function commit(): void {
    git('add', '--all');
    git('commit', '--quiet', '--message', 'x');
  }

  it('refuses what is no version, an earlier one, and two wishes at once', async () => {
    await refused(['next'], /next is no version/);
    await refused(['1.2.3-beta'], /is no version/);
    await refused(['0.0.10'], /0\.0\.10 comes before 0\.1\.0/);
    await refused(['0.2.0', '--publish'], /npm run release -- VERSION/);
    await refused([], /npm run release -- VERSION/);
  });

  it('refuses what is not committed', async () => {
    appendFileSync(join(root, 'README.md'), 'x\n');
    await refused(['0.2.0'], /There are changes that are not committed/);
    git('checkout', '--quiet', 'README.md');
  });

  it('packs and looks through what the release would be, and changes nothing', async () => {
    const head = git('rev-parse', 'HEAD');
    const said = await release('0.2.0');
    assert.match(said, /Packed: \d+ files, \d+ kB, unpacked \d+ kB/);
    assert.match(said, /0\.2\.0 would say:\n\n- Something new\.\n\nA dry run/);
    assert.deepEqual([git('rev-parse', 'HEAD'), git('status', '--porcelain'), git('tag')], [head, '', '']);
  });

  it('does not release what does not belong into a package', async () => {
    writeFileSync(join(root, 'docs/usbloader.bin'), 'x');
    commit();
    await refused(['0.2.0', '--tag'], /docs\/usbloader\.bin does not belong into the package/);
    assert.equal(git('tag'), '');
    git('reset', '--hard', '--quiet', 'HEAD~');
  });

  it('commits and tags with --tag: version, changelog, README', async () => {
    await release('0.2.0', '--tag');
    assert.deepEqual([git('status', '--porcelain'), git('tag', '--points-at', 'HEAD')], ['', 'v0.2.0']);
    assert.match(read('package.json'), /"version": "0\.2\.0"/);
    assert.match(read('package-lock.json'), /"version": "0\.2\.0"/);
    assert.match(read('README.md'), /e3272-node-red-0\.2\.0\.tgz/);
    assert.match(
      read('CHANGELOG.md'),
      /^# Changelog\n\n## Unreleased\n\n## 0\.2\.0 - \d{4}-\d\d-\d\d\n\n- Something new\.\n\n## 0\.0\.9\n/,
    );
    await refused(['0.2.0'], /There is a tag v0\.2\.0 already/);
    await refused(['0.3.0'], /nothing under "Unreleased"/);
  });

  it('publishes with provenance, at the tag and with a repository only', async () => {
    await refused(['--publish'], /names no repository/);
    writeFileSync(join(root, 'package.json'), read('package.json').replace('{', '{\n  "repository": "x/y",'));
    commit();
    await refused(['--publish'], /The commit has no tag v0\.2\.0/);
    git('tag', '--force', 'v0.2.0');
    await release('--publish');
    assert.match(readFileSync(published, 'utf8'), /^publish \S+-0\.2\.0\.tgz --provenance$/m);
  });
});
