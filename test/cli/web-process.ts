/** `e3272 virtual --mode hilink --web` in a process of its own, and `e3272 hilink` that uses it. */

import type { Entry } from '../support/served';
import { startWith } from './e3272';
import { HostProcess } from './host-process';

export const PASSWORD = 'secret1';

/** Time is real: what the stick only waits for is kept short. */
const QUICK = {
  webAnswer: 1,
  sms: 50,
  ussd: 50,
  dial: 50,
  webReset: 50,
  offBus: 50,
  webStart: 200,
  plug: 10,
  switch: 10,
};

export class WebProcess {
  readonly #host: HostProcess;
  readonly url: string;

  private constructor(host: HostProcess) {
    this.#host = host;
    this.url = host.web[0] ?? '';
  }

  /** Resolves when its web server answers; it wants a login, if `login` is set, with {@link PASSWORD}. */
  static async start(firmware: string, login: boolean): Promise<WebProcess> {
    const web = new WebProcess(await HostProcess.start('hilink', 1, 0, ['--web', '0', '--hilink', firmware]));
    web.order({ do: 'timing', ...QUICK });
    web.order({ do: 'web', login, password: PASSWORD });
    await web.logged(({ what, up }) => what === 'web' && up === true);
    return web;
  }

  /** For other programs that run the driver. */
  get place(): string {
    return this.#host.place;
  }

  order(order: object): void {
    this.#host.order(order);
  }

  get log(): Entry[] {
    return this.#host.log;
  }

  logged(wanted: (entry: Entry) => boolean, after = 0): Promise<Entry> {
    return this.#host.logged(wanted, after);
  }

  /** Requests so far, as `POST user/login`. */
  get requests(): string[] {
    return this.log.flatMap(({ what, method, path }) =>
      what === 'request' ? [`${method} ${String(path).replace(/^\/api\//, '')}`] : [],
    );
  }

  /** `e3272 --json hilink ... --url`, with this password in its environment. */
  run(password: string, ...args: string[]) {
    const environment = { E3272_HILINK_PASSWORD: password };
    return startWith(environment, '--json', 'hilink', ...args, '--url', this.url).ended;
  }

  close(): Promise<void> {
    return this.#host.close();
  }
}
