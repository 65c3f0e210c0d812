import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { virtualStick } from '../../nodes/shared/hosts';
import { NEW_MODE } from '../virtual/web/rig';
import { freePort } from './editor-red';
import {
  caught,
  deploy,
  type FlowNode,
  forget,
  inject,
  type Message,
  output,
  startRuntime,
  status,
  tab,
} from './runtime';
import { testStick } from './sticks';

const hands = (virtual: string, more: object = {}): FlowNode => ({
  id: 'hands',
  type: 'e3272-virtual',
  name: '',
  virtual,
  firmware: 'hilink',
  action: 'msg',
  ...more,
});

const mode = (wanted: string) => (msg: Message) => {
  const { what, mode: now } = msg.payload as { what: string; mode?: string };
  return what === 'mode' && now === wanted;
};

describe('e3272-virtual', () => {
  before(startRuntime);
  after(() => deploy([]));

  it('plugs, pulls and presses the boot pin, and tells what happens inside', async () => {
    const { name, stick } = await testStick();
    await deploy(tab([hands(name)]));
    await status('hands', 'status.unplugged');
    inject('hands', { payload: 'plug' });
    await output('completer');
    assert.equal((await output('hands', 0, mode('cdrom-hilink'))).topic, name);
    await status('hands', 'status.plugged');
    inject('hands', { payload: 'boot-pin' });
    await output('hands', 0, mode('bootrom'));
    forget();
    inject('hands', { payload: { do: 'unplug' } });
    await output('hands', 0, mode('off'));
    assert.equal(stick.plugged, false);
  });

  it('does what it is set to, whatever the message says', async () => {
    const { name, stick } = await testStick();
    await deploy(tab([hands(name, { action: 'plug' }), hands(name, { id: 'sim', action: 'remove-sim' })]));
    inject('hands', { payload: 'unplug' });
    await output('hands', 0, mode('cdrom-hilink'));
    forget();
    inject('sim', {});
    await output('completer');
    assert.equal(stick.sim.state, 'absent');
  });

  it('breaks something on order and refuses orders that make no sense', async () => {
    const { name } = await testStick();
    await deploy(tab([hands(name)]));
    inject('hands', { payload: { fault: 'othermode', at: 'enumerate', mode: 'fastboot' } });
    inject('hands', { payload: 'plug' });
    await output('hands', 0, mode('fastboot'));
    for (const payload of ['explode', 17, { fault: 'silence', at: 'nowhere' }, ['plug'], undefined]) {
      forget();
      inject('hands', { payload });
      assert.equal((await caught('hands')).error.code, 'BAD_ARGUMENT');
    }
  });

  it('orders the network about, and changes nothing when an order is wrong or comes too early', async () => {
    const { name, stick } = await testStick();
    await deploy(tab([hands(name)]));
    // What a function leaves undefined is not there.
    inject('hands', { payload: { do: 'radio', system: 'WCDMA', rssi: -95, bars: undefined } });
    await output('completer');
    assert.deepEqual([stick.world.radio.system, stick.world.radio.rssi], ['WCDMA', -95]);
    forget();
    inject('hands', { payload: { do: 'radio', system: 'LTE', rssi: 'weak' } });
    const { error } = await caught('hands');
    assert.equal(error.code, 'BAD_ARGUMENT');
    assert.match(error.message, /"rssi" of the radio must be a whole number of dBm/);
    assert.equal(stick.world.radio.system, 'WCDMA');
    forget();
    inject('hands', { payload: { do: 'hang', cure: 'esc' } });
    assert.equal((await caught('hands')).error.code, 'WRONG_MODE');
  });

  it('makes a fresh stick with the firmware that it is set to, once per name', async () => {
    const name = 'virtual-901';
    await deploy(tab([hands(name, { firmware: 'stick', action: 'plug' })]));
    inject('hands', {});
    await output('hands', 0, mode('cdrom-stick'));
    const { stick } = await virtualStick(name);
    await deploy(tab([hands(name, { firmware: 'hilink' })]));
    assert.equal((await virtualStick(name)).stick, stick);
    stick.unplug();
  });

  it('refuses a name that is none', async () => {
    await deploy(tab([hands('my stick')]));
    inject('hands', { payload: 'plug' });
    assert.equal((await caught('hands')).error.code, 'BAD_ARGUMENT');
  });

  it('serves the web interface on the port that it is given, as long as the node is there', async () => {
    const { name, stick } = await testStick();
    const port = await freePort();
    const get = () => fetch(`http://127.0.0.1:${port}/html/index.html`);
    await deploy(tab([hands(name, { web: `${port}` })]));
    await status('hands', 'status.unplugged');
    inject('hands', { payload: 'plug' });
    await output('hands', 0, mode('cdrom-hilink'));
    await assert.rejects(get());
    stick.storage(0)?.bulkOut(NEW_MODE);
    await output('hands', 0, (msg) => isDeepStrictEqual(msg.payload, { what: 'web', up: true }));
    assert.match(await (await get()).text(), /csrf_token/);
    forget();
    // Deployed anew it has the same port again.
    await deploy(tab([hands(name, { web: `${port}`, action: 'plug' })]));
    await status('hands', 'status.plugged');
    assert.equal((await get()).status, 200);
    await deploy([]);
    await assert.rejects(get());
  });

  it('says what is wrong with a web port', async () => {
    const { name } = await testStick();
    for (const web of ['0', '65536', 'http']) {
      await deploy(tab([hands(name, { web })]));
      await status('hands', 'status.error');
    }
    await deploy(tab([hands('virtual-1@127.0.0.1:1', { web: '8080' })]));
    await status('hands', 'status.error');
  });
});
