/** Sentences about USB loader files. */

import type { Catalogue } from '../catalogue';
import type { OtherFile } from './firmware';

/** `remark`: what is known of the file as a whole, or empty. */
export interface Judged {
  name: string;
  remark: string;
}

const unusable = (name: string, fault: string, remark = ''): string =>
  `${name} is no usable USB loader: ${fault}${remark && `; ${remark}`}.`;

export const LOADER = {
  'LOADER_INVALID/firmware': (p: { name: string }) => unusable(p.name, 'it is a firmware file'),
  'LOADER_INVALID/folder': (p: { name: string }) => unusable(p.name, 'it is a folder of firmware images'),
  'LOADER_INVALID/other-file': (p: { name: string; what: string; kind: OtherFile }) =>
    unusable(p.name, `it is ${p.what}`),
  'LOADER_INVALID/too-long': (p: { name: string; bytes: number }) =>
    unusable(p.name, `it has ${p.bytes} bytes, more than any loader`),
  'LOADER_INVALID/too-short': (p: { name: string; bytes: number }) => unusable(p.name, `it has only ${p.bytes} bytes`),
  'LOADER_INVALID/start': (p: { name: string }) => unusable(p.name, 'it does not begin like one'),
  'LOADER_INVALID/cut': (p: Judged & { component: number }) =>
    unusable(p.name, `component ${p.component} ends behind the end of the file; the file was cut`, p.remark),
  'LOADER_INVALID/component': (p: Judged & { component: number; fault: string }) =>
    unusable(p.name, `component ${p.component} ${p.fault}`, p.remark),
  'LOADER_INVALID/too-many-components': (p: Judged) => unusable(p.name, 'it has more than two components', p.remark),
  'LOADER_INVALID/overlap': (p: Judged) => unusable(p.name, 'its components overlap', p.remark),
  'LOADER_INVALID/no-table': (p: Judged) =>
    unusable(p.name, 'it has no partition table: it is for another chip, or damaged', p.remark),
  'LOADER_INVALID/too-many-tables': (p: Judged) =>
    unusable(p.name, 'it has more partition tables than anybody needs', p.remark),
  'LOADER_INVALID/table': (p: Judged & { fault: string }) => unusable(p.name, p.fault, p.remark),
  'LOADER_INVALID/other-table': (p: Judged & { model: string; difference: string }) =>
    unusable(p.name, `its partition table is not that of an ${p.model}: ${p.difference}`, p.remark),
  'LOADER_INVALID/other-product': (p: Judged & { product: string }) => unusable(p.name, p.product, p.remark),
  'LOADER_UNSAFE/erases': (p: { name: string; finding: string }) =>
    `The loader ${p.name} erases IMEI, serial number and calibration of the stick. ${p.finding}`,
  'LOADER_UNSAFE/unknown': (p: { name: string; finding: string }) =>
    `The loader ${p.name} may erase IMEI, serial number and calibration of the stick. ${p.finding}`,
} satisfies Catalogue;
