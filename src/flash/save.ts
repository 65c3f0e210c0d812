/**
 * Before firmware or ports are changed, what the running firmware tells of itself is kept in a file: who wants to go back
 * needs the version to look for, and the old value of SETPORT. Questions only. Nothing here touches the NV copies inside
 * the stick (`^INFORBU`, `^NVBACKUP`): they overwrite an older copy, see docs/going-back.md.
 */

import type { AtChannel } from '../at/channel';
import { redact } from '../at/redact';
import { isDriverError } from '../errors';
import { type Stick, stickText } from '../stick/stick';
import type { Job } from './job';
import { fileTime } from './log';

const QUESTIONS = ['ATI', 'AT^FHVER', 'AT^VERSION?', 'AT^SETPORT?', 'AT^SETPORT=?', 'AT^CARDLOCK?'];

/**
 * Asks through the open `channel` and writes the file; its path stands in the report as `saved`. Whatever the firmware
 * does not answer is noted as such: broken firmware is a reason to flash. With `imei` the IMEI is asked for and written
 * in full, else it is hidden. Errors: STICK_GONE, CANCELLED.
 */
export async function saveFirst(job: Job, stick: Stick, channel: AtChannel, imei: boolean): Promise<void> {
  if (job.report.saved !== undefined) return;
  job.stage('save', `Asking ${stickText(stick)} for all that is needed to go back.`);
  const date = job.host.clock.date();
  const lines = [`${stickText(stick)} ${date.toISOString()}`];
  for (const question of imei ? [...QUESTIONS, 'AT+CGSN'] : QUESTIONS) {
    const answer = await ask(channel, question);
    lines.push('', question, ...(imei ? answer : redact(answer.join('\n')).split('\n')));
  }
  const series = `saved-${stick.path}-`;
  const saved = job.host.keepFile(`${series}${fileTime(date)}.txt`, `${lines.join('\n')}\n`, series);
  if (saved === undefined)
    job.warn('What the running firmware says of itself could not be kept: no folder can be written to.');
  else job.report.saved = saved;
}

async function ask(channel: AtChannel, question: string): Promise<string[]> {
  try {
    const { lines, final } = await channel.run(question);
    return [...lines, final];
  } catch (error) {
    if (!isDriverError(error, 'TIMEOUT', 'PROTOCOL')) throw error;
    return ['(no answer)'];
  }
}
