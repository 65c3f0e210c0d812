/**
 * The test of the stick dialog: what a stick has and lacks on this machine, and one question to it. It is not asked while a job
 * or another program has it, and its PIN is not entered.
 */

import { access, constants } from 'node:fs/promises';
import type { NodeAPI } from 'node-red';
import { type StickConfig, stickConfig } from '../../nodes/shared/config';
import { errorData } from '../../nodes/shared/failure';
import { hostFor } from '../../nodes/shared/hosts';
import type { StickTest, TestPart } from '../../nodes/shared/stick-test';
import { replyValue } from '../../src/at/commands/value';
import { expectOk } from '../../src/at/reply';
import { type AtHandle, byEither, openAtDevice } from '../../src/device/at/open-at';
import { type Device, deviceAt } from '../../src/device/device';
import { askNames } from '../../src/device/offered-names';
import { StatusReader } from '../../src/device/status';
import { type DriverError, failure, isDriverError } from '../../src/errors';
import { holdersOf, programText } from '../../src/host/holders';
import type { Host } from '../../src/host/host';
import { heldFor, workedOn } from '../../src/stick/hold';
import { obstacleOf } from '../../src/stick/obstacle';
import { parseOwnName } from '../../src/stick/own-name';
import { findStick, idText, listSticks, obstacleError, type Stick } from '../../src/stick/stick';
import { failureOf } from './job-book';
import { type Asked, membersOf, textOf } from './routes';

/** What the dialog holds now: `stick`, `hilinkAddress`, and the `id` of the node, whose password counts where it is deployed. */
interface Wish {
  which: string;
  web: StickConfig['hilink'];
}

function wishOf(RED: NodeAPI, asked: Asked): Wish {
  const given = membersOf(asked);
  const which = textOf(given, 'stick');
  const address = typeof given['hilinkAddress'] === 'string' ? given['hilinkAddress'].trim().slice(0, 200) : '';
  const deployed = stickConfig(RED, given['id']);
  // A password goes nowhere but where the deployed node sends it anyway.
  const same = deployed?.which === which && (deployed.hilink.address ?? '') === address;
  return { which, web: same ? deployed.hilink : address === '' ? {} : { address } };
}

/** Errors: BadRequest. Whatever is wrong with the stick is part of the answer. */
export async function testStick(RED: NodeAPI, asked: Asked): Promise<StickTest> {
  const { which, web } = wishOf(RED, asked);
  const test: StickTest = { faults: {}, warnings: [] };
  let part: TestPart = 'stick';
  const at = (now: TestPart) => {
    part = now;
  };
  try {
    const host = await hostFor(RED, which);
    await look(test, host, await meant(host, which), web, at);
  } catch (error) {
    test.faults[part] = failureOf(await errorData(error));
  }
  return test;
}

/** An own name that nobody has heard of yet: the sticks are asked who they are. */
async function meant(host: Host, which: string): Promise<Stick> {
  try {
    return await findStick(host, which);
  } catch (error) {
    if (which === 'auto' || !parseOwnName(which) || !isDriverError(error, 'STICK_NOT_FOUND')) throw error;
    for (const { path, mode } of await listSticks(host)) {
      if (mode === 'tty' && workedOn(host, path) === undefined) await askNames(host, path);
    }
    return findStick(host, which);
  }
}

