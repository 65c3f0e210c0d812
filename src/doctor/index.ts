/** What the command line and the editor take from here. */

export { type ExamineOptions, examine } from './examine';
export { FINDING_IDS, FINDINGS, type Finding, type FindingId, type Findings, type Level } from './findings';
