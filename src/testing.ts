/**
 * The virtual stick with its host and its clock: for tests and trials of programs that use the driver, without hardware and
 * without waiting. docs/virtual-stick.md is its manual.
 */

export type { ServedName } from './served-name';
export { VirtualClock } from './virtual/clock';
export type { EventListener, StickEvent } from './virtual/events';
export { type Fault, type FaultOrder, Faults, type Stage } from './virtual/faults';
export type { FirmwareKind } from './virtual/firmware';
export { VirtualHost, type VirtualHostOptions } from './virtual/host';
export { type HostServer, type HostServerOptions, serveHost } from './virtual/host-server';
export {
  type Hostile,
  type MadeErase,
  type MadeFirmware,
  type MadeImage,
  type MadeLoader,
  makeDemoFiles,
  makeFirmware,
  makeLoader,
} from './virtual/make-files';
export type { MadeTable, VirtualPartition } from './virtual/make-table';
export type { ModelName } from './virtual/models';
export type { Quirk } from './virtual/modem/quirks';
export type { Radio, Registration, System } from './virtual/modem/radio';
export type { SimState } from './virtual/modem/state';
export type { StickOptions } from './virtual/options';
export { obey } from './virtual/orders';
export { act, type PersonAction, type PersonOptions } from './virtual/person';
export type { Appearance } from './virtual/personality';
export { createRemoteVirtualHost, type RemoteVirtualHost, type RemoteVirtualHostOptions } from './virtual/remote-host';
export type { Incoming } from './virtual/sms/centre';
export type { StoreName } from './virtual/sms/store';
export { VirtualStick } from './virtual/stick';
export type { Timing } from './virtual/timing';
export type { HilinkFirmware } from './virtual/web/firmware';
export type { WebSettings } from './virtual/web/memory';
export type { WebQuirk } from './virtual/web/quirks';
