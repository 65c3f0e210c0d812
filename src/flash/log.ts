import { redact } from '../at/redact';
import type { Host } from '../host/host';
import type { JobEvent, JobReport } from './events';

/** Share of a stage after which its progress is written down again. */
const STEP = 0.1;

/**
 * The event log of one job: a file in the user's state folder, a line each with its time, for somebody who was not there.
 * Written as it happens, so that it also tells of a job whose process was killed. Personal data is hidden.
 */
export class JobLog {
  readonly #host: Host;
  #name: string | undefined;
  /** What was said before the stick was known. */
  #early = '';
  #next = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  /** The file of the stick at `portPath`; undefined where nothing can be kept. */
  open(portPath: string): string | undefined {
    const series = `job-${portPath}-`;
    this.#name = `${series}${fileTime(this.#host.clock.date())}.log`;
    const path = this.#host.keepFile(this.#name, this.#early, series);
    this.#early = '';
    return path;
  }

  event(event: JobEvent): void {
    if (event.type === 'stage') this.#next = 0;
    if (event.type === 'progress') {
      if (event.done < this.#next && event.done !== event.total) return;
      this.#next = event.done + event.total * STEP;
      this.#line('progress', `${event.done} of ${event.total} bytes, ${event.rate} bytes/s. ${event.text}`);
    } else this.#line(event.type, event.text);
  }

  end(report: JobReport): void {
    const { error } = report;
    for (const { name, size, sha256, complete } of report.images) {
      this.#line('image', `${name}, ${size} bytes, sha256 ${sha256}, ${complete ? 'complete' : 'not complete'}`);
    }
    const words = error
      ? `${error.code}/${error.reason}: ${error.message}`
      : report.dryRun
        ? 'checked, nothing changed'
        : 'done';
    this.#line('end', `${words} The stick is now: ${report.mode ?? 'off the bus'}.`);
  }

  #line(type: string, text: string): void {
    const line = `${this.#host.clock.date().toISOString()} ${type.padEnd(8)} ${redact(text).replaceAll('\n', ' ')}\n`;
    if (this.#name === undefined) this.#early += line;
    else this.#host.keepFile(this.#name, line);
  }
}

/** `20240131T235959`, in UTC. */
export const fileTime = (date: Date): string => date.toISOString().replace(/[-:]|\.\d+Z$/g, '');
