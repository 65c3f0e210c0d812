/** What the nodes use of the driver. Loaded at first use only: Node-RED must not start slower for nodes that are idle. */

export { NAMED } from '../../src/at/commands/table';
export { replyValue, urcValue } from '../../src/at/commands/value';
export { redactError } from '../../src/at/redact';
export { expectOk } from '../../src/at/reply';
export { cleanNumber } from '../../src/at/sms/number';
export { openAt } from '../../src/device/at/open-at';
export { autoSwitch, switchHeard } from '../../src/device/auto-switch';
export { askNames } from '../../src/device/offered-names';
export { watchState } from '../../src/device/onlooker';
export { openSms } from '../../src/device/sms/open-sms';
export { StatusWatch } from '../../src/device/status-watch';
export { convert } from '../../src/flash/convert';
export { toSerial } from '../../src/leave-hilink/to-serial';
export { setConfiguration } from '../../src/modeswitch/configuration';
export { holdStick } from '../../src/stick/hold';
export { meantBy } from '../../src/stick/identities';
export { parseOwnName, requirePlace } from '../../src/stick/own-name';
export { describeStick, findStick, listSticks } from '../../src/stick/stick';
export { watchSticks } from '../../src/stick/watch';
