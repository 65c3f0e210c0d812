/**
 * What somebody may paste into a report of a fault: versions, sticks, last jobs. Everything in it is chosen, one member at a time,
 * and goes through the redactor; names of people, machines and files, and paths that may hold them, are hidden besides.
 */

import { readFile } from 'node:fs/promises';
import { arch, hostname, release, type, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { redact } from '../../src/at/redact';
import type { Params } from '../../src/errors/catalogue';
import type { JobReport } from '../../src/flash/events';
import type { Stick } from '../../src/stick/stick';
import type { Panel } from './panel';
import type { Card } from './shapes';

/** Of the machine, not of somebody. */
const PLAIN_PATHS = /^\/(dev(?!\/serial\/)|sys|proc|run(?!\/user\/)|lib|usr\/lib|etc\/udev|virtual-\d+)\/(?!.*\.\.)/;
const PATH = /(?:(?<![\w.:/])|(?<=file:\/\/))\/(?:[^\s'"`,;:()/]+\/)*[^\s'"`,;:()/]+/g;
const HIDDEN = '***';

/** Names that tell of nobody. */
const EVERYBODYS = ['root', 'localhost', 'node-red', 'buffer'];

/** JSON, to be read by people too. */
export async function diagnostics(RED: NodeAPI, panel: Panel): Promise<{ text: string }> {
  const { cards, problem } = await panel.state();
  const book = await panel.jobs();
  const sticks = await Promise.all(
    cards.map(async (card) => stickTold(card, (await panel.watched(card.stick).catch(() => undefined))?.stick)),
  );
  const reports = book.reports();
  const told = {
    package: await ownVersion(),
    nodeRed: String(await RED.version()),
    node: process.version,
    os: `${type()} ${release()} ${arch()}`,
    ...(problem && { problem }),
    sticks,
    jobs: reports.map(jobTold),
  };
  return { text: JSON.stringify(withoutNames(told, namesOf(reports, cards)), undefined, 2) };
}

async function ownVersion(): Promise<string> {
  const text = await readFile(join(__dirname, '../../../package.json'), 'utf8');
  return String((JSON.parse(text) as { version?: unknown }).version);
}

function stickTold(
  { stick, virtual, product, id, station, status, holder, used, error }: Card,
  now: Stick | undefined,
) {
  return {
    ...{ stick, virtual, product, id, station, status, holder, used, error },
    ...(now && {
      mode: now.mode,
      bcdDevice: now.device.bcdDevice.toString(16).padStart(4, '0'),
      configuration: now.device.configuration,
      interfaces: now.device.interfaces.map(({ number, class: of, subclass, protocol, driver, tty }) =>
        [number, [of, subclass, protocol].map((n) => n.toString(16)).join('/'), driver, tty].filter(Boolean).join(' '),
      ),
    }),
  };
}

function jobTold(report: JobReport) {
  const { stick, ok, dryRun, mode, provenBy, stages, loader, firmware, setport, checks, did, warnings, wayIn } = report;
  const { error } = report;
  return {
    ...{ stick, ok, dryRun, mode, provenBy, wayIn, setport, did, warnings },
    stages: stages.map(({ stage, ms }) => `${stage} ${Math.round(ms)} ms`),
    checks: checks.map(({ number, result }) => `${number} ${result}`),
    ...(loader && { loader: `${loader.verdict}, ${fileTold(loader)}` }),
    ...(firmware && { firmware: fileTold(firmware) }),
    ...(error && { error: { code: error.code, reason: error.reason, message: error.message } }),
  };
}

/** In words: bare, the redactor takes a sum for a message. */
const fileTold = ({ size, sha256 }: { size: number; sha256?: string }): string =>
  `${size} bytes, sha256 ${sha256 ?? 'not known'}`;

/** Longest first: one may be a part of another. */
function namesOf(reports: readonly JobReport[], cards: readonly Card[]): string[] {
  const files = reports.flatMap(({ loader, firmware, webui, saved, log, error }) => [
    ...[loader?.name, firmware?.name, webui?.name, saved, log],
    ...pathsIn(error?.params),
  ]);
  files.push(...cards.flatMap(({ error }) => pathsIn(error?.params)));
  const named = files.flatMap((file) => (file === undefined ? [] : [file, basename(file)]));
  return [...named, hostname(), userName()]
    .filter((name): name is string => name !== undefined && name !== '' && !EVERYBODYS.includes(name))
    .sort((a, b) => b.length - a.length);
}

/** Paths that a sentence was made with: in the sentence itself blanks hide where one ends. */
const pathsIn = (params: Params = {}): string[] =>
  Object.values(params).filter(
    (value): value is string => typeof value === 'string' && value.startsWith('/') && !PLAIN_PATHS.test(value),
  );

/** Absent in a container whose user has no entry. */
function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

/** Every text of `value` without what concerns nobody else. */
function withoutNames(value: unknown, names: readonly string[]): unknown {
  if (typeof value === 'string') return hide(value, names);
  if (Array.isArray(value)) return value.map((item) => withoutNames(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutNames(inner, names)]));
}

function hide(text: string, names: readonly string[]): string {
  // Names first: with blanks in it a path is known as a whole only.
  const plain = names.reduce((rest, name) => rest.replace(asWord(name), HIDDEN), redact(text));
  return plain.replace(PATH, (path) => (PLAIN_PATHS.test(path) ? path : HIDDEN));
}

const asWord = (name: string): RegExp =>
  new RegExp(`(?<![\\w-])${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`, 'g');
