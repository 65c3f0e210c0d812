import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import type { DeliveryReport, Fate } from '../../src/device/sms/open-sms';
import { count, hours, milliseconds, minutes, readSaved, stickConfig } from '../shared/config';
import { loadDriver } from '../shared/lazy';
import { nodeFailure } from '../shared/messages';
import { NodeLife } from '../shared/node';
import { openSmsSession, sessionStatus } from '../shared/session';
import { withoutStick } from '../shared/without-stick';
import { works } from '../shared/words';
import { isAllowed, readWish } from './request';
import { SMS_OUT } from './saved';

interface SmsMsg extends NodeMessageInFlow {
  to?: unknown;
  id?: unknown;
}

/** A day and its minutes. */
const HOUR = 60 * 60_000;
/** Of a topic that is kept until the report comes. */
const LONGEST_TOPIC = 1_000;

function init(RED: NodeAPI): void {
  function SmsOut(this: Node, saved: NodeDef): void {
    RED.nodes.createNode(this, saved);
    const def = readSaved(this, SMS_OUT, saved);
    const life = new NodeLife(this);
    const config = stickConfig(RED, def.stick);
    if (!config) {
      withoutStick(life);
      return;
    }
    const { which } = config;
    let waiting = 0;

    const owner = ownerOf(this);
    const line = sessionStatus(life, config, (key) => ({ key: works(key) && waiting > 0 ? 'sending' : key }));
    life.onClose((removed) => {
      if (removed && waiting > 0) throw nodeFailure('CANCELLED/node-closed', { lost: waiting });
    });
    const opened = life.start(async () => {
      const handle = await openSmsSession(config, life, { status: line, web: true });
      // What waits stays for the next life of this node, if there is one.
      life.onClose((removed) => {
        if (removed) handle.callOff(owner);
      });
      const stick = () => handle.state.stick ?? which;
      // What was sent by an earlier life of this node.
      handle.fates(
        owner,
        life.guard(({ error, ...fate }: Fate, tag: unknown) => {
          const payload = { ok: error === undefined, stick: stick(), ...fate };
          const msg = { ...(typeof tag === 'object' && tag), payload };
          if (error) life.failFor(msg, error);
          else this.send([msg, null]);
        }),
      );
      // Also those about what was sent before the last deploy or restart.
      handle.reports(
        owner,
        life.guard((report: DeliveryReport, tag: unknown) => {
          const payload = { stick: stick(), ...report };
          this.send([null, { ...(typeof tag === 'object' && tag), payload }]);
        }),
      );
      return handle;
    });

    life.input(async (msg: SmsMsg, send) => {
      const wish = readWish(msg, { to: String(def.to ?? '') });
      const validity = hours(wish.validity ?? def.validity, 'The validity');
      const patience = minutes(def.patience, 'The time for trying again');
      const limit = count(def.limit, 'The length of the queue');
      const maxParts = count(def.parts, 'The number of parts');
      const ttl = milliseconds(wish.ttl, 'The time to live');
      const [handle, { cleanNumber }] = await Promise.all([opened, loadDriver()]);
      const to = cleanNumber(wish.to, "The recipient's number");
      if (!isAllowed(to, def.allowed)) throw nodeFailure('COMMAND_REFUSED/recipient', {});
      const stick = () => handle.state.stick ?? which;
      waiting++;
      line.show();
      try {
        const result = await handle.send({
          to,
          text: wish.text,
          from: { owner, tag: tagOf(msg) },
          ...(wish.id !== undefined && { id: wish.id }),
          ...(ttl !== undefined && { ttl }),
          flash: wish.flash ?? def.flash === true,
          ...((wish.report ?? def.report) === true && { report: { owner, tag: tagOf(msg) } }),
          ...(validity !== undefined && { validity: (validity / HOUR) * 60 }),
          ...(patience !== undefined && { patience }),
          ...(limit !== undefined && { limit }),
          ...(maxParts !== undefined && { maxParts }),
        });
        msg.payload = { ok: true, stick: stick(), ...result };
      } finally {
        waiting--;
        line.show();
      }
      send([msg, null]);
    });
  }

  RED.nodes.registerType('e3272-sms-out', SmsOut);
}

/** What this node is in any life: in an instance of a subflow its id is another one at each start. */
function ownerOf({ id, z, _alias }: Node & { _alias?: string }): string {
  return _alias === undefined ? id : `${z} ${_alias}`;
}

/** What comes with the reports on what `msg` has sent. */
function tagOf({ _msgid, topic }: SmsMsg): object {
  return { _msgid, ...(typeof topic === 'string' && { topic: topic.slice(0, LONGEST_TOPIC) }) };
}

export = init;
