/** Questions to the runtime. Relative, so that they go where the editor itself is; jQuery adds the login. */

import type { Failure } from '../shapes';

/** Why the runtime did not do it. `status` 0: it did not answer. */
export class Refused extends Error {
  readonly status: number;
  readonly failure: Failure | undefined;
  constructor(status: number, failure: Failure | undefined) {
    super(failure?.message ?? `status ${status}`);
    this.status = status;
    this.failure = failure;
  }
}

function ask<T>(path: string, settings: JQuery.AjaxSettings): Promise<T> {
  return new Promise((resolve, reject) => {
    $.ajax({ url: `e3272/${path}`, dataType: 'json', ...settings }).then(
      (answer: T) => resolve(answer),
      ({ status, responseJSON }: JQuery.jqXHR) => reject(new Refused(status, failureIn(responseJSON))),
    );
  });
}

const failureIn = (body: unknown): Failure | undefined => (body as { error?: Failure } | undefined)?.error;

export const get = <T>(path: string): Promise<T> => ask(path, { method: 'GET' });

export const post = <T>(path: string, body: object = {}): Promise<T> =>
  ask(path, { method: 'POST', contentType: 'application/json', data: JSON.stringify(body) });

/** Bytes as they are. */
export const postBytes = <T>(path: string, data: Blob): Promise<T> =>
  ask(path, { method: 'POST', data, processData: false, contentType: 'application/octet-stream' });

/** Whether the user may see anything: without the right each question would be answered with 401. */
export const mayRead = (): boolean => RED.user.hasPermission('e3272.read');

/** Whether the user may change anything. */
export const mayWrite = (): boolean => RED.user.hasPermission('e3272.write');
