/**
 * The proofs of the logins, and requests that go encrypted. In Huawei's SCRAM key and message of HMAC are swapped against
 * RFC 5802, as the pages of the firmware compute it.
 */

import {
  constants,
  createHash,
  createHmac,
  createPublicKey,
  pbkdf2,
  publicEncrypt,
  timingSafeEqual,
} from 'node:crypto';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();
const hmac = (key: string | Buffer, message: string | Buffer): Buffer =>
  createHmac('sha256', key).update(message).digest();
const base64 = (data: string | Buffer): string => Buffer.from(data).toString('base64');

/** password_type 0 and 3. */
export const plainProof = (password: string): string => base64(password);

/** password_type 4; `token` is the one in the header of the same request. */
export const hashProof = (user: string, password: string, token: string): string =>
  base64(sha256(user + base64(sha256(password).toString('hex')) + token).toString('hex'));

export interface Challenge {
  password: string;
  /** Hex; its bytes count. */
  salt: string;
  iterations: number;
  firstNonce: string;
  /** Begins with the first one. */
  serverNonce: string;
}

export interface ScramProof {
  clientProof: string;
  /** What the stick must answer, if it knows the password. */
  serverSignature: string;
  /** The same for the key that it hands out; `modulus` hex. */
  keySignature(modulus: string): string;
}

export async function scramProof(challenge: Challenge): Promise<ScramProof> {
  const { password, salt, iterations, firstNonce, serverNonce } = challenge;
  const salted = await new Promise<Buffer>((resolve, reject) => {
    pbkdf2(password, hex(salt), iterations, 32, 'sha256', (error, key) => (error ? reject(error) : resolve(key)));
  });
  const message = [firstNonce, serverNonce, serverNonce].join(',');
  const clientKey = hmac('Client Key', salted);
  const signature = hmac(message, sha256(clientKey));
  const serverKey = hmac('Server Key', salted);
  return {
    clientProof: Buffer.from(clientKey.map((byte, at) => byte ^ (signature[at] ?? 0))).toString('hex'),
    serverSignature: hmac(message, serverKey).toString('hex'),
    keySignature: (modulus) => hmac(serverKey, hex(modulus)).toString('hex'),
  };
}

export function sameHex(one: string, other: string): boolean {
  const [a, b] = [hex(one), hex(other)];
  return a.length > 0 && a.length === b.length && timingSafeEqual(a, b);
}

export interface WebKey {
  /** Both hex. */
  modulus: string;
  exponent: string;
}

/** `text` as a stick with `encrypt_enabled` takes it: base64, in pieces that fit the key, hex of each put together. */
export function encrypted(text: string, { modulus, exponent }: WebKey, padding: 'pkcs1' | 'oaep'): Buffer {
  const url = (digits: string) => hex(digits).toString('base64url');
  const key = createPublicKey({ key: { kty: 'RSA', n: url(modulus), e: url(exponent) }, format: 'jwk' });
  const plain = Buffer.from(base64(text));
  const size = hex(modulus).length - (padding === 'oaep' ? 42 : 11);
  const mode = padding === 'oaep' ? constants.RSA_PKCS1_OAEP_PADDING : constants.RSA_PKCS1_PADDING;
  const pieces: string[] = [];
  for (let at = 0; at < plain.length; at += size) {
    pieces.push(publicEncrypt({ key, padding: mode }, plain.subarray(at, at + size)).toString('hex'));
  }
  return Buffer.from(pieces.join(''));
}
