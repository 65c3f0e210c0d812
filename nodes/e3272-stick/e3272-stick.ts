import type { NodeAPI, NodeDef } from 'node-red';
import type { AtEvent } from '../../src/device/at/open-at';
import { milliseconds, milliseconds0, readSaved, type StickNode } from '../shared/config';
import { refuseForeign } from '../shared/foreign';
import { hostFor, knownVirtuals, localHost } from '../shared/hosts';
import { loadDriver } from '../shared/lazy';
import type { Listed } from '../shared/listed';
import { STICK } from './saved';

function init(RED: NodeAPI): void {
  function Stick(this: StickNode, saved: NodeDef): void {
    RED.nodes.createNode(this, saved);
    const def = readSaved(this, STICK, saved);
    const which = String(def.stick ?? '').trim() || 'auto';
    const read = (get: () => number | undefined): number | undefined => {
      try {
        return get();
      } catch (error) {
        this.warn(String(error));
        return undefined;
      }
    };
    const address = String(def.hilinkAddress ?? '').trim();
    const password = this.credentials?.hilinkPassword;
    const told = new WeakSet<AtEvent>();
    this.config = {
      which,
      timeoutMs: read(() => milliseconds(def.timeout, 'The timeout of the stick')),
      pulseMs: read(() => milliseconds0(def.pulse, 'The time after which the stick is asked')),
      pin: this.credentials?.pin || undefined,
      hilink: { ...(address !== '' && { address }), ...(password && { password }) },
      space: def.space === 'always' || def.space === 'never' ? def.space : 'auto',
      host: () => hostFor(RED, which),
      report: (event) => {
        if (told.has(event)) return;
        told.add(event);
        if (event.level === 'warn') this.warn(event.text);
        else this.log(event.text);
      },
    };
  }

  RED.nodes.registerType<StickNode, NodeDef, object, { pin: string; hilinkPassword: string }>('e3272-stick', Stick, {
    credentials: { pin: { type: 'password' }, hilinkPassword: { type: 'password' } },
  });

  RED.httpAdmin.get('/e3272/sticks', RED.auth.needsPermission('e3272.read'), refuseForeign, (_req, res) => {
    void listed(RED).then(
      (sticks) => res.json(sticks),
      (error: unknown) => {
        RED.log.warn(`e3272-stick: the sticks could not be listed: ${String(error)}`);
        res.json([]);
      },
    );
  });

  // Whoever picks a name sees the digits: for those who may change flows, which hold the name then.
  RED.httpAdmin.get(
    '/e3272/sticks/:stick/names',
    RED.auth.needsPermission('e3272.write'),
    refuseForeign,
    (req, res) => {
      void namesOf(RED, String(req.params.stick)).then(
        (names) => res.json(names),
        () => res.json([]),
      );
    },
  );
}

/** Names that go with a real stick, whatever socket it is in. Asks the stick. */
async function namesOf(RED: NodeAPI, path: string): Promise<string[]> {
  const [{ askNames, listSticks }, host] = await Promise.all([loadDriver(), localHost(RED)]);
  const there = (await listSticks(host)).some((stick) => stick.path === path && stick.mode === 'tty');
  return there ? askNames(host, path) : [];
}

/** The sticks that are plugged in, and the virtual ones that exist, plugged in or not. */
async function listed(RED: NodeAPI): Promise<Listed[]> {
  const { describeStick, listSticks } = await loadDriver();
  const real = (await listSticks(await localHost(RED))).map(
    ({ path, mode, product, vendorId, productId }): Listed => ({ stick: path, mode, product, vendorId, productId }),
  );
  const virtual = knownVirtuals().map(({ name, device }): Listed => {
    const { mode, product, vendorId, productId } = device
      ? describeStick(device)
      : { mode: 'unknown' as const, product: '', vendorId: 0, productId: 0 };
    return { stick: name, mode, product, vendorId, productId, virtual: true };
  });
  return [...real, ...virtual];
}

export = init;
