import assert from 'node:assert/strict';
import { constants, createPrivateKey, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { type Challenge, encrypted, hashProof, plainProof, sameHex, scramProof } from '../../src/hilink/proofs';

// Vectors of facts/hilink.md 2.3 and 2.4, on which several implementations agree.
const NONCE = '6513d4a1bfa0d6b3a7e3320dc6b3b1cd703a479d4958b5e1462658d75f0c5029';
const OWN = '00112233445566778899aabbccddeeff'.repeat(2);

const VECTORS: readonly (Challenge & { proof: string; signature: string })[] = [
  {
    password: 'test',
    salt: 'ef08b9902cfb555135d098952c6d4ce629d52a3e835d4831147c96081538113c',
    iterations: 100,
    firstNonce: NONCE,
    serverNonce: `${NONCE}BsP0n8rghqsOgEbevsDvKnn0eCjBfed2`,
    proof: 'efc134fac358b3e148c62714eae94edda8143840e4e13f12f723defefa9dca1f',
    signature: 'e926be337454a1d7213f21de17a3e5ee8cc537f6f5fae54dea20ffb3b0c660de',
  },
  {
    password: 'secret1',
    salt: Buffer.from(Array.from({ length: 32 }, (_, at) => at + 1)).toString('hex'),
    iterations: 100,
    firstNonce: OWN,
    serverNonce: `${OWN}ABCDEFGHIJKLMNOPQRSTUVWXYZ012345`,
    proof: 'ebd624031d5139c9a8f58c2cc582502c1e5ec42fc26ad1612f1755ddbdee0c6f',
    signature: '8d12f667a13a25127f3d5209ea6c2a35c7e635a7d9e129427b3d6d13a2437d4e',
  },
];

describe('hilink: proofs', () => {
  it('of the logins without SCRAM', () => {
    assert.equal(plainProof('secret1'), 'c2VjcmV0MQ==');
    assert.equal(
      hashProof('admin', 'secret1', 'Q0EShfAXJjd7qkbUACyGNapDV03DBOnn'),
      'MDI5NGUxNmQwMjA3YmUxMzM0NGZmZmI1NmEwN2VhNDVmNGYzODRiZTViODUwYjA3ZWFjOWFkMzJlNDRlNzZkMA==',
    );
  });

  for (const { proof, signature, ...challenge } of VECTORS) {
    it(`of SCRAM, for ${challenge.password}`, async () => {
      const { clientProof, serverSignature } = await scramProof(challenge);
      assert.deepEqual([clientProof, serverSignature], [proof, signature]);
    });
  }

  it('are the same as hex in any case, never for nothing', () => {
    assert.ok(sameHex('AB01', 'ab01'));
    assert.ok(!sameHex('ab01', 'ab02'));
    assert.ok(!sameHex('ab', 'ab01'));
    assert.ok(!sameHex('', ''));
  });

  for (const padding of ['pkcs1', 'oaep'] as const) {
    it(`encrypt what is longer than the key takes, ${padding}`, () => {
      const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
      const hex = (text: string) => Buffer.from(text, 'base64url').toString('hex');
      const text = `<request>${'ä'.repeat(300)}</request>`;
      const sent = encrypted(text, { modulus: hex(n), exponent: hex(e) }, padding).toString();
      assert.equal(sent.length % 512, 0);
      const pieces = sent.match(/.{512}/g) ?? [];
      const mode = padding === 'oaep' ? constants.RSA_PKCS1_OAEP_PADDING : constants.RSA_NO_PADDING;
      const key = createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
      const plain = pieces.map((piece) => {
        const block = privateDecrypt({ key, padding: mode }, Buffer.from(piece, 'hex'));
        // 00 02, at least eight bytes that are not 0, 00, text.
        return mode === constants.RSA_NO_PADDING ? block.subarray(block.indexOf(0, 2) + 1) : block;
      });
      assert.equal(Buffer.from(Buffer.concat(plain).toString(), 'base64').toString(), text);
      assert.equal(plain[0]?.length, padding === 'oaep' ? 214 : 245);
    });
  }
});
