/** Starts the job that the flash node starts too, as the assistant asks for it: a check that changes nothing, or the real one. */

import { pathsOf, useFiles } from '../../nodes/shared/files-in-use';
import { isVirtual } from '../../nodes/shared/hosts';
import type { FileInput, NamedPath } from '../../src/firmware/source';
import { convert, DEFAULT_SETPORT } from '../../src/flash/convert';
import type { Plan } from '../../src/flash/job-types';
import { jobAt, startJob } from '../../src/jobs/registry';
import { makeDemoFiles, makeHilinkDemoFiles } from '../../src/virtual/make-files';
import { fileCard, sha256Of } from './file-cards';
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
    const release = useFiles(pathsOf(Object.values(inputs)));
    try {
      for (const part of PARTS) {
        const input = inputs[part];
        if (input !== undefined) cards[part] = await fileCard(nameOf(input), input, virtual);
      }
    } finally {
      release();
    }
    return cards;
  }

  /** `{stick, dryRun, confirm, sha256}` and what the flash node's message can say. Errors: BadRequest, BUSY. */
  async start(asked: Asked): Promise<void> {
    const given = membersOf(asked);
    const { path, virtual, host } = await this.#panel.watched(textOf(given, 'stick'));
    requireNoJob(path);
    const dryRun = flag(given, 'dryRun');
    // What a person types is the yes to this very stick, and to no other.
    const confirmed = given['confirm'] === path;
    if (!dryRun && !confirmed) throw new BadRequest(400, 'The place of the stick was not typed as it is.');
    const setport = given['setport'] === undefined ? DEFAULT_SETPORT : textOf(given, 'setport', 100);
    const inputs = this.#inputs(given, virtual);
    const paths = pathsOf(Object.values(inputs));
    await this.#files.touch(paths);
    const newTable = flag(given, 'newTable');
    // Without its pages a stick would become a modem, which is not what was said yes to.
    if (flag(given, 'toHilink') && inputs.webui === undefined) {
      throw new BadRequest(400, 'A router needs a web UI file.');
    }
    const yes = ({ change, stick }: Plan) =>
      stick === path &&
      { flash: confirmed, setport: confirmed, 'partition-table': confirmed && newTable, 'as-is': false }[change];
    const options = {
      ...inputs,
      ...(inputs.webui === undefined && { setport }),
      reflash: flag(given, 'reflash'),
      saveImei: flag(given, 'saveImei'),
      wayIn: wayInOf(given),
      dryRun,
      which: path,
    };
    // From their check on nobody puts another file in the place of one.
    const release = useFiles(paths);
    try {
      await requireShown(given, inputs);
      // Somebody else may have pressed meanwhile.
      requireNoJob(path);
      startJob({ stick: path, context: {} }, (o) => convert(host, { ...options, ...o, confirm: yes }).finally(release));
    } catch (error) {
      release();
      throw error;
    }
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

  /** A file of the folder goes by its name alone: where the folder lies is nothing to whoever uses the browser. */
  #input(file: Given): string | NamedPath {
    if (file['path'] === undefined) {
      const name = textOf(file, 'name', 120);
      return { name, path: this.#files.pathOf(name) };
    }
    const path = textOf(file, 'path', 1_000);
    if (this.#paths.has(path) && this.#files.limit === undefined) return path;
    throw new BadRequest(403, 'This file may not be used.');
  }
}

const nameOf = (input: FileInput): string => {
  if (typeof input === 'string') return input.split('/').at(-1) ?? input;
  return input instanceof Uint8Array ? 'buffer' : input.name;
};

/**
 * `sha256: {firmware: '...'}`: the files whose cards were shown. A yes is one to these: another one may have come under the same
 * name since. Error: BadRequest.
 */
async function requireShown(given: Given, inputs: Partial<Record<Part, FileInput>>): Promise<void> {
  if (given['sha256'] === undefined) return;
  const shown = membersOf({ body: given['sha256'] });
  for (const part of PARTS.filter((one) => Object.hasOwn(shown, one))) {
    const input = inputs[part];
    if (input !== undefined && (await sha256Of(input)) === textOf(shown, part, 64)) continue;
    throw new BadRequest(409, 'A file is not the one any more that was checked. Go back, and check it again.');
  }
}

function requireNoJob(path: string): void {
  const running = jobAt(path);
  if (running && !running.report) throw new BadRequest(409, `A job is under way at ${path}.`);
}

function wayInOf({ wayIn = 'auto' }: Given): 'auto' | 'boot-pin' {
  if (wayIn === 'auto' || wayIn === 'boot-pin') return wayIn;
  throw new BadRequest(400, 'wayIn must be auto or boot-pin.');
}

function flag(given: Given, name: string): boolean {
  const value = given[name] ?? false;
  if (typeof value === 'boolean') return value;
  throw new BadRequest(400, `${name} must be true or false.`);
}
