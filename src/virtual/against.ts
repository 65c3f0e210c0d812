/** A virtual stick against a recorded one: descriptors, the form of each answer, paths of the web API and their elements. */

import type { UsbDevice } from '../host/host';
import type { PlayedAnswer, Script } from './script';
import type { VirtualStick } from './stick';

export interface Ours {
  stick: VirtualStick;
  /** Undefined where nothing comes. */
  ask(command: string): Promise<{ final: string; lines: readonly string[] } | undefined>;
}

/** Sentences, in the order of the trace. Values may differ; which ones there are, and of what kind, may not. */
export async function differencesIn(script: Script, { stick, ask }: Ours): Promise<string[]> {
  const differences = bus(script, stick);
  for (const command of script.questions) {
    const recorded = script.at(command);
    if (recorded) differences.push(...answer(command, recorded, await ask(command)));
  }
  for (const path of script.paths) {
    const recorded = script.web(path);
    if (recorded) differences.push(...elements(path, recorded.text, await page(stick, path)));
  }
  return differences;
}

function bus({ devices }: Script, { device: ours }: VirtualStick): string[] {
  const theirs = devices.find(({ productId }) => productId === ours?.productId);
  if (!ours || !theirs) return [];
  const name = ours.productId.toString(16).padStart(4, '0');
  return Object.entries(described(theirs)).flatMap(([what, value]) => {
    const own = described(ours)[what] ?? 'not there';
    return own === value ? [] : [`12d1:${name}, ${what}: ${value} was recorded, ours is ${own}`];
  });
}

function described({ interfaces, ...device }: UsbDevice): Record<string, string> {
  const { manufacturer = '', product = '', bcdDevice, deviceClass, configurations } = device;
  return {
    strings: `${manufacturer}, ${product}`,
    bcdDevice: bcdDevice.toString(16),
    deviceClass: String(deviceClass),
    configurations: String(configurations),
    ...Object.fromEntries(
      interfaces.map((one) => [
        `interface ${one.number}`,
        `${[one.class, one.subclass, one.protocol].map((n) => n.toString(16).padStart(2, '0')).join('/')} ${one.endpoints
          .map(({ address, type, maxPacketSize }) => `${address.toString(16)} ${type} ${maxPacketSize}`)
          .join(', ')}`,
      ]),
    ),
  };
}

function answer(command: string, recorded: PlayedAnswer, ours: Awaited<ReturnType<Ours['ask']>>): string[] {
  if (!ours) return [`${command}: ${recorded.final} was recorded, ours does not answer`];
  if (kindOfFinal(recorded.final) !== kindOfFinal(ours.final)) {
    return [`${command}: ${recorded.final} was recorded, ours says ${ours.final}`];
  }
  const lines = recorded.text.split(/[\r\n]+/).filter((line) => line !== '' && line !== recorded.final);
  const [theirs, own] = [lines, ours.lines].map((all) => [...new Set(all.map(formOf))].sort());
  if (theirs?.join() === own?.join()) return [];
  return [`${command}: lines like ${theirs?.join(' ') || 'none'} were recorded, ours are ${own?.join(' ') || 'none'}`];
}

const kindOfFinal = (final: string): string => final.replace(/:.*$/, '');

/** `^HCSQ:"a",n,n`: letters for words, n for figures. */
const formOf = (line: string): string => {
  const [, prefix = '', rest = ''] = /^([+^]\w+:\s?)?(.*)$/s.exec(line) ?? [];
  return (
    prefix + (prefix === '' ? 'text' : rest.replaceAll(/[A-Za-z][\w .]*/g, 'a').replaceAll(/-?\d+(?:\.\d+)*/g, 'n'))
  );
};

/** What our own server tells, asked by a session; undefined where it refuses. */
async function page({ web }: VirtualStick, path: string): Promise<string | undefined> {
  const get = (what: string, headers: Record<string, string>) =>
    web?.handle({ method: 'GET', path: what, headers, body: new Uint8Array() });
  const start = await get('/html/index.html', {});
  const [, set = ''] = start?.headers.find(([name]) => name.toLowerCase() === 'set-cookie') ?? [];
  const outcome = await get(`/api/${path}`, { cookie: set.replace(/;.*$/, '') });
  const text = outcome?.status === 200 ? Buffer.from(outcome.body).toString('utf8') : undefined;
  return text?.includes('<error>') ? undefined : text;
}

function elements(path: string, recorded: string, ours: string | undefined): string[] {
  if (ours === undefined) return [`${path}: was recorded, ours refuses it`];
  const [theirs = [], own = []] = [recorded, ours].map((text) => [
    ...new Set([...text.matchAll(/<([A-Za-z_]\w*)/g)].map(([, name = '']) => name)),
  ]);
  const missing = theirs.filter((name) => !own.includes(name));
  const more = own.filter((name) => !theirs.includes(name));
  return [
    ...(missing.length > 0 ? [`${path}: ours lacks ${missing.join(', ')}`] : []),
    ...(more.length > 0 ? [`${path}: ours has ${more.join(', ')} besides`] : []),
  ];
}
