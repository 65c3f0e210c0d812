/**
 * The stick's side of a login by challenge: SCRAM-SHA-256 in which Huawei gives the HMAC of RFC 5802 its two arguments the
 * other way round.
 */

import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';

const hmac = (key: Uint8Array | string, message: Uint8Array): Buffer =>
  createHmac('sha256', key).update(message).digest();

export interface Challenge {
  /** Who wants to log in. */
  user: string;
  firstNonce: string;
  serverNonce: string;
  /** Hex. */
  salt: string;
  iterations: number;
}

/** What the stick says to a proof that is right. Hex. */
export interface Proven {
  serverSignature: string;
  /** Of the modulus that it sends along. */
  keySignature: string;
}

/** undefined: the proof is another password's. `modulus`: of the RSA key, hex. */
export function prove(challenge: Challenge, password: string, proof: string, modulus: string): Proven | undefined {
  const { firstNonce, serverNonce, salt, iterations } = challenge;
  const message = `${firstNonce},${serverNonce},${serverNonce}`;
  const salted = pbkdf2Sync(password, Buffer.from(salt, 'hex'), iterations, 32, 'sha256');
  const clientKey = hmac('Client Key', salted);
  const stored = createHash('sha256').update(clientKey).digest();
  const signature = hmac(message, stored);
  const wanted = clientKey.map((byte, n) => byte ^ (signature[n] ?? 0));
  const given = Buffer.from(proof, 'hex');
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
  const serverKey = hmac('Server Key', salted);
  return {
    serverSignature: hmac(message, serverKey).toString('hex'),
    keySignature: hmac(serverKey, Buffer.from(modulus, 'hex')).toString('hex'),
  };
}
