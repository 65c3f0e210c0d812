/** A certificate authority that is made for a test, and what it has signed for the loopback. */

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificates {
  /** Files, PEM. */
  ca: string;
  cert: string;
  key: string;
}

/** In `folder`, under `name`. Needs openssl. */
export function makeCertificates(folder: string, name: string): Certificates {
  const at = (file: string): string => join(folder, `${name}-${file}`);
  const openssl = (...words: string[]) => execFileSync('openssl', words, { stdio: 'ignore' });
  const fresh = ['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const [ca, caKey, cert] = [at('ca.pem'), at('ca.key'), at('cert.pem')];
  const [key, request, names] = [at('key.pem'), at('csr'), at('names')];
  openssl(...fresh, '-x509', '-days', '2', '-subj', `/CN=${name}`, '-keyout', caKey, '-out', ca);
  openssl(...fresh, '-subj', '/CN=localhost', '-keyout', key, '-out', request);
  writeFileSync(names, 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  const sign = ['x509', '-req', '-in', request, '-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-days', '2'];
  openssl(...sign, '-extfile', names, '-out', cert);
  return { ca, cert, key };
}
