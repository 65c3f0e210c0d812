import { inputsOf, markUpToDate, rowOf, showUpToDate, showWhile } from '../../editor/dialog';
import { foundAs, labelStyle, paletteLabel, ports } from '../../editor/labels';
import { amount, check } from '../../editor/validators';
import type words from './locales/en-US/e3272-gateway.json';
import { GATEWAY, type SavedGateway } from './saved';

const input = inputsOf<SavedGateway>();
const { fresh } = GATEWAY;

/** Of the machine that Node-RED runs on, as its runtime tells. */
const hostOf = (): string => String((RED.settings as { e3272GatewayHost?: unknown }).e3272GatewayHost ?? 'gateway');

/** A name that nobody else has: machines are often called alike, and images are copied. */
function proposal(): string {
  const host = hostOf()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 27);
  const [number = 0] = crypto.getRandomValues(new Uint16Array(1));
  return `${host || 'gateway'}_${number.toString(16).padStart(4, '0')}`;
}

const TOPIC = /^[^+#\s]+$/;

RED.nodes.registerType<SavedGateway, typeof words>('e3272-gateway', {
  category: 'E3272',
  color: '#3FADB5',
  icon: 'e3272-gateway.svg',
  defaults: {
    name: { value: fresh.name },
    stick: { value: fresh.stick, type: 'e3272-stick', required: true },
    broker: { value: fresh.broker, type: 'mqtt-broker', required: false },
    gw: {
      value: fresh.gw,
      required: true,
      validate: check('invalid.gw', (value) => /^([a-z0-9_]{1,32}|\$\{\w+\})$/.test(value)),
    },
    title: { value: fresh.title },
    prefix: {
      value: fresh.prefix,
      validate: check('invalid.topic', (value) => value === '' || TOPIC.test(value)),
    },
    birth: { value: fresh.birth, validate: check('invalid.topic', (value) => TOPIC.test(value)) },
    discovery: { value: fresh.discovery },
    language: { value: fresh.language },
    to: {
      value: fresh.to,
      validate: check('invalid.to', (value) => /^(@[a-z0-9_-]+|\+?[0-9*#\s\-./()]*)$/.test(value)),
    },
    allowed: {
      value: fresh.allowed,
      validate: check('invalid.allowed', (value) => value === '' || /^[+0-9*#\s\-./(),;]+$/.test(value)),
    },
    ussd: {
      value: fresh.ussd,
      validate: check('invalid.ussd', (value) => value === '' || /^[0-9*#?\s]+$/.test(value)),
    },
    at: { value: fresh.at },
    hour: { value: fresh.hour, validate: amount('invalid.limit', { above: 0 }) },
    day: { value: fresh.day, validate: amount('invalid.limit', { above: 0 }) },
    number: { value: fresh.number, validate: amount('invalid.limit', { above: 0 }) },
    reserve: { value: fresh.reserve, validate: amount('invalid.limit', { min: 0 }) },
    parts: { value: fresh.parts, validate: amount('invalid.limit', { above: 0 }) },
    ttl: { value: fresh.ttl, validate: amount('invalid.ttl', { above: 0, max: 86_400 }) },
    replies: { value: fresh.replies },
    every: { value: fresh.every, validate: amount('invalid.every', { min: 10, max: 86_400 }) },
    signal: { value: fresh.signal },
    network: { value: fresh.network },
    sim: { value: fresh.sim },
    data: { value: fresh.data },
    temperature: { value: fresh.temperature },
    sms: { value: fresh.sms },
    events: { value: fresh.events },
    notify: { value: fresh.notify },
    buttons: { value: fresh.buttons },
    firmware: { value: fresh.firmware },
    triggers: { value: fresh.triggers },
    version: { value: fresh.version },
  },
  credentials: { contacts: { type: 'text' } },
  inputs: 1,
  outputs: 1,
  inputLabels: ports('port.input'),
  outputLabels: ports('port.output'),
  paletteLabel,
  onpaletteadd: foundAs('e3272-gateway'),
  label() {
    return this.name || this.gw || this._('palette');
  },
  labelStyle,
  onadd() {
    if (!this.gw) this.gw = proposal();
  },
  oneditprepare() {
    showUpToDate(this, GATEWAY, input);
    if (input('gw').val() === '') input('gw').val(proposal());
    const wired = () => ['', '_ADD_', null, undefined].includes(input('broker').val() as string);
    showWhile($('#e3272-gateway-broker-tip'), wired, input('broker'));
    const told = () => input('prefix').val() !== '';
    for (const key of ['birth', 'title', 'discovery', 'language'] as const) {
      showWhile(rowOf(input(key)), told, input('prefix'));
    }
  },
  oneditsave() {
    markUpToDate(this, GATEWAY);
  },
});
