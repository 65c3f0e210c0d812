import { nodeFailure } from '../shared/messages';

/** What a message asks to send; where the number comes from is checked when it is dialled. */
export interface Wish {
  to: unknown;
  text: string;
  flash?: boolean;
  report?: boolean;
  /** Hours. */
  validity?: unknown;
  /** Makes asking again harmless. Only what is called so: the id that Node-RED gives each message marks no SMS. */
  id?: string;
  /** Seconds. */
  ttl?: unknown;
}

/** The node's own settings that a message may complete. */
export interface Preset {
  to: string;
}

/**
 * The SMS that a message stands for: `payload` is its text, or an object with `text`. A recipient set in the node wins over
 * one in the message. Error: BAD_ARGUMENT, never with what was wired here.
 */
export function readWish(msg: { payload?: unknown; to?: unknown; id?: unknown }, preset: Preset): Wish {
  const { payload } = msg;
  const object =
    typeof payload === 'object' && payload !== null && !Array.isArray(payload) && !Buffer.isBuffer(payload);
  const asked = (object ? payload : { text: payload }) as Record<string, unknown>;
  const { text, flash, report, validity, ttl } = asked;
  const id = asked['id'] ?? msg.id;
  const written = typeof text === 'number' || typeof text === 'boolean' ? String(text) : text;
  if (typeof written !== 'string' || written === '') {
    throw nodeFailure('BAD_ARGUMENT/no-sms-text', { fault: written === '' ? 'empty' : 'missing' });
  }
  return {
    to: preset.to.trim() !== '' ? preset.to : (asked['to'] ?? msg.to),
    text: written,
    ...(typeof flash === 'boolean' && { flash }),
    ...(typeof report === 'boolean' && { report }),
    ...(validity !== undefined && { validity }),
    ...(id !== undefined && id !== null && id !== '' && { id: String(id) }),
    ...(ttl !== undefined && { ttl }),
  };
}

/**
 * Whether `number` may get an SMS by the list `allowed`: numbers separated by commas or line ends, as they are dialled; a
 * `*` at the end stands for any digits. Without a list all may; one that is set and names nothing lets nothing pass.
 */
export function isAllowed(number: string, allowed: unknown): boolean {
  if (allowed === undefined || allowed === null || allowed === '') return true;
  const patterns = (Array.isArray(allowed) ? allowed.join() : String(allowed))
    .split(/[,;\n]/)
    .map((pattern) => pattern.replaceAll(/[\s\-./()]/g, ''))
    .filter((pattern) => pattern !== '');
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? number.startsWith(pattern.slice(0, -1)) : number === pattern,
  );
}
