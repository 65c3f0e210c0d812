/**
 * The driver: everything between a plugged-in Huawei E3272 and an AT port that stays. No Node-RED in it. Types that something
 * here names are here too. The virtual stick is in `@e3272/node-red/testing`.
 */

export { type AllowList, parseAllowList } from './at/allow';
export type { AtRunner } from './at/ask';
export { AtChannel, type AtReply, type ChannelOptions, type RunOptions, type Urc } from './at/channel';
export type { CommandPart } from './at/command';
export { type Connect, ndisdupDown, ndisdupUp } from './at/commands/data';
export type { SystemWish } from './at/commands/selection';
export type { Command } from './at/commands/table';
export { type ReplyValue, replyValue, type UrcValue, urcValue } from './at/commands/value';
export { expectOk } from './at/reply';
export { setSystemSelection } from './at/selection';
export { getSetport, type SetportOptions, setportOptions, setSetport } from './at/setport';
export type { Coding } from './at/sms/coding';
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
export type { Storage } from './at/sms/store';
export { readFirmwareVersion, readIdentity, reset } from './at/stick-commands';
export type { AtEventKind } from './device/at/events';
export {
  type AtEvent,
  type AtHandle,
  type AtState,
  type OpenAtOptions,
  type OpenStep,
  openAt,
  type RecoveryStep,
  type Run,
  type Space,
  type StickActed,
  type StickAction,
} from './device/at/open-at';
export type { NetworkCondition, Outlook, SimCondition } from './device/at/outlook';
export type { UserOptions } from './device/at/user-options';
export type { WebOutlook, WebState } from './device/hilink/states';
export type { WebOptions } from './device/hilink/web-options';
export type { Address, OutboxState } from './device/outbox/entry';
export type { Piece } from './device/sms/assemble';
export {
  type DeliveryReport,
  type Fate,
  type FateListener,
  openSms,
  type Receiver,
  type ReportListener,
  type SendRequest,
  type SendResult,
  type SmsHandle,
  type SmsMessage,
  type StoredMessage,
  type UssdOptions,
  type UssdReply,
  type WebReport,
} from './device/sms/open-sms';
export type { SeenMessage } from './device/sms/pieces';
export { type StatusOptions, StatusReader } from './device/status';
export { StatusWatch, type StatusWatchEvents, type StatusWatchOptions } from './device/status-watch';
export {
  type ExamineOptions,
  examine,
  FINDING_IDS,
  type Finding,
  type FindingId,
  type Findings,
  type Level,
} from './doctor';
export {
  type Added,
  DriverError,
  ERROR_CODES,
  type ErrorCode,
  type ErrorData,
  type ErrorKey,
  isDriverError,
  type Messages,
  type Param,
  type Params,
  type Reason,
  type ReasonOf,
} from './errors';
export type { PartitionPlace } from './family/profile';
export type { ByteSource, SourcePart } from './firmware/byte-source';
export { type CheckedImage, type CheckOptions, checkFirmware, type FirmwareReport } from './firmware/check';
export type { Compression } from './firmware/compression';
export type { ErasePatch, ErasePlace, EraseState, FoundPatch } from './firmware/erase';
export { type ExportedImage, type ExportOptions, exportImages } from './firmware/export';
export type { FetchOptions } from './firmware/fetch';
export type { Firmware, FirmwareImage } from './firmware/firmware';
export type { Components, LoaderComponent } from './firmware/known';
export { type Loader, type LoaderOptions, readLoader, type Verdict } from './firmware/loader';
export type { PartitionRow, PartitionTable } from './firmware/partition-table';
export type { Tables } from './firmware/partitions';
export { readFirmware } from './firmware/read-firmware';
export type { Signature } from './firmware/signature';
export { type FileInput, type NamedBytes, type NamedPath, openSource } from './firmware/source';
export { type CheckId, type CheckReport, type CheckResult, checkText } from './flash/checks';
export { type ConvertOptions, convert, DEFAULT_SETPORT } from './flash/convert';
export type {
  Act,
  FileReport,
  ImageReport,
  JobEvent,
  JobReport,
  LoaderReport,
  ModemReport,
  Stage,
} from './flash/events';
export type { Change, JobOptions, Plan } from './flash/job-types';
export type { Override } from './flash/overrides';
export type { Said, SaidId } from './flash/said';
export type { AsIs } from './flash/unfinished';
export { type UploadJobOptions, upload, type WriteJobOptions, write } from './flash/upload-and-write';
export type { WebActed, WebAction } from './hilink/actions';
export { type HilinkClient, type HilinkOptions, openHilink } from './hilink/client';
export type { Said as LeavingSaid } from './hilink/leaving';
export { readHilink } from './hilink/read';
export type {
  Box as HilinkBox,
  DeleteOptions as HilinkDeleteOptions,
  HilinkSms,
  ListOptions as HilinkListOptions,
  SendOptions as HilinkSendOptions,
  SendResult as HilinkSendResult,
} from './hilink/sms';
export type { WebStatus, WebStatusOptions } from './hilink/status';
export type { Expected as HilinkExpected } from './hilink/stick';
export type { Transport, WebAnswer, WebRequest } from './hilink/transport';
export type { UssdOptions as HilinkUssdOptions, UssdReply as HilinkUssdReply } from './hilink/ussd';
export type { Try as LeavingTry } from './hilink/ways';
export type { CallOptions as HilinkCallOptions, Form as HilinkForm } from './hilink/wire';
export { systemClock } from './host/clock';
export type {
  Broken,
  Connection,
  ContainerKind,
  DeviceNode,
  DriverName,
  DriverState,
  Machine,
  NetworkManager,
  NodeState,
  OtherDevice,
  Rule,
  RuleState,
} from './host/facts';
export type {
  BulkPipe,
  Clock,
  Host,
  LockOptions,
  Mark,
  Mount,
  NoteEntry,
  Power,
  StickLock,
  Timer,
  TtyPort,
  UsbConfiguration,
  UsbDevice,
  UsbEndpoint,
  UsbFunction,
  UsbInterface,
  Watch,
  WatchOptions,
} from './host/host';
export { createLocalHost, type LocalHostOptions } from './host/local';
export type { LinkAddress, NetworkLink } from './host/network';
export { type StateFolderOptions, stateFolders } from './host/state-folders';
export { createTtyHost, type TtyHostOptions } from './host/tty-host';
export { type LeaveOptions, type Left, leaveHilink } from './leave-hilink/leave';
export { makePermanent, type Permanent } from './leave-hilink/permanent';
export { type ToSerialOptions, type ToSerialResult, toSerial } from './leave-hilink/to-serial';
export type { Tried } from './leave-hilink/tried';
export { type ConfigurationOptions, type ConfigurationResult, setConfiguration } from './modeswitch/configuration';
export type { SwitchMessage } from './modeswitch/messages';
export { type SwitchOptions, type SwitchResult, switchStick } from './modeswitch/switch';
export type { Mode, Role } from './stick/modes';
export { findStick, listSticks, type Stick, type StickTty } from './stick/stick';
export { type StickChange, type WaitOptions, waitForStick, watchSticks } from './stick/watch';
export type { FirmwareVersion, Identity } from './values/identity';
export type { Composition, PortCode } from './values/ports';
export type { Domain, SystemSelection } from './values/selection';
export type { ChoiceMember, Group, Member, Members, NumberMember, Range, TypeOf, Unit } from './values/shape';
export { STATUS, STATUS_PARTS, type Status, type StatusPart } from './values/status';
export type { WebIdentity, WebLan, WebSelection, WebValues } from './values/web';
export type { WebMessage, WebSending, WebStore } from './values/web-sms';
