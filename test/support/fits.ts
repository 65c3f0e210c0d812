import assert from 'node:assert/strict';
import type { Member } from '../../src/values/shape';

/** Nothing that is no value of `shape`: no NaN, nothing out of range, no word that is not among the options. */
export function fits(value: unknown, shape: Member, of: string): void {
  const { kind, range: [least, most] = [0, 0], options = [], items, members = {} } = shape;
  const is = (type: string) => assert.equal(typeof value, type, `${of}: ${shape.label} is ${JSON.stringify(value)}`);
  if (kind === 'number')
    assert.ok(Number(value) >= least && Number(value) <= most, `${of}: ${shape.label} is ${value}`);
  if (kind === 'number' || kind === 'flag' || kind === 'text')
    is({ number: 'number', flag: 'boolean', text: 'string' }[kind]);
  else if (kind === 'counter') assert.match(String(value), /^\d+$/, of);
  else if (kind === 'choice') assert.ok(options.includes(String(value)), `${of}: ${shape.label} is ${value}`);
  else if (kind === 'list') for (const item of value as unknown[]) fits(item, items ?? shape, of);
  else if (kind === 'map') for (const item of Object.values(value as object)) assert.equal(typeof item, 'string', of);
  else {
    const group = value as Record<string, unknown>;
    for (const [name, item] of Object.entries(group)) fits(item, members[name] ?? assert.fail(`${of}: ${name}`), of);
    for (const [name, { always }] of Object.entries(members)) assert.ok(!always || name in group, `${of}: no ${name}`);
  }
}
