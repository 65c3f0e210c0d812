/** What is wrong on this machine: the doctor's findings, with what to do in the words of the editor. */

import type { NodeAPI } from 'node-red';
import { NODE_FINDING_CURES } from '../../nodes/shared/cures-doctor';
import { localHost } from '../../nodes/shared/hosts';
import { isAddonFinding } from '../../src/cures/addon';
import { cureOfFinding } from '../../src/cures/findings';
import { examine, type Finding } from '../../src/doctor';
import type { Health } from './shapes';

/** Looked at again no sooner than this: each look asks the sticks that nobody uses. */
const KEPT_MS = 5_000;

export class HealthLook {
  readonly #RED: NodeAPI;
  readonly #folder: () => string | undefined;
  readonly #version: string;
  #last: { at: number; look: Promise<Health> } | undefined;

  constructor(RED: NodeAPI, version: string, folder: () => string | undefined) {
    this.#RED = RED;
    this.#version = version;
    this.#folder = folder;
  }

  /** One look for all who ask at the same time. Errors: those of {@link examine}. */
  look(): Promise<Health> {
    const last = this.#last;
    if (last && performance.now() - last.at < KEPT_MS) return last.look;
    const look = this.#examine();
    this.#last = { at: performance.now(), look };
    look.catch(() => {
      this.#last = undefined;
    });
    return look;
  }

  async #examine(): Promise<Health> {
    const host = await localHost(this.#RED);
    const folder = this.#folder();
    const found = await examine({ host, version: this.#version, ...(folder !== undefined && { folder }) });
    const findings = found.map(asShown);
    // Home Assistant stands in front of the editor of its add-on.
    const guarded = Boolean(this.#RED.settings['adminAuth']) || process.env['SUPERVISOR_TOKEN'] !== undefined;
    return { findings, guarded };
  }
}

/** With what to do about it, and whether that holds in an add-on of Home Assistant alone. */
export function asShown(finding: Finding): Health['findings'][number] {
  const { id, level, stick, params, text } = finding;
  const cure = level === 'ok' ? undefined : cureOfFinding(NODE_FINDING_CURES, finding);
  return {
    id,
    level,
    params,
    text,
    ...(stick !== undefined && { stick }),
    ...(cure !== undefined && { cure, ...(isAddonFinding(id) && { addon: true }) }),
  };
}
