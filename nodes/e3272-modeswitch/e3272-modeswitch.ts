import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import type { ToSerialResult } from '../../src/leave-hilink/to-serial';
import type { ConfigurationResult } from '../../src/modeswitch/configuration';
import type { SwitchMessage } from '../../src/modeswitch/messages';
import type { SwitchResult } from '../../src/modeswitch/switch';
import type { StickChange } from '../../src/stick/watch';
import { configurationNumber, milliseconds, readSaved, stickConfig, switchMessage } from '../shared/config';
import { loadDriver } from '../shared/lazy';
import { nodeFailure } from '../shared/messages';
import { NodeLife } from '../shared/node';
import { onlookerStatus } from '../shared/stick-status';
import { withoutStick } from '../shared/without-stick';
import { switchFailure } from '../shared/words';
import { MODESWITCH } from './saved';

interface SwitchMsg extends NodeMessageInFlow {
  switch?: unknown;
  /** In place of the node's own setting. */
  configuration?: unknown;
  /** Likewise. */
  target?: unknown;
  /** Of the way to serial ports: each message says it anew. */
  force?: unknown;
  permanent?: unknown;
}

/** Error: BAD_ARGUMENT for anything but true, false and nothing. */
function flag(member: 'force' | 'permanent', value: unknown): boolean {
  if (value === undefined || value === '') return false;
  if (typeof value === 'boolean') return value;
  throw nodeFailure('BAD_ARGUMENT/msg-member', { member, wanted: 'true or false' });
}

/** Error: BAD_ARGUMENT. */
function targetOf(value: unknown): 'comes' | 'serial' {
  if (value === 'comes' || value === 'serial') return value;
  throw nodeFailure('BAD_ARGUMENT/msg-member', { member: 'target', wanted: 'comes or serial' });
}

const serialOf = ({ stick, from, to, ...rest }: ToSerialResult) => ({
  stick: stick.path,
  from: from.mode,
  to: to.mode,
  ...rest,
});

const resultOf = ({ stick, from, to, switched, ms, by, asExpected }: SwitchResult) => ({
  stick: stick.path,
  from: from.mode,
  to: to.mode,
  switched,
  ms,
  by,
  asExpected,
});

const configuredOf = ({ stick, from, to, changed, ms }: ConfigurationResult) => ({
  stick: stick.path,
  from: stick.mode,
  to: stick.mode,
  switched: false,
  ms,
  configuration: { ...(from !== undefined && { from }), to, changed },
});

function init(RED: NodeAPI): void {
  function Modeswitch(this: Node, saved: NodeDef): void {
    RED.nodes.createNode(this, saved);
    const def = readSaved(this, MODESWITCH, saved);
    const life = new NodeLife(this);
    const config = stickConfig(RED, def.stick);
    if (!config) {
      withoutStick(life);
      return;
    }
    const { which } = config;
    const status = onlookerStatus(life, config);

    /** The settings, overridden by `msg.switch`. */
    const request = (asked: unknown): { message: SwitchMessage; timeoutMs?: number } => {
      if (asked !== undefined && (typeof asked !== 'object' || asked === null)) {
        throw nodeFailure('BAD_ARGUMENT/msg-switch', {});
      }
      const { message = def.message, timeout = def.timeout } = { ...asked } as { message?: unknown; timeout?: unknown };
      const timeoutMs = milliseconds(timeout, 'The timeout of the mode switch');
      return { message: switchMessage(message), ...(timeoutMs !== undefined && { timeoutMs }) };
    };

    life.input(async (msg: SwitchMsg, send) => {
      const options = request(msg.switch);
      const configuration = configurationNumber(msg.configuration ?? def.configuration);
      const target = targetOf(msg.target ?? def.target);
      const [force, permanent] = [flag('force', msg.force), flag('permanent', msg.permanent)];
      const [driver, host] = await Promise.all([loadDriver(), config.host()]);
      const stick = await driver.findStick(host, which);
      const hold = await driver.holdStick(host, stick.path, { purpose: 'mode switch' });
      life.status.show('switching');
      try {
        if (configuration !== undefined) {
          msg.payload = configuredOf(await driver.setConfiguration(host, stick, configuration));
        } else if (target === 'serial') {
          const { message, ...rest } = options;
          // The usual one leaves it to the driver, which knows a better one for some firmware.
          const first = message === 'new' ? {} : { message };
          const { signal } = life;
          const way = { ...config.hilink, ...rest, ...first, force, permanent, signal };
          msg.payload = serialOf(await driver.toSerial(host, stick, way));
        } else msg.payload = resultOf(await driver.switchHeard(host, stick, options));
      } catch (error) {
        status.result(switchFailure(error));
        throw error;
      } finally {
        hold.release();
        life.status.over();
      }
      send(msg);
    });

    if (!def.auto) return;
    void life.start(async () => {
      const options = request(undefined);
      const [driver, host] = await Promise.all([loadDriver(), config.host()]);
      const meant = driver.meantBy(host, which);
      const onChange = life.guard((change: StickChange) => {
        if (!meant(change.stick)) return;
        driver.autoSwitch(host, change, {
          ...options,
          onStart: life.guard(() => life.status.show('switching')),
          onEnd: life.guard((outcome) => {
            if ('error' in outcome) {
              life.log(outcome.error);
              status.result(switchFailure(outcome.error));
              return;
            }
            life.status.over();
            this.send({ topic: outcome.result.stick.path, payload: resultOf(outcome.result) });
          }),
        });
      });
      const watch = driver.watchSticks(host, onChange);
      life.onClose(() => watch.stop());
    });
  }

  RED.nodes.registerType('e3272-modeswitch', Modeswitch);
}

export = init;
