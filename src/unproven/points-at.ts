/** AT: facts/at.md 7, as far as its section 8 has not settled it. */

import { answered, likes, type Point, verdict } from './point';

/** What one E3272 with 21.436.11.00.372 lists. */
const CODES = ['1', '2', '3', '5', 'A', '16', 'A1', 'A2', '10', '12', '13', '14'];
/** From AT^RESET to an answer, milliseconds. */
const RESET = 60_000;

export const AT_POINTS: readonly Point[] = [
  {
    id: 'at-1',
    subject: 'The list of AT^SETPORT=? on firmware 21.x',
    assumed: `It has the codes ${CODES.join(', ')}, as one E3272 with 21.436 lists them.`,
    settle: 'AT^SETPORT=?',
    look: (facts) =>
      answered(facts, ['AT^SETPORT=?'], ({ lines }) => {
        const codes = lines.flatMap(
          (line) => /^(?:\^SETPORT:\s*)?([0-9A-F]{1,2}):/i.exec(line)?.[1]?.toUpperCase() ?? [],
        );
        return codes.length === CODES.length && CODES.every((code) => codes.includes(code));
      }),
  },
  {
    id: 'at-2',
    subject: 'A SETPORT without a PCUI port',
    assumed: 'Firmware takes it, and the stick has no AT port afterwards: so it is refused here.',
    settle: 'Send one to a stick that may be lost.',
    look: ({ exchanges }) => {
      const set = exchanges.find(
        ({ command, final }) => final !== undefined && /^AT\^SETPORT="[^";]*;(?!(?:[^"]*,)?(?:2|12)[,"])/.test(command),
      );
      return verdict(set && set.final === 'OK');
    },
  },
  {
    id: 'at-3',
    subject: 'Firmware 99.x',
    assumed: 'It answers as 21.x does.',
    settle: 'A trace of its status, with such a stick.',
  },
  {
    id: 'at-4',
    subject: 'AT^CHIPTEMP?',
    assumed: 'There are four figures or more: tenths of a degree, the fourth one whole degrees.',
    settle: 'AT^CHIPTEMP?',
    look: (facts) => answered(facts, ['AT^CHIPTEMP?'], likes(/^\^CHIPTEMP:\s*-?\d+(?:,\s*-?\d+){3,}/)),
  },
  {
    id: 'at-5',
    subject: 'AT^HCSQ?',
    assumed: 'It is there, with the system in quotes in front of its figures.',
    settle: 'AT^HCSQ?',
    look: (facts) => answered(facts, ['AT^HCSQ?'], likes(/^\^HCSQ:\s*"\w+"/)),
  },
  {
    id: 'at-6',
    subject: 'AT^ICCID?',
    assumed: 'It is there; where it is not, the file of the SIM is read.',
    settle: 'AT^ICCID?',
    look: (facts) => answered(facts, ['AT^ICCID?'], likes(/^\^ICCID:\s*"?[89]/)),
  },
  {
    id: 'at-7',
    subject: 'AT^NDISSTATQRY',
    assumed: 'It is there, and its first figure is 0 or 1.',
    settle: 'AT^NDISSTATQRY?',
    look: (facts) => answered(facts, ['AT^NDISSTATQRY?', 'AT^NDISSTATQRY'], likes(/^\^NDISSTATQRY:\s*[01]\b/)),
  },
  {
    id: 'at-8',
    subject: 'AT^CURC=0 and the URC ^BOOT',
    assumed: 'It may come all the same: it is never taken for an answer.',
    settle: 'AT^CURC=0, then wait for a minute.',
    look: ({ exchanges, urcs }) => {
      const quiet = exchanges.find(({ command, final }) => command === 'AT^CURC=0' && final === 'OK');
      const came = quiet && urcs.some(({ line, t }) => line.startsWith('^BOOT') && t > quiet.to);
      return verdict(came || undefined);
    },
  },
  {
    id: 'at-9',
    subject: 'How long a restart by AT^RESET takes',
    assumed: `AT answers again within ${RESET / 1000} s.`,
    settle: 'A trace of a job that restarts the stick.',
    look: ({ exchanges }) => {
      const at = exchanges.findIndex(({ command, final }) => command === 'AT^RESET' && final === 'OK');
      const reset = exchanges[at];
      const back = exchanges.slice(at + 1).find(({ command, final }) => command === 'AT' && final === 'OK');
      return verdict(reset && back && back.to - reset.to <= RESET);
    },
  },
  {
    id: 'at-10',
    subject: 'AT+CCID',
    assumed: 'It hangs the port, as on the E3372: it is never sent.',
    settle: 'AT+CCID with force, on a stick that may be pulled out.',
    look: ({ exchanges }) => {
      const asked = exchanges.find(({ command }) => command === 'AT+CCID');
      return verdict(asked?.final === undefined ? undefined : false);
    },
  },
  {
    id: 'at-11',
    subject: 'How texts of USSD are coded at first',
    assumed: 'As hex of packed septets: AT^USSDMODE? says 1.',
    settle: 'AT^USSDMODE? right after the stick was plugged in.',
    look: (facts) => answered(facts, ['AT^USSDMODE?'], likes(/^\^USSDMODE:\s*1\b/)),
  },
];
