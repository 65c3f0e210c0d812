/** Sentences about files, folders and URLs: what is read and written. */

import type { Catalogue } from '../catalogue';

export const FILES = {
  'FILE_NOT_FOUND/no-file': (p: { name: string }) => `There is no file ${p.name}.`,
  /** It looks like a URL of another scheme. */
  'FILE_NOT_FOUND/scheme': (p: { name: string }) => `There is no file ${p.name}.`,
  'FILE_NOT_FOUND/server': (p: { url: string; number: number }) => `There is no ${p.url} (HTTP status ${p.number}).`,
  'FILE_UNREADABLE/permission': (p: { name: string }) => `The file ${p.name} may not be read by this user.`,
  'FILE_UNREADABLE/system': (p: { name: string; why: string }) => `The file ${p.name} cannot be read (${p.why}).`,
  'FILE_UNREADABLE/shrunk': (p: { name: string; bytes: number; end: number }) =>
    `The file ${p.name} became shorter while it was read: it had ${p.bytes} bytes, now it ends at ${p.end}.`,
  'FILE_UNREADABLE/reading': (p: { text: string }) => `The reading failed: ${p.text}`,
  'FILE_UNREADABLE/worker': (p: { name: string; text: string }) => `The reading of ${p.name} failed: ${p.text}`,
  'FILE_UNREADABLE/worker-ended': (p: { name: string }) => `The reading of ${p.name} ended early.`,
  'FILE_UNREADABLE/fetch': (p: { url: string; why: string }) => `${p.url} cannot be fetched (${p.why}).`,
  'FILE_UNREADABLE/server': (p: { url: string; number: number }) =>
    `The server does not hand out ${p.url} (HTTP status ${p.number}).`,
  'FILE_UNREADABLE/redirect': (p: { url: string; where: string }) => `The server of ${p.url} redirects ${p.where}.`,
  'FILE_NOT_REGULAR/directory': (p: { name: string }) => `${p.name} is a directory, and no folder of images.`,
  'FILE_NOT_REGULAR/device': (p: { name: string }) => `${p.name} is a device, pipe or socket, not a regular file.`,
  'FILE_EMPTY/file': (p: { name: string }) => `${p.name} is empty.`,
  'FILE_EMPTY/image': (p: { name: string }) => `${p.name} is empty.`,
  'FILE_NOT_WRITTEN/system': (p: { name: string; why: string }) => `The file ${p.name} cannot be written (${p.why}).`,
  'FILE_NOT_WRITTEN/download': (p: { url: string }) => `The download of ${p.url} is not on the disk as it came.`,
  'FIRMWARE_CRC/download': (p: { url: string; what: string; sha256: string }) =>
    p.what === ''
      ? `${p.url} is not the file that was meant: its sha256 is ${p.sha256}.`
      : `${p.url} is not the file that was meant: it is ${p.what}, its sha256 ${p.sha256}.`,
  'FIRMWARE_TOO_LARGE/download': (p: { url: string; bytes: number; most: number }) =>
    `${p.url} has ${p.bytes} bytes or more; at most ${p.most} are fetched.`,
  'TIMEOUT/fetch-silence': (p: { url: string; seconds: number }) => `${p.url} does not come within ${p.seconds} s.`,
  'TIMEOUT/fetch-total': (p: { url: string; seconds: number }) => `${p.url} is not complete within ${p.seconds} s.`,
  'BAD_ARGUMENT/path': (p: { path: string }) => `${p.path} cannot be a path.`,
  'BAD_ARGUMENT/url': () => 'This is no URL.',
  'BAD_ARGUMENT/url-without-sha256': (p: { url: string }) => `The URL ${p.url} says no sha256.`,
  'BAD_ARGUMENT/folder-taken': (p: { folder: string }) =>
    `The folder ${p.folder} is not empty, and nothing is overwritten.`,
  'BAD_ARGUMENT/no-headers': (p: { name: string }) => `${p.name} is a folder of images, which have no headers.`,
  'CANCELLED/check': (p: { text: string }) => `The check was cancelled: ${p.text}`,
  'CANCELLED/reading': (p: { text: string }) => `The reading was cancelled: ${p.text}`,
  'CANCELLED/export': (p: { text: string }) => `The export was cancelled: ${p.text}`,
  'CANCELLED/download': (p: { text: string }) => `The download was cancelled: ${p.text}.`,
  'CANCELLED/download-over': () => 'The download has ended.',
} satisfies Catalogue;
