/** Starts the job that the flash node starts too, as the assistant asks for it: a check that changes nothing, or the real one. */

import { isVirtual } from '../../nodes/shared/hosts';
import type { FileInput } from '../../src/firmware/source';
import { convert, DEFAULT_SETPORT } from '../../src/flash/convert';
import type { Plan } from '../../src/flash/job-types';
import { jobAt, startJob } from '../../src/jobs/registry';
import { makeDemoFiles, makeHilinkDemoFiles } from '../../src/virtual/make-files';
import { fileCard } from './file-cards';
import type { Files } from './files';
import type { Panel } from './panel';
import { type Asked, BadRequest, membersOf, textOf } from './routes';
import type { FileCard } from './shapes';

type Given = Readonly<Record<string, unknown>>;
type Part = 'loader' | 'firmware' | 'webui';
const PARTS: readonly Part[] = ['loader', 'firmware', 'webui'];

/** Paths that somebody who may write flows has named: such a person can read any file of this machine anyway. */
const MOST_PATHS = 20;

export class Converting {
  readonly #panel: Panel;
  readonly #files: Files;
  readonly #paths = new Set<string>();

  constructor(panel: Panel, files: Files) {
    this.#panel = panel;
    this.#files = files;
  }

  /** Takes a path of this machine; the route is for those with `flows.write`. Error: BadRequest where a folder is set. */
  allowPath(asked: Asked): void {
    if (this.#files.limit !== undefined) throw new BadRequest(403, 'Only files of the folder that is set may be used.');
    const path = textOf(membersOf(asked), 'path', 1_000);
    this.#paths.add(path);
    for (const old of this.#paths) if (this.#paths.size > MOST_PATHS) this.#paths.delete(old);
  }

  /** The cards of the files that are named; without a `stick` those for a real one. Errors: BadRequest. */
  async check(asked: Asked): Promise<Partial<Record<Part, FileCard>>> {
    const given = membersOf(asked);
    const stick = given['stick'] === undefined ? undefined : textOf(given, 'stick');
    const virtual = stick !== undefined && (isVirtual(stick) || (await this.#panel.watched(stick)).virtual);
    const inputs = this.#inputs(given, virtual);
    const cards: Partial<Record<Part, FileCard>> = {};
    for (const part of PARTS) {
      const input = inputs[part];
      if (input !== undefined) cards[part] = await fileCard(nameOf(input), input, virtual);
    }
    return cards;
  }

  /** `{stick, dryRun, confirm}` and what the flash node's message can say. Errors: BadRequest, BUSY. */
  async start(asked: Asked): Promise<void> {
    const given = membersOf(asked);
    const { path, virtual, host } = await this.#panel.watched(textOf(given, 'stick'));
    const running = jobAt(path);
    if (running && !running.report) throw new BadRequest(409, `A job is under way at ${path}.`);
    const dryRun = flag(given, 'dryRun');
    // What a person types is the yes to this very stick, and to no other.
    const confirmed = given['confirm'] === path;
    if (!dryRun && !confirmed) throw new BadRequest(400, 'The place of the stick was not typed as it is.');
    const setport = given['setport'] === undefined ? DEFAULT_SETPORT : textOf(given, 'setport', 100);
    const inputs = this.#inputs(given, virtual);
    if (flag(given, 'toHilink') && inputs.webui === undefined) {
      throw new BadRequest(400, 'A HiLink router needs its web UI file.');
    }
    const names = Object.values(inputs).flatMap((input) => (typeof input === 'string' ? [nameOf(input)] : []));
    for (const name of names) await this.#files.touch(name);
    const newTable = flag(given, 'newTable');
    const yes = ({ change, stick }: Plan) =>
      stick === path &&
      { flash: confirmed, setport: confirmed, 'partition-table': confirmed && newTable, 'as-is': false }[change];
    const options = {
      ...inputs,
      ...(inputs.webui === undefined && { setport }),
      reflash: flag(given, 'reflash'),
      saveImei: flag(given, 'saveImei'),
      wayIn: given['wayIn'] === 'boot-pin' ? ('boot-pin' as const) : ('auto' as const),
      dryRun,
      which: path,
    };
    const { filesInUse } = this.#panel;
    for (const name of names) filesInUse.add(name);
    startJob({ stick: path, context: {} }, (o) =>
      convert(host, { ...options, ...o, confirm: yes }).finally(() => {
        for (const name of names) filesInUse.delete(name);
      }),
    );
    this.#panel.changed();
  }

  #inputs(given: Given, virtual: boolean): Partial<Record<Part, FileInput>> {
    if (flag(given, 'made')) {
      if (!virtual) throw new BadRequest(400, 'Made-up files are for virtual sticks.');
      return flag(given, 'toHilink') ? makeHilinkDemoFiles() : makeDemoFiles();
    }
    const inputs: Partial<Record<Part, FileInput>> = {};
    for (const part of PARTS) {
      const value = given[part];
      if (value === undefined) continue;
      if (typeof value !== 'object' || value === null) throw new BadRequest(400, `${part} must be a file.`);
      inputs[part] = this.#input(value as Given);
    }
    return inputs;
  }

  #input(file: Given): string {
    if (file['path'] === undefined) return this.#files.pathOf(textOf(file, 'name', 120));
    const path = textOf(file, 'path', 1_000);
    if (this.#paths.has(path) && this.#files.limit === undefined) return path;
    throw new BadRequest(403, 'This file may not be used.');
  }
}

const nameOf = (input: FileInput): string => {
  if (typeof input === 'string') return input.split('/').at(-1) ?? input;
  return input instanceof Uint8Array ? 'buffer' : input.name;
};

function flag(given: Given, name: string): boolean {
  const value = given[name] ?? false;
  if (typeof value === 'boolean') return value;
  throw new BadRequest(400, `${name} must be true or false.`);
}
