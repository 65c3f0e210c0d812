import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';

interface Ended {
  title: string;
  err: { message?: string; stack?: string };
}

interface Report {
  tests: Ended[];
  /** Hooks too. */
  failures: Ended[];
}

describe('waits of tests', () => {
  let said: Map<string, Ended['err']>;
  const text = (title: string) => said.get(title)?.message;

  before(async () => {
    const args = ['--no-config', '--timeout', '400', '--reporter', 'json', join(__dirname, 'hanging.js')];
    const child = spawn(process.execPath, [require.resolve('mocha/bin/mocha.js'), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [report] = await Promise.all([json(child.stdout) as Promise<Report>, once(child, 'exit')]);
    said = new Map([...report.tests, ...report.failures].map(({ title, err }) => [title, err]));
  });

  it('say what they waited for, and the last that came instead', () => {
    const [first, ...lines] = text('says what it waited for and what came instead')?.split('\n') ?? [];
    assert.match(first ?? '', /^Waited \d+ ms for number 17\. What came instead:$/);
    assert.equal(lines[0], '12 things, the last 8');
    assert.deepEqual(
      lines.slice(1),
      [4, 5, 6, 7, 8, 9, 10, 11].map((id) => `  {"id":${id}}`),
    );
    assert.match(said.get('says what it waited for and what came instead')?.stack ?? '', /\n +at .*hanging\.js:\d+/);
  });

  it('do so before mocha ends the test, also where they began late, and in a hook', () => {
    assert.match(text('also when it began late') ?? '', /^Waited 2\d\d ms for what never comes\. .*\nnothing at all$/);
    assert.match(text('also when nobody can tell what came') ?? '', /the log is gone$/);
    assert.match(text('"before all" hook for "is not reached"') ?? '', /^Waited 380 ms for the hook\./);
  });

  it('disturb nobody afterwards', () => {
    assert.equal(text('is silent of a wait that nobody waited for'), undefined);
    assert.equal(text('and of the one that lost a race'), undefined);
    assert.equal(text('fails with the error of a look'), 'cannot look');
    assert.equal(text('leaves no rejection to nobody'), undefined);
    assert.equal(text('takes what is there already, and what comes'), undefined);
  });
});
