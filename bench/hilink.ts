/**
 * A stick in HiLink mode: what a poll costs over loopback, beside the same questions written plainly to the same server, and how
 * long it takes from the start of its web server to the first value.
 */

import { get } from 'node:http';
import { openAt } from '../src/device/at/open-at';
import { openHilink } from '../src/hilink/client';
import { untilWeb, webBench } from '../test/device/hilink/bench';
import { OtherServer, PLAIN } from '../test/hilink/other-server';
import type { Row } from './row';

const POLLS = 300;
const PARTS = ['signal', 'network', 'sim', 'data'] as const;

const asked = (url: string): Promise<void> =>
  new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      response.resume();
      response.once('end', resolve);
    }).once('error', reject);
  });

/** Milliseconds of CPU for one `work`. */
async function cpu(work: () => Promise<unknown>): Promise<number> {
  for (let n = 0; n < POLLS / 10; n++) await work();
  const before = process.cpuUsage();
  for (let n = 0; n < POLLS; n++) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / POLLS;
}

async function overLoopback(): Promise<Row[]> {
  const server = new OtherServer(PLAIN);
  const url = await server.listen();
  const client = openHilink({ url });
  const poll = () => client.status({ parts: PARTS });
  const began = performance.now();
  await poll();
  const first = performance.now() - began;
  const before = server.log.length;
  await poll();
  const questions = server.log.slice(before).map((one) => `${url}/api/${one.replace('GET ', '')}`);
  const value = await cpu(poll);
  const floor = await cpu(async () => {
    for (const question of questions) await asked(question);
  });
  await client.close();
  await server.close();
  const ratio = value / floor;
  return [
    { name: 'HiLink: requests per poll of a status', value: questions.length, unit: 'requests' },
    { name: 'HiLink: a poll over loopback', value, unit: 'ms CPU', floor, ratio },
    { name: 'HiLink: first status over loopback', value: first, unit: 'ms' },
  ];
}

async function fromTheBus(): Promise<Row[]> {
  const bench = await webBench({ hilink: 'metas' });
  bench.stick.unplug();
  const handle = openAt(bench.host, '1-1', { web: {} });
  const ready = untilWeb(handle, 'ready');
  await bench.toHilink();
  const up = bench.clock.now();
  await bench.run(ready);
  await bench.run(handle.webStatus({ parts: PARTS }));
  const value = bench.clock.now() - up;
  await bench.pass(60_000);
  const before = bench.requests.length;
  await bench.pass(3_600_000);
  const idle = (bench.requests.length - before) / 60;
  await bench.run(handle.release());
  return [
    { name: 'HiLink: first status after its server is up', value, unit: 'ms, virtual' },
    { name: 'HiLink: asked while nobody wants anything', value: idle, unit: 'per minute' },
  ];
}

export const bench = async (): Promise<Row[]> => [...(await overLoopback()), ...(await fromTheBus())];
