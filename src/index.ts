/**
 * The driver: everything between a plugged-in Huawei E3272 and an AT port that stays. No Node-RED in it.
 */

export { AtChannel } from './at/channel';
export { ndisdupDown, ndisdupUp } from './at/commands/data';
export { type ReplyValue, replyValue, type UrcValue, urcValue } from './at/commands/value';
export { readFirmwareVersion, readIdentity, reset } from './at/device';
export { expectOk } from './at/reply';
export { setSystemSelection } from './at/selection';
export { getSetport, setportOptions, setSetport } from './at/setport';
export {
  type Decoded,
  type Delivered,
  decodePdu,
  type Outcome,
  type PartOf,
  type Ports,
  type StatusReport,
  type Submitted,
  type Undecodable,
} from './at/sms/decode';
export { decodeMessage } from './at/sms/message';
export * from './errors';
export { checkFirmware } from './firmware/check';
export { exportImages } from './firmware/export';
export { readLoader } from './firmware/loader';
export { readFirmware } from './firmware/read-firmware';
export { type FileInput, type NamedBytes, openSource } from './firmware/source';
export { checkText } from './flash/checks';
export { convert, DEFAULT_SETPORT } from './flash/convert';
export type { Act, ImageReport, JobEvent, JobReport, Stage } from './flash/events';
export { upload, write } from './flash/single';
export { type HilinkClient, type HilinkOptions, openHilink } from './hilink/client';
export { readHilink } from './hilink/read';
export type { Transport, WebAnswer, WebRequest } from './hilink/transport';
export type { Clock, Host, UsbDevice } from './host/host';
export { createLocalHost } from './host/local';
export { stateFolders } from './host/state-folders';
export { createTtyHost } from './host/tty-host';
export { type ConfigurationOptions, type ConfigurationResult, setConfiguration } from './modeswitch/configuration';
export { type SwitchOptions, type SwitchResult, switchStick } from './modeswitch/switch';
export { openSms, type SmsHandle, type SmsMessage } from './session/sms/service';
export { StatusReader } from './session/status';
export { StatusWatch } from './session/status-watch';
export type { Mode, Role } from './stick/modes';
export { findStick, listSticks, type Stick, type StickTty } from './stick/stick';
export { type StickChange, watchSticks } from './stick/watch';
export { STATUS, STATUS_PARTS, type Status, type StatusPart } from './values/status';
export type { WebValues } from './values/web';
export type { WebMessage } from './values/web-sms';
export { VirtualHost } from './virtual/host';
export { type HostServer, type HostServerOptions, serveHost } from './virtual/host-server';
export { createRemoteVirtualHost, type RemoteVirtualHost, type RemoteVirtualHostOptions } from './virtual/remote-host';
export { VirtualStick } from './virtual/stick';
