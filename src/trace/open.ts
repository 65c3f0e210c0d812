/** A trace to a file, for as long as somebody wants it or the process lasts. */

import type { Clock, Host } from '../host/host';
import type { Transport } from '../host/web';
import { type FileOptions, traceFile } from './file';
import { Recorder, type Summary } from './recorder';
import { tapHost, webTap } from './tap';

export type { Summary } from './recorder';

export interface TraceOptions extends FileOptions {
  clock: Clock;
  /** What makes it: `e3272 0.2.0`. */
  source: string;
  /** Whether the stick is a real one: only that settles anything. */
  real: boolean;
}

export interface Trace {
  readonly path: string;
  /** A host that behaves as `host`, and is heard. */
  tap<H extends Host>(host: H): H;
  /** A transport to a web server that no host has led to. */
  tapWeb(transport: Transport): Transport;
  /** Writes what is left, and tells what the trace shows. Once more is harmless; the end of the process does it too. */
  end(): Summary;
}

/** Error: FILE_NOT_WRITTEN. */
export function openTrace({ clock, source, real, ...file }: TraceOptions): Trace {
  const recorder = new Recorder({ clock, source, proves: real, sink: traceFile(file) });
  const onExit = () => void recorder.end();
  process.once('exit', onExit);
  return {
    path: file.path,
    tap: (host) => tapHost(host, recorder),
    tapWeb: (transport) => webTap(recorder)(transport),
    end() {
      process.removeListener('exit', onExit);
      return recorder.end();
    },
  };
}
