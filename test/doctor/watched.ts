/** A host that keeps account of everything that would change something, and what reached the stick. */

import type { Host, TtyPort } from '../../src/host/host';
import type { StickEvent } from '../../src/virtual/events';
import type { Bench } from '../support/bench';

/** Members by which something is written or changed; `power` is one with its second argument. */
const CHANGES: ReadonlySet<string> = new Set([
  'openBulk',
  'switchByTool',
  'setConfiguration',
  'rebind',
  'reauthorize',
  'writeNote',
  'writeNoteAsync',
  'keepFile',
  'tellAll',
  'stayAwake',
]);

/** What may be written to a port: a question, or plain AT. */
const QUESTION = /^AT(?:[+^][A-Z]+\?|\+CGM[MR]|\+CSQ|\^SYSINFO(?:EX)?|\^DLOADVER\?)? ?\r$/;

export interface Watched {
  host: Host;
  /** What was written or set, other than questions. */
  changes(): string[];
}

export function watched({ host, stick }: Pick<Bench, 'host' | 'stick'>): Watched {
  const changes: string[] = [];
  const tell = (what: string) => void changes.push(what);
  stick.onEvent((event: StickEvent) => {
    if (event.what === 'request' && event.method !== 'GET') tell(`${event.method} ${event.path}`);
    if (event.what === 'setport' || event.what === 'cbw' || event.what === 'sms') tell(event.what);
  });
  const openTty = async (path: string): Promise<TtyPort> => {
    const port = await host.openTty(path);
    const write = port.write.bind(port);
    port.write = (data) => {
      const text = Buffer.from(data).toString('latin1');
      if (!QUESTION.test(text)) tell(`write ${JSON.stringify(text)}`);
      return write(data);
    };
    return port;
  };
  const seen = new Proxy<Host>(host, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      if (name === 'openTty') return openTty;
      return (...args: unknown[]) => {
        if (CHANGES.has(String(name)) || (name === 'power' && args[1] === true)) tell(String(name));
        if (name === 'lock' && (args[1] as { unnamed?: true } | undefined)?.unnamed !== true)
          tell('a lock with a name');
        return member.apply(target, args);
      };
    },
  });
  return { host: seen, changes: () => changes };
}
