/** The way in from the browser. Every route asks for a permission and refuses requests that the page of somebody else makes. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NodeAPI } from 'node-red';
import { errorData } from '../../nodes/shared/failure';
import { isForeign } from '../../nodes/shared/foreign';
import { failureOf } from './job-book';

/** As far as Express and Node-RED are used here. */
export interface Asked extends IncomingMessage {
  body?: unknown;
  params: Record<string, string>;
  query: Record<string, unknown>;
}

export interface Answered extends ServerResponse {
  status(code: number): Answered;
  json(body: unknown): void;
}

/** `flows.write`: who may change flows can read any file of the machine anyway. */
export type Permission = 'e3272.read' | 'e3272.write' | 'flows.write';

/** Answers a request: what it resolves with is sent as JSON. */
export type Handler = (asked: Asked) => unknown | Promise<unknown>;

/** Something that the request itself did wrong. */
export class BadRequest extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface Routes {
  get(path: string, permission: Permission, handler: Handler): void;
  /** Of a JSON body. */
  post(path: string, permission: Permission, handler: Handler): void;
  /** Of bytes: the request itself is read by the handler. */
  postBytes(path: string, permission: Permission, handler: Handler): void;
  /** Node-RED keeps routes for ever: from now on these leave their requests to those of a later installation. */
  end(): void;
}

export function routesOf(RED: NodeAPI): Routes {
  let ended = false;
  const add = (method: 'get' | 'post', path: string, permission: Permission, type: string, handler: Handler) => {
    const answer = (req: unknown, res: unknown, next: () => void) => {
      if (ended) return next();
      // Whatever cannot even be told: this answer is broken off, and nothing else.
      reply(req as Asked, res as Answered, type, handler).catch(() => (res as Answered).destroy());
    };
    RED.httpAdmin[method](`/e3272/${path}`, RED.auth.needsPermission(permission), answer);
  };
  return {
    get: (path, permission, handler) => add('get', path, permission, '', handler),
    post: (path, permission, handler) => add('post', path, permission, 'application/json', handler),
    postBytes: (path, permission, handler) => add('post', path, permission, 'application/octet-stream', handler),
    end: () => {
      ended = true;
    },
  };
}

async function reply(req: Asked, res: Answered, type: string, handler: Handler): Promise<void> {
  try {
    if (isForeign(req.headers)) throw new BadRequest(403, 'This is only for pages of this Node-RED.');
    const given = String(req.headers['content-type'] ?? '');
    // A foreign page can send a form or text without being asked; this type it cannot.
    if (type !== '' && given.split(';')[0]?.trim().toLowerCase() !== type) {
      throw new BadRequest(415, `The content type must be ${type}.`);
    }
    const body = await handler(req);
    if (res.headersSent) return;
    res.setHeader('Cache-Control', 'no-store');
    res.json(body ?? {});
  } catch (error) {
    if (res.headersSent) return void res.end();
    const failed =
      error instanceof BadRequest
        ? { code: 'BAD_ARGUMENT', message: error.message }
        : failureOf(await errorData(error));
    res.status(error instanceof BadRequest ? error.status : 409).json({ error: failed });
  }
}

/** A member of the query that counts something; 0 where it does not. */
export function countOf({ query }: Pick<Asked, 'query'>, name: string): number {
  const value = query[name];
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : 0;
}

/** A member of the query that is a text, cut. Undefined where it is none. */
export function wordsOf({ query }: Pick<Asked, 'query'>, name: string, most: number): string | undefined {
  const value = query[name];
  return typeof value === 'string' ? value.slice(0, most) : undefined;
}

/** The members of a JSON body. Error: BadRequest. */
export function membersOf({ body }: Pick<Asked, 'body'>): Readonly<Record<string, unknown>> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new BadRequest(400, 'The body must be a JSON object.');
}

/** A member that is a text. Error: BadRequest. */
export function textOf(members: Readonly<Record<string, unknown>>, name: string, most = 200): string {
  const value = Object.hasOwn(members, name) ? members[name] : undefined;
  if (typeof value === 'string' && value !== '' && value.length <= most) return value;
  throw new BadRequest(400, `${name} must be a text of up to ${most} characters.`);
}
