/** Runs every bench in one go and prints one table: value, floor of the same run, ratio, aim. */

import '../test/support/state-folder';
import type { Row } from './row';

const BENCHES = [
  'firmware',
  'memory',
  'download',
  'upload',
  'jobs',
  'conversion',
  'at',
  'values',
  'poll',
  'watch',
  'hilink',
  'gateway',
  'mqtt-tls',
  'gateway-red',
];

const number = (value: number | undefined): string =>
  value === undefined ? '' : value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(2) : value.toPrecision(2);

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const cell = (text: string, width: number) => text.padEnd(width);
  const row = (r: string[]) =>
    process.stdout.write(`${[46, 12, 10, 12, 8].map((w, i) => cell(r[i] ?? '', w)).join('')}${r[5] ?? ''}\n`);
  row(['what', 'value', 'unit', 'floor', 'ratio', 'aim']);
  for (const name of BENCHES) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const { bench } = require(`./${name}`) as { bench: () => Promise<Row[]> };
    for (const r of await bench())
      row([r.name, number(r.value), r.unit, number(r.floor), number(r.ratio), r.aim ?? '']);
  }
}

void main();
