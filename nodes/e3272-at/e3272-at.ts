import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import type { AllowList } from '../../src/at/allow';
import type { AtHandle, AtReply, RunOptions, Urc } from '../../src/device/at/open-at';
import { DriverError, textOf } from '../../src/errors';
import { milliseconds, readSaved, stickConfig } from '../shared/config';
import { loadDriver } from '../shared/lazy';
import { nodeFailure } from '../shared/messages';
import { NodeLife } from '../shared/node';
import { openSession, sessionStatus } from '../shared/session';
import { withoutStick } from '../shared/without-stick';
import { type PortRequest, type Request, readPortRequest, readRequests } from './request';
import { AT, type SavedAt } from './saved';

interface AtMsg extends NodeMessageInFlow {
  timeout?: unknown;
}

function init(RED: NodeAPI): void {
  /** The command as the node is set to find it; a message's property by default. */
  function evaluate(node: Node, { command, commandType }: SavedAt, msg: AtMsg): Promise<unknown> {
    if (commandType === 'named') return loadDriver().then(({ NAMED }) => NAMED[command]);
    const type = commandType || 'msg';
    return new Promise((resolve, reject) => {
      RED.util.evaluateNodeProperty(command || (type === 'msg' ? 'payload' : ''), type, node, msg, (error, value) => {
        if (error) reject(unevaluated(error));
        else resolve(value);
      });
    });
  }

  function At(this: Node, saved: NodeDef): void {
    RED.nodes.createNode(this, saved);
    const def = readSaved(this, AT, saved);
    const life = new NodeLife(this);
    const config = stickConfig(RED, def.stick);
    if (!config) {
      withoutStick(life);
      return;
    }

    const prefixes = String(def.urcs ?? '')
      .toUpperCase()
      .split(',')
      .map((prefix) => prefix.trim())
      .filter((prefix) => prefix !== '');
    const wanted = ({ line }: Urc) =>
      prefixes.length === 0 || prefixes.some((prefix) => line.toUpperCase().startsWith(prefix));

    const status = sessionStatus(life, config, (key) => ({ key: key === 'hilink' ? 'noAt' : key }));
    const opened = life.start(async (): Promise<AtHandle> => {
      const [{ urcValue }, handle] = await Promise.all([loadDriver(), openSession(config, life, { status })]);
      handle.onUrc(
        life.guard((urc) => {
          if (!wanted(urc)) return;
          const value = urcValue(urc.line);
          const payload = { ...urc, ...(value !== undefined && { value }) };
          this.send([null, { topic: handle.state.stick ?? config.which, payload }]);
        }),
      );
      return handle;
    });

    // Whatever else stands there was meant to keep something out.
    const allowed = def.commands === 'guarded' ? undefined : import('../../src/at/allow.js');
    const allow = allowed?.then(({ parseAllowList }) => parseAllowList(String(def.allow ?? '')));
    // A mistake in the list shows at once, and again at each message: nothing is sent without a list.
    allow?.catch((error: unknown) => life.fail(error, 'ever'));

    const mayForce = ({ force }: Request): boolean => {
      if (def.dangerous !== 'asked' || !force) return def.dangerous === true;
      this.warn(FORCED);
      return true;
    };

    async function handOver({ port, ms }: PortRequest): Promise<object> {
      if (allow) throw notByList();
      const handle = await opened;
      if (port === 'take') handle.takePort();
      else await handle.releasePort(ms);
      const { stick } = handle.state;
      return { port: port === 'take' ? 'taken' : 'released', ...(stick !== undefined && { stick }) };
    }

    life.input(async (msg: AtMsg, send) => {
      const wish = await evaluate(this, def, msg);
      const port = readPortRequest(wish);
      if (port) {
        msg.payload = await handOver(port);
        send([msg, null]);
        return;
      }
      const { list, requests } = readRequests(wish);
      const only = await allow;
      const common = milliseconds(msg.timeout ?? def.timeout, 'The timeout');
      const handle = await opened;
      const { expectOk, replyValue } = await loadDriver();
      const answers: Answer[] = [];
      for (const request of requests) {
        const force = only === undefined && mayForce(request);
        const options = runOptions(request, { common, signal: life.signal, force, allow: only });
        const reply = await handle.run(request.command, options);
        answers.push(answerOf(reply, replyValue));
        // Also where the stick refuses: a Catch node then sees what it said.
        msg.payload = list ? answers : answers[0];
        const { stick } = handle.state;
        expectOk(reply, stick === undefined ? {} : { stick });
      }
      if (list) msg.payload = answers;
      send([msg, null]);
    });
  }

  RED.nodes.registerType('e3272-at', At);
}

interface Answer {
  command: string;
  ok: boolean;
  final: string;
  lines: string[];
  value?: unknown;
  ms: number;
}

function answerOf({ command, ok, final, lines, ms }: AtReply, read: (c: string, l: string[]) => unknown): Answer {
  const value = ok ? read(command, lines) : undefined;
  return { command, ok, final, lines, ...(value !== undefined && { value }), ms: Math.round(ms) };
}

interface Common {
  /** Milliseconds for each command that names no time of its own. */
  common: number | undefined;
  signal: AbortSignal;
  force: boolean;
  allow: AllowList | undefined;
}

function runOptions({ timeoutMs }: Request, { common, signal, force, allow }: Common): RunOptions {
  const timeout = timeoutMs ?? common;
  return { signal, ...(timeout !== undefined && { timeout }), ...(force && { force }), ...(allow && { allow }) };
}

const FORCED =
  'A message has asked for a command by "force", which this release is the last one to honour. Open this node, tick "Allow ' +
  'dangerous commands" if it is to send such commands, and deploy.';

const notByList = (): DriverError => nodeFailure('COMMAND_REFUSED/hand-over', {});

const unevaluated = (error: unknown): DriverError =>
  error instanceof DriverError
    ? error
    : nodeFailure('BAD_ARGUMENT/command-setting', { text: textOf(error) }, { cause: error });

export = init;
