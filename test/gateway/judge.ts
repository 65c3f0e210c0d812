/** A judge of captured messages that is none of ours: a program named by `E3272_HA_JUDGE`. */

import { spawnSync } from 'node:child_process';

/** What it says of `file`, JSON lines of {topic, payload, retain, qos, tst}; undefined where none is named. */
export function judged(file: string): { passed: boolean; said: string } | undefined {
  const judge = process.env['E3272_HA_JUDGE'];
  if (!judge) return undefined;
  const [program, ...args] = judge.endsWith('.py') ? ['python3', judge, file] : [judge, file];
  const { status, stdout, stderr, error } = spawnSync(program ?? judge, args, { encoding: 'utf8' });
  return { passed: status === 0, said: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`.trim() };
}
