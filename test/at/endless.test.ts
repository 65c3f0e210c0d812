/** Lines as long as the splitter lets them be: whoever reads one is done at once, whatever stands in it. */

import assert from 'node:assert/strict';
import { COMMANDS } from '../../src/at/commands/table';
import { MAX_LINE } from '../../src/at/lines';
import { redact } from '../../src/at/redact';
import { LineSorter, type Urc } from '../../src/at/sorter';
import { parseUssd } from '../../src/at/ussd';

/** What is repeated, and what stands around it: shapes that make a pattern go back over its own steps. */
const FILLINGS = [' ', ',', '"', '(', ':', '7F', ' ,', '" ', '(,', '1,'];
const AROUND = [
  ['', ''],
  ['', 'x'],
  ['"', ''],
  ['"', '"x'],
  ['0', 'x'],
  ['0,', 'x'],
  ['0,"', 'x'],
  ['0,"', '",x'],
  ['x ', ' x'],
  ['(', ')x'],
  ['TYPE: x: ', 'x'],
  ['24/01/01,00:00:00', 'x'],
] as const;

/** Milliseconds of this process that a line may cost: a pattern that goes back over each blank takes 100 and more. */
const MOST_MS = 60;

function cost(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Whatever takes longer than it may, twice in a row: other threads of the process cost time too. */
function slow(name: string, read: (line: string) => unknown, prefix: string): string[] {
  return FILLINGS.flatMap((filling) =>
    AROUND.flatMap(([before, after]) => {
      const head = prefix + before;
      const times = Math.floor((MAX_LINE - head.length - after.length) / filling.length);
      const line = head + filling.repeat(times) + after;
      const tries = [1, 2].every(() => cost(() => read(line)) > MOST_MS);
      return tries ? [`${name}: ${JSON.stringify(`${head}${filling}...${after}`)}`] : [];
    }),
  );
}

describe('headers without what they announce', () => {
  it('do not pile up, in whatever order they come', () => {
    const told: string[] = [];
    const nothing = () => undefined;
    const urc = ({ line }: Urc) => told.push(line);
    const sorter = new LineSorter({
      info: nothing,
      echo: nothing,
      final: nothing,
      urc,
      stale: nothing,
      stray: nothing,
    });
    for (let n = 0; n < 1_000; n++) sorter.line(n % 2 === 0 ? `+CMT: ${n},25` : '+CDS: 25', 1);
    assert.ok(told.length >= 990, `${told.length} of 1000 were handed on`);
    // What belongs to the last one is still taken for it.
    sorter.line('07919471071600', 1);
    sorter.flush();
    assert.ok(told.includes('+CDS: 25\n07919471071600'));
  });
});

describe('a line of 16 kB', () => {
  it('is read as USSD at once', () => {
    assert.deepEqual(
      (['plain', 'hex', undefined] as const).flatMap((form) =>
        slow('ussd', (line) => parseUssd(line, form), '+CUSD: '),
      ),
      [],
    );
  });

  it('is read as the value of any command at once', () => {
    const found: string[] = [];
    for (const [name, { line, reply, test }] of COMMANDS) {
      if (line) found.push(...slow(name, line, ''));
      if (reply) found.push(...slow(name, (text) => reply([text]), `${name}: `));
      if (test) found.push(...slow(name, (text) => test([text]), `${name}: `));
    }
    assert.deepEqual(found, []);
  });

  it('is sorted at once, and redacted', () => {
    const found: string[] = [];
    for (const name of ['', '+CUSD', '+CMT', '+CDS', '+CMGL', '+CRSM', '+CPIN', '+CPIN =', '+CMS ERROR']) {
      const nothing = () => undefined;
      const sink = { info: nothing, echo: nothing, final: nothing, urc: nothing, stale: nothing, stray: nothing };
      const sort = (line: string) => {
        const sorter = new LineSorter(sink);
        sorter.line(line, 1);
        // What follows a header, or goes on with a text in quotes.
        sorter.line(line.slice(name.length + 2), 1);
        sorter.flush();
      };
      found.push(...slow(`sorted ${name}`, sort, `${name}: `), ...slow(`redacted ${name}`, redact, `${name}: `));
      found.push(...slow(`redacted ${name}`, redact, `AT${name}=`), ...slow(`redacted ${name}`, redact, `AT${name}`));
    }
    assert.deepEqual(found, []);
  });
});
