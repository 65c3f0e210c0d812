/** What a command leads to, and the words of its refusals: numbers of 3GPP 27.007 and 27.005. */

/** Information lines, then OK. */
export interface Answered {
  lines: string[];
  /** How long the stick works on it beyond the usual, milliseconds. */
  ms?: number;
  /** What follows once the answer is out. */
  after?: () => void;
  /** No final result code comes. */
  unended?: true;
}

/** Text that the host has to send, after `> `: one SMS. */
export interface Prompt {
  /** A PDU as hex, or text of which each CR gives another prompt. Both end with Ctrl-Z. */
  prompt: 'pdu' | 'text';
  /** The body without its end. */
  done(body: string): Reply;
}

/** Lines (then OK), a refusal (a CME or CMS number, or a final result code of its own), or a prompt. */
export type Reply = string[] | Answered | { cme: number } | { cms: number } | { final: string } | Prompt;

export const OK: Reply = [];
export const ERROR: Reply = { final: 'ERROR' };
/** CME: incorrect parameters. */
export const BAD: Reply = { cme: 50 };

const CME_TEXT: Readonly<Record<number, string>> = {
  3: 'operation not allowed',
  4: 'operation not supported',
  10: 'SIM not inserted',
  11: 'SIM PIN required',
  12: 'SIM PUK required',
  13: 'SIM failure',
  14: 'SIM busy',
  16: 'incorrect password',
  20: 'memory full',
  21: 'invalid index',
  22: 'not found',
  30: 'No network service',
  31: 'Network timeout',
  50: 'Incorrect parameters',
  100: 'unknown',
};

const CMS_TEXT: Readonly<Record<number, string>> = {
  300: 'ME failure',
  302: 'Operation not allowed',
  303: 'Operation not supported',
  304: 'Invalid PDU mode parameter',
  305: 'Invalid text mode parameter',
  310: 'SIM not inserted',
  311: 'SIM PIN necessary',
  313: 'SIM failure',
  314: 'SIM busy',
  316: 'SIM PUK necessary',
  320: 'Memory failure',
  321: 'Invalid memory index',
  322: 'Memory full',
  330: 'SMSC address unknown',
  331: 'No network service',
  332: 'Network timeout',
  340: 'No +CNMA acknowledgement expected',
  500: 'Unknown error',
};

/** +CMEE: 0 = plain ERROR, 1 = numbers, 2 = words. */
export type ErrorMode = 0 | 1 | 2;

/** A CME refusal as +CMEE wants it said. */
export function cmeFinal(number: number, mode: ErrorMode): string {
  if (mode === 0) return 'ERROR';
  return `+CME ERROR: ${mode === 1 ? number : (CME_TEXT[number] ?? number)}`;
}

/** A CMS refusal: never a plain ERROR, which 27.005 leaves to other mistakes. */
export const cmsFinal = (number: number, mode: ErrorMode): string =>
  `+CMS ERROR: ${mode === 2 ? (CMS_TEXT[number] ?? number) : number}`;
