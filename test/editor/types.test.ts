/** The compiler holds the dialogs against what the runtime reads, and against their words. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../nodes/package-root';
import { tempFolder } from '../support/temp-folder';

interface Planted {
  what: string;
  file: string;
  right: string;
  wrong: string;
  told: RegExp;
  /** Where it is told, if not there. */
  at?: string;
}

const PLANTED: readonly Planted[] = [
  {
    what: 'a property that the runtime does not read',
    file: 'nodes/e3272-at/editor.ts',
    right: 'timeout: { value',
    wrong: 'timeot: { value',
    told: /'timeot' does not exist/,
  },
  {
    what: 'a property that is not saved',
    file: 'nodes/e3272-ussd/editor.ts',
    right: '    version: { value: fresh.version },\n',
    wrong: '',
    told: /Property 'version' is missing/,
  },
  {
    what: 'a value of another type',
    file: 'nodes/e3272-status/editor.ts',
    right: 'signal: { value: fresh.signal }',
    wrong: "signal: { value: 'yes' }",
    told: /'string' is not assignable to type 'boolean'/,
  },
  {
    what: 'the input of a property that there is not',
    file: 'nodes/e3272-flash/editor.ts',
    right: "isChecked(input('armed'))",
    wrong: "isChecked(input('armd'))",
    told: /"armd"/,
  },
  {
    what: 'a new node with a setting that there is not',
    file: 'nodes/e3272-detect/saved.ts',
    right: "message: 'new' }",
    wrong: "message: 'old' }",
    told: /"old"/,
  },
  {
    what: 'a step that does not lead to what is read today',
    file: 'nodes/e3272-modeswitch/saved.ts',
    right: '({ ...old, configuration })',
    wrong: '({ ...old })',
    told: /Property 'configuration' is missing/,
  },
  {
    what: 'a word for a port that the locale has not',
    file: 'nodes/e3272-sms-in/editor.ts',
    right: "ports('port.input')",
    wrong: "ports('port.inptu')",
    told: /"port\.inptu"/,
  },
  {
    what: 'a word for a fault that the locale has not',
    file: 'nodes/e3272-sms-out/editor.ts',
    right: "amount('invalid.limit'",
    wrong: "amount('invalid.limti'",
    told: /"invalid\.limti"/,
  },
  {
    what: 'words put together that the locale has not',
    file: 'nodes/e3272-virtual/editor.ts',
    // The text of a template, not one itself.
    right: '`action.',
    wrong: '`actions.',
    told: /actions\./,
  },
  {
    what: 'a word of the picker that the locale has not',
    file: 'nodes/e3272-stick/locales/en-US/e3272-stick.json',
    right: '"looking"',
    wrong: '"lookign"',
    told: /picker\.looking/,
    at: 'nodes/e3272-stick/editor.ts',
  },
];

describe('types of the editor', () => {
  /** What the compiler says of the planted sources: a line each, with what belongs to it. */
  let complaints: string[] = [];

  before(() => {
    const root = tempFolder('types');
    try {
      const sources = ['nodes', 'editor', 'src/values', 'src/errors'];
      for (const name of [...sources, 'tsconfig.json', 'tsconfig.editor.json', 'package.json']) {
        cpSync(join(packageRoot, name), join(root, name), { recursive: true });
      }
      symlinkSync(join(packageRoot, 'node_modules'), join(root, 'node_modules'));
      for (const { file, right, wrong, what } of PLANTED) {
        const text = readFileSync(join(root, file), 'utf8');
        assert.ok(text.includes(right), `no place in ${file} for ${what}`);
        writeFileSync(join(root, file), text.replace(right, wrong));
      }
      const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
      const args = [tsc, '-p', 'tsconfig.editor.json', '--pretty', 'false'];
      const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
      assert.equal(stderr, '');
      complaints = stdout.split(/\n(?=\S)/);
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  for (const { what, file, told, at = file } of PLANTED) {
    it(`find ${what}`, () => {
      const here = complaints.filter((line) => line.startsWith(`${at}(`));
      assert.ok(
        here.some((line) => told.test(line)),
        complaints.join('\n'),
      );
    });
  }

  it('find nothing else', () => {
    const expected = PLANTED.map(({ file, at = file }) => `${at}(`);
    const others = complaints.filter((line) => line !== '' && !expected.some((place) => line.startsWith(place)));
    assert.deepEqual(others, []);
  });
});
