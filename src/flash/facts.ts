/** What a job has learned and done, step by step, and the report that is made of it at the end. */

import type { DriverError } from '../errors';
import type { Mode } from '../stick/modes';
import type { CheckReport } from './checks';
import {
  blankReport,
  type FileReport,
  type ImageReport,
  type JobReport,
  type LoaderReport,
  type ModemReport,
  type Stage,
} from './events';
import type { Override } from './overrides';
import { type Said, textOf } from './said';

/**
 * Beside the events, which are for people, a job tells these for its report only. Whoever needs to know something in order
 * to go on keeps it himself: nothing is read back from here.
 */
export type JobFact =
  /** The stick was found: its port path, or the tty path where there is no bus. */
  | { type: 'stick'; stick: string }
  | { type: 'override'; override: Override }
  /** A stage has ended. */
  | { type: 'took'; stage: Stage; ms: number }
  | { type: 'loader'; loader: NonNullable<JobReport['loader']> }
  | { type: 'file'; part: 'firmware' | 'webui'; file: FileReport }
  /** Of one file, behind those of the file before it. */
  | { type: 'images'; images: readonly Omit<ImageReport, 'complete' | 'earlier'>[] }
  | { type: 'table-changes'; rows: readonly string[] }
  | { type: 'written'; index: number; earlier?: true }
  | { type: 'device'; device: LoaderReport }
  | { type: 'modem'; modem: ModemReport }
  /** What is not named stays as it was told before. */
  | { type: 'setport'; before?: string; now?: string; changed?: boolean }
  | { type: 'way-in'; wayIn: NonNullable<JobReport['wayIn']> }
  | { type: 'plan'; steps: readonly Said[] }
  | { type: 'did'; said: Said }
  /** A warning, once however often it is told; `warn` is one that people hear at once, too. */
  | { type: 'remark'; text: string }
  | { type: 'warn'; text: string }
  | { type: 'compared'; what: JobReport['compared'][number] }
  | { type: 'saved'; path: string }
  | { type: 'log'; path: string }
  /** As they stand at the end. */
  | { type: 'checks'; checks: readonly CheckReport[] }
  /** What the stick is at the end. */
  | { type: 'now'; mode: Mode; productId?: number; ttys: readonly string[] }
  | { type: 'end'; error?: DriverError };

/** The report of a job that was asked for `dryRun` on the stick `which`, from all its facts in their order. */
export function foldReport(
  which: string,
  provenBy: JobReport['provenBy'],
  dryRun: boolean | undefined,
  facts: readonly JobFact[],
): JobReport {
  const report = blankReport(which === 'auto' ? '' : which, provenBy, dryRun);
  for (const fact of facts) add(report, fact);
  return report;
}

function add(report: JobReport, fact: JobFact): void {
  switch (fact.type) {
    case 'stick':
      report.stick = fact.stick;
      break;
    case 'override':
      report.overrides.push(fact.override);
      break;
    case 'took':
      report.stages.push({ stage: fact.stage, ms: fact.ms });
      break;
    case 'loader':
      report.loader = fact.loader;
      break;
    case 'file':
      report[fact.part] = fact.file;
      break;
    case 'images':
      report.images.push(...fact.images.map((image) => ({ ...image, complete: false })));
      break;
    case 'table-changes':
      report.tableChanges = [...(report.tableChanges ?? []), ...fact.rows];
      break;
    case 'written':
      report.images = report.images.map((image) =>
        image.index === fact.index ? { ...image, complete: true, ...(fact.earlier && { earlier: true }) } : image,
      );
      break;
    case 'device':
      report.device = fact.device;
      break;
    case 'modem':
      report.modem = fact.modem;
      break;
    case 'setport': {
      const { type: _, ...said } = fact;
      report.setport = { changed: false, ...report.setport, ...said };
      break;
    }
    case 'way-in':
      report.wayIn = fact.wayIn;
      break;
    case 'plan':
      report.plan = fact.steps.map(textOf);
      report.said = { ...report.said, plan: [...fact.steps] };
      break;
    case 'did':
      report.did.push(fact.said.text);
      report.said = { ...report.said, did: [...(report.said?.did ?? []), fact.said] };
      break;
    case 'remark':
      if (!report.warnings.includes(fact.text)) report.warnings.push(fact.text);
      break;
    case 'warn':
      report.warnings.push(fact.text);
      break;
    case 'compared':
      if (!report.compared.includes(fact.what)) report.compared.push(fact.what);
      break;
    case 'saved':
      report.saved = fact.path;
      break;
    case 'log':
      report.log = fact.path;
      break;
    case 'checks':
      report.checks = fact.checks.map((check) => ({ ...check }));
      break;
    case 'now':
      report.mode = fact.mode;
      if (fact.productId !== undefined) report.productId = fact.productId;
      report.ttys = [...fact.ttys];
      break;
    case 'end':
      report.ok = fact.error === undefined;
      if (fact.error) report.error = fact.error;
      break;
  }
}
