import type { NodeMessageInFlow } from 'node-red';
import type { DriverError } from '../../src/errors';
import type { FileInput } from '../../src/firmware/source';
import type { Override } from '../../src/flash/overrides';
import { allowedFile } from '../shared/flash-folder';
import { nodeFailure } from '../shared/messages';
import type { SavedFlash } from './saved';

export interface FlashMsg extends NodeMessageInFlow {
  loader?: unknown;
  firmware?: unknown;
  webui?: unknown;
  wayIn?: unknown;
  saveImei?: unknown;
  trySoftware?: unknown;
  asIs?: unknown;
  newTable?: unknown;
  otherVersion?: unknown;
  setport?: unknown;
  reflash?: unknown;
  dryRun?: unknown;
  confirm?: unknown;
}

/** What one job is to do: the node's settings, overridden by the message. */
export interface FlashRequest {
  loader?: FileInput;
  firmware?: FileInput;
  /** Web UI of HiLink firmware: the stick becomes a HiLink router. */
  webui?: FileInput;
  wayIn: 'auto' | 'boot-pin';
  /** Software may take it out of HiLink mode before the boot pin is asked for. */
  trySoftware: boolean;
  saveImei: boolean;
  asIs: boolean | string;
  /** Only what is judged after the write, and harms nothing: the other checks can be switched off at the command line alone. */
  overrides: Override[];
  setport?: string;
  reflash: boolean;
  dryRun: boolean;
  confirmed: boolean;
  /** The place of the stick that the message says yes to; no other one is meant by it. */
  confirmedPlace?: string;
  /** The yes to another partition table: each message says it anew. */
  newTable: boolean;
}

/** Errors: BAD_ARGUMENT, NO_PERMISSION (outside `folder`), FILE_NOT_FOUND. */
export async function readFlashRequest(
  def: SavedFlash,
  msg: FlashMsg,
  folder: string | undefined,
): Promise<FlashRequest> {
  const loader = await fileOf('loader', msg.loader ?? def.loader, folder);
  const firmware = await fileOf('firmware', msg.firmware ?? def.firmware, folder);
  const webui = await fileOf('webui', msg.webui ?? def.webui, folder);
  const wayIn = asked(msg.wayIn) ?? asked(def.wayIn) ?? 'auto';
  if (wayIn !== 'auto' && wayIn !== 'boot-pin') throw wrong('wayIn', 'auto or boot-pin');
  const setport = msg.setport ?? def.setport;
  if (setport !== undefined && typeof setport !== 'string') throw wrong('setport', 'a text like FF;10,12');
  return {
    ...(loader !== undefined && { loader }),
    ...(firmware !== undefined && { firmware }),
    ...(webui !== undefined && { webui }),
    wayIn,
    ...(setport && { setport }),
    saveImei: flag('saveImei', msg.saveImei),
    trySoftware: flag('trySoftware', msg.trySoftware ?? def.trySoftware),
    asIs: typeof msg.asIs === 'string' && msg.asIs !== '' ? msg.asIs : flag('asIs', msg.asIs),
    overrides: flag('otherVersion', msg.otherVersion) ? ['other-version'] : [],
    reflash: flag('reflash', msg.reflash ?? def.reflash),
    dryRun: flag('dryRun', msg.dryRun ?? def.dryRun),
    // Nothing but a real true, or the name of the very stick, is a yes: a text from a form or a number may say anything.
    confirmed: msg.confirm === true || def.armed === true,
    ...(typeof msg.confirm === 'string' && msg.confirm !== '' && { confirmedPlace: msg.confirm }),
    newTable: flag('newTable', msg.newTable),
  };
}

async function fileOf(what: string, value: unknown, folder: string | undefined): Promise<FileInput | undefined> {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return allowedFile(value, folder);
  if (value instanceof Uint8Array) return value;
  throw wrong(what, 'the path of a file or its bytes as a buffer');
}

/** An empty text asks for nothing. */
const asked = (value: unknown): unknown => (value === '' ? undefined : value);

/** A dry run that is asked for with "true" must not become a write: anything but a boolean is refused. */
function flag(what: string, value: unknown): boolean {
  if (asked(value) === undefined) return false;
  if (typeof value === 'boolean') return value;
  throw wrong(what, 'true or false');
}

const wrong = (what: string, wanted: string): DriverError =>
  nodeFailure('BAD_ARGUMENT/msg-member', { member: what, wanted });
