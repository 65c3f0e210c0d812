/** Slow, salted hashes of what is short and secret: whoever reads a note must not find it out by trying. Off the event loop. */

import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { Host } from '../host/host';

const LENGTH = 32;

/** Both in hex. */
export interface SlowHash {
  salt: string;
  hash: string;
}

function derive(host: Host, secret: string, salt: string): Promise<Buffer> {
  const work = new Promise<Buffer>((resolve, reject) => {
    scrypt(secret, Buffer.from(salt, 'hex'), LENGTH, (error, key) => (error ? reject(error) : resolve(key)));
  });
  return host.clock.during(work);
}

export async function hashed(host: Host, secret: string): Promise<SlowHash> {
  const salt = randomBytes(16).toString('hex');
  return { salt, hash: (await derive(host, secret, salt)).toString('hex') };
}

/** Whether `secret` is what was hashed. */
export async function isHashOf(host: Host, secret: string, { salt, hash }: SlowHash): Promise<boolean> {
  const known = Buffer.from(hash, 'hex');
  return known.length === LENGTH && timingSafeEqual(known, await derive(host, secret, salt));
}