async function look(
  test: StickTest,
  host: Host,
  stick: Stick,
  web: StickConfig['hilink'],
  at: (part: TestPart) => void,
): Promise<void> {
  const { path, mode, product } = stick;
  test.found = { stick: path, mode, product, id: idText(stick), virtual: !host.real };
  at('ports');
  const obstacle = obstacleOf(stick);
  if (obstacle) throw obstacleError(stick, obstacle);
  test.ports = stick.ttys.map(({ path: tty, role, interface: number }) => {
    const driver = stick.device.interfaces.find((own) => own.number === number)?.driver;
    return { path: tty, role, ...(driver !== undefined && { driver }) };
  });
  at('rights');
  const nodes = host.kind === 'local' ? nodesOf(stick) : [];
  for (const node of nodes) await mayUse(node, path);
  if (nodes.length > 0) test.rights = nodes;
  at('holder');
  test.warnings = await host.intruders(path);
  const device = deviceAt(host, path);
  test.holder = await holderOf(host, stick, device);
  if (test.holder.by === 'job' || test.holder.by === 'program') return;
  at('answer');
  if (mode !== 'tty' && mode !== 'hilink') throw failure('WRONG_MODE/no-at-port', { stick: path, mode });
  const handle = openAtDevice(host, device, { web });
  try {
    await byEither(
      handle,
      () => askAt(test, handle, at),
      () => askWeb(test, host, handle),
    );
  } finally {
    await handle.release();
  }
}

/** What is opened of it: its ttys, or the device itself for the switch message. */
function nodesOf({ mode, ttys, device: { bus, address } }: Stick): string[] {
  const three = (n: number) => String(n).padStart(3, '0');
  return mode === 'storage' ? [`/dev/bus/usb/${three(bus)}/${three(address)}`] : ttys.map(({ path }) => path);
}

async function mayUse(node: string, stick: string): Promise<void> {
  try {
    await access(node, constants.R_OK | constants.W_OK);
  } catch (cause) {
    throw unusable(node, stick, cause);
  }
}

/** Why a device node of `stick` cannot be opened, by what the system said. */
export function unusable(node: string, stick: string, cause: unknown): DriverError {
  const { code } = cause as NodeJS.ErrnoException;
  const forbidden = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
  return failure(forbidden ? 'NO_PERMISSION/port' : 'STICK_GONE/port', { path: node }, { stick, cause });
}

async function holderOf(host: Host, { path, ttys }: Stick, device: Device): Promise<NonNullable<StickTest['holder']>> {
  const job = workedOn(host, path);
  if (job !== undefined) return { by: 'job', who: job };
  if (device.at.states.now.state === 'released') return { by: 'program', who: '' };
  if (host.kind === 'local') {
    for (const tty of ttys) {
      const others = (await holdersOf(tty.path)).filter(({ pid }) => pid !== process.pid);
      if (others.length > 0) return { by: 'program', who: others.map(programText).join(', ') };
    }
  }
  return { by: heldFor(host, path) === undefined ? 'free' : 'nodes' };
}

async function askAt(test: StickTest, handle: AtHandle, at: (part: TestPart) => void): Promise<void> {
  const reply = await handle.run('ATI');
  expectOk(reply);
  const { model, revision } = replyValue('ATI', reply.lines) ?? {};
  test.answer = {
    by: 'at',
    ms: Math.round(reply.ms),
    ...(model !== undefined && { model }),
    ...(revision !== undefined && { revision }),
  };
  at('sim');
  const status = await new StatusReader(handle).read({ parts: ['sim', 'network'] });
  told(test, status);
}

async function askWeb(test: StickTest, { clock }: Host, handle: AtHandle): Promise<void> {
  const began = clock.now();
  const status = await handle.webStatus({ parts: ['sim', 'network', 'identity'] });
  const { model, revision } = status.identity ?? {};
  test.answer = {
    by: 'web',
    ms: Math.round(clock.now() - began),
    ...(model !== undefined && { model }),
    ...(revision !== undefined && { revision }),
  };
  told(test, status);
}

function told(test: StickTest, { sim, network }: Awaited<ReturnType<AtHandle['webStatus']>>): void {
  if (sim) test.sim = { state: sim.state, ...(sim.pinTries !== undefined && { pinTries: sim.pinTries }) };
  const { operator, registration, submode, system = submode } = network ?? {};
  if (network) {
    test.network = {
      ...(operator !== undefined && { operator }),
      ...(registration !== undefined && { registration }),
      ...(system !== undefined && { system }),
    };
  }
}
