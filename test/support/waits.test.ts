import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';

interface Ended {
  title: string;
  err: { message?: string };
}

interface Report {
  tests: Ended[];
  /** Hooks too. */
  failures: Ended[];
}

describe('waits of tests', () => {
  let said: Map<string, string | undefined>;

  before(async () => {
    const args = ['--no-config', '--timeout', '400', '--reporter', 'json', join(__dirname, 'hanging.js')];
    const child = spawn(process.execPath, [require.resolve('mocha/bin/mocha.js'), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [report] = await Promise.all([json(child.stdout) as Promise<Report>, once(child, 'exit')]);
    said = new Map([...report.tests, ...report.failures].map(({ title, err }) => [title, err.message]));
  });

  it('say what they waited for, and the last that came instead', () => {
    const [first, ...lines] = said.get('says what it waited for and what came instead')?.split('\n') ?? [];
    assert.match(first ?? '', /^Waited \d+ ms for number 17\. What came instead:$/);
    assert.equal(lines[0], '12 things, the last 8');
    assert.deepEqual(
      lines.slice(1),
      [4, 5, 6, 7, 8, 9, 10, 11].map((id) => `  {"id":${id}}`),
    );
  });

  it('do so before mocha ends the test, also where they began late, and in a hook', () => {
    assert.match(
      said.get('also when it began late') ?? '',
      /^Waited 2\d\d ms for what never comes\. .*\nnothing at all$/,
    );
    assert.match(said.get('also when nobody can tell what came') ?? '', /the log is gone$/);
    assert.match(said.get('"before all" hook for "is not reached"') ?? '', /^Waited 380 ms for the hook\./);
  });

  it('disturb nobody afterwards', () => {
    assert.equal(said.get('is silent of a wait that nobody waited for'), undefined);
    assert.equal(said.get('and of the one that lost a race'), undefined);
    assert.equal(said.get('fails with the error of a look'), 'cannot look');
    assert.equal(said.get('takes what is there already, and what comes'), undefined);
  });
});
