/** Who may do what on the broker of a fleet: access lists and TLS on a real Mosquitto, and gateways that misbehave. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Member } from '../fleet/member';
import type { ClientOptions } from '../fleet/mqtt-client';
import { type Certificates, makeCertificates } from '../support/certificates';
import { Mosquitto } from '../support/mosquitto';
import { tempFolder } from '../support/temp-folder';
import { packageRoot } from './package-root';

const USERS = ['gw1', 'gw2', 'homeassistant'];
const CONFIG = 'homeassistant/device/gw1/e3272/config';
const TO = '+491713920000';

/** The access list of the manual, as a reader copies it. */
function accessList(): string {
  const manual = readFileSync(join(packageRoot, 'docs/gateway.md'), 'utf8');
  const list = /Mosquitto, `acl_file`:\n\n```\n([^`]+)```/.exec(manual)?.[1];
  assert.ok(list, 'docs/gateway.md has an access list for Mosquitto');
  return list;
}

describe('access to the broker of a fleet', () => {
  let folder: string;
  let broker: Mosquitto;
  let certificates: Certificates;
  let members: Member[];

  before(async () => {
    folder = tempFolder('fleet-access');
    certificates = makeCertificates(folder, 'fleet');
    const [passwords, list] = [join(folder, 'passwords'), join(folder, 'acl')];
    writeFileSync(passwords, '');
    for (const user of USERS) execFileSync('mosquitto_passwd', ['-b', passwords, user, `of ${user}`]);
    writeFileSync(list, accessList());
    const { ca, cert, key } = certificates;
    const access = ['allow_anonymous false', `password_file ${passwords}`, `acl_file ${list}`];
    broker = await Mosquitto.start(folder, [...access, `cafile ${ca}`, `certfile ${cert}`, `keyfile ${key}`]);
  });
  beforeEach(() => {
    members = [];
  });
  afterEach(async () => {
    for (const member of members) await member.close();
  });
  after(async () => {
    await broker.close();
    rmSync(folder, { recursive: true });
  });

  const as = (username: string): string[] => ['--cafile', certificates.ca, '-u', username, '-P', `of ${username}`];
  function member(gw: string, username: string, more: Partial<ClientOptions> = {}): Member {
    const servers = [{ host: '127.0.0.1', port: broker.port, protocol: 'mqtts' as const }];
    const mqtt = { servers, username, password: `of ${username}`, ca: readFileSync(certificates.ca), ...more };
    const made = new Member({ gw, folder: join(folder, username), mqtt });
    members.push(made);
    return made;
  }
  const send = (gw: string, id: string, user: string) =>
    broker.publish(`e3272/${gw}/sms/set`, [{ id, to: TO, text: `text of ${id}` }], ...as(user));

  it('gives a gateway its own tree and nothing else, whatever it tries', async () => {
    const ear = broker.listen(...as('homeassistant'), '-t', 'homeassistant/#');
    const spy = broker.listen(...as('gw2'));
    const [honest, other] = [member('gw1', 'gw1'), member('gw2', 'gw2')];
    for (const { gw } of members) {
      await ear.hears(({ topic, payload }) => topic === `e3272/${gw}/stick` && payload.includes('"ready":true'));
    }
    // By another's topics: a command, what Home Assistant knows of it, that it is gone.
    await send('gw1', 'evil', 'gw2');
    await broker.publish(CONFIG, [{ evil: true }], '-r', ...as('gw2'));
    await broker.publish('e3272/gw1/availability', ['offline'], '-r', ...as('gw2'));
    await broker.publish('homeassistant/status', ['online'], ...as('gw2'));
    for (const gw of ['gw1', 'gw2']) {
      await send(gw, `good-${gw}`, 'homeassistant');
      await ear.hears(({ topic, payload }) => topic === `e3272/${gw}/sms/receipt` && payload.includes('"sent"'));
    }
    assert.deepEqual([honest.texts, other.texts], [['text of good-gw1'], ['text of good-gw2']]);
    for (const { topic, payload } of ear.all) {
      assert.ok(!payload.includes('evil') && topic !== 'homeassistant/status', topic);
      if (topic === 'e3272/gw1/availability') assert.equal(payload, 'online');
    }
    // Its own comes to it, so it would have heard the others.
    await spy.hears(({ topic }) => topic === 'e3272/gw2/sms/receipt');
    assert.deepEqual([...new Set(spy.all.map(({ topic }) => topic.split('/')[1]))], ['gw2']);
  });

  it('shows a gateway that has the name of another one that nobody hears it, and it sends nothing', async () => {
    const ear = broker.listen(...as('homeassistant'), '-t', 'homeassistant/#');
    const honest = member('gw1', 'gw1');
    await ear.hears(({ topic, payload }) => topic === 'e3272/gw1/stick' && payload.includes('"ready":true'));
    const impostor = member('gw1', 'gw2', { clientId: 'impostor' });
    await impostor.shows('silent');
    await send('gw1', 'one', 'homeassistant');
    await ear.hears(
      ({ topic, payload }) =>
        topic === 'e3272/gw1/sms/receipt' && payload.includes('"one"') && payload.includes('"sent"'),
    );
    assert.deepEqual([honest.texts, impostor.texts], [['text of one'], []]);
    // Of its lives only those of the one who may: the retained one of the test before, and this.
    assert.ok(
      ear.on<{ instance: string }>('gw1/info').every(({ instance }, _, [first]) => instance === first?.instance),
    );
  });

  it('lets nobody in without its certificate, or without a password', async () => {
    const stranger = makeCertificates(folder, 'stranger');
    const failures: [Partial<ClientOptions>, RegExp][] = [
      [{ ca: readFileSync(stranger.ca) }, /certificate/],
      [{ password: 'of another' }, /Not authorized/],
    ];
    for (const [more, words] of failures) {
      const refused = member('gw1', 'gw1', more);
      const error = await new Promise<Error>((resolve) => refused.client.on('error', resolve));
      assert.match(error.message, words);
      assert.equal(refused.gateway.state, 'waiting');
    }
  });
});
