/** A job as the status of a node. */

import type { NodeAPI } from 'node-red';
import type { JobEvent, JobReport, Stage } from '../../src/flash/events';
import type { StatusKey, StatusLine } from '../shared/status';

/** The stages that tell how far they are. */
const DOING = { files: 'filesDone', upload: 'uploadDone', write: 'writeDone' } as const;

export function showEvent(status: StatusLine, event: JobEvent, translate: NodeAPI['_']): void {
  if (event.type === 'progress') status.progress(DOING[event.stage], event.done, event.total, translate);
  else if (event.type === 'wait') status.show('waiting');
  else if (event.type === 'stage') status.show(stageStatus(event.stage));
}

function stageStatus(stage: Stage): StatusKey {
  if (stage === 'switch') return 'switching';
  if (stage === 'boot-pin') return 'waiting';
  // "loader" alone is a mode.
  return stage === 'loader' ? 'starting' : stage;
}

/** A dry run has done nothing: it must not look like a conversion. */
export function endStatus({ ok, dryRun, error }: JobReport): StatusKey {
  if (ok) return dryRun ? 'checked' : 'done';
  return error?.code === 'CANCELLED' ? 'cancelled' : 'failed';
}
