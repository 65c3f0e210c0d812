import assert from 'node:assert/strict';
import { redact, redactError } from '../src/at/redact';
import { hideUrlSecrets, shownCause, shownName } from '../src/urls';

/** What people give as a file; each holds `secret`, and is shown like this. */
const NAMES: [given: string, shown: string][] = [
  ['https://user:secret@host/fw.bin', 'https://***@host/fw.bin'],
  ['HTTPS://USER:secret@HOST/fw.bin', 'HTTPS://***@HOST/fw.bin'],
  ['ftp://user:secret@host/fw.bin', 'ftp://***@host/fw.bin'],
  ['FTP://secret@host/fw.bin', 'FTP://***@host/fw.bin'],
  ['sftp://user:secret@host:22/fw.bin', 'sftp://***@host:22/fw.bin'],
  ['smb://domain;user:secret@host/share', 'smb://***@host/share'],
  ['https:/user:secret@host/fw.bin', 'https:/***@host/fw.bin'],
  ['https:///user:secret@host/fw.bin', 'https:///***@host/fw.bin'],
  ['https:user:secret@host/fw.bin', '***@host/fw.bin'],
  ['https:\\\\user:secret@host\\fw.bin', 'https:\\\\***@host\\fw.bin'],
  ['//user:secret@host/fw.bin', '//***@host/fw.bin'],
  ['//secret@host/fw.bin', '//***@host/fw.bin'],
  ['user:secret@host/fw.bin', '***@host/fw.bin'],
  ['secret:x-oauth-basic@host/fw.bin', '***@host/fw.bin'],
  ['ftp://user:p@secret@host/fw.bin', 'ftp://***@host/fw.bin'],
  ['ftp://user:p/secret@host/fw.bin', 'ftp://***@host/fw.bin'],
  ['ftp://user:p?secret@host/fw.bin', 'ftp://***@host/fw.bin'],
  ['ftp://user:p#secret@host/fw.bin', 'ftp://***@host/fw.bin'],
  ['ftp://user:secret@host:21/a@b.bin', 'ftp://***@host:21/a@b.bin'],
  ['ftp://a secret@host/a@b.bin', 'ftp://***@host/a@b.bin'],
  ['ftp://user:a secret@host/fw.bin', 'ftp://***@host/fw.bin'],
  ['ftp://user:a\nsecret@host/fw.bin', 'ftp://***@host/fw.bin'],
  ['ftp://[::1]/user:secret@host', 'ftp://[::1]/***@host'],
  ['https://user%3Asecret@host/fw.bin', 'https://***@host/fw.bin'],
  ['https://user:secret%40host/fw.bin', 'https://***@host/fw.bin'],
  ['ftp%3A%2F%2Fuser%3Asecret%40host%2Ffw.bin', 'ftp://***@host/fw.bin'],
  ['ftp%253A%252F%252Fuser%253Asecret%2540host', 'ftp://***@host'],
  ['ftp://host/%ff/x%3Ftoken=secret', 'ftp://host/%ff/x'],
  ['https://host/fw.bin?token=secret', 'https://host/fw.bin'],
  ['https://host/fw.bin?X-Amz-Credential=a&X-Amz-Signature=secret#sha256=00', 'https://host/fw.bin'],
  ['https://host/fw.bin#access_token=secret', 'https://host/fw.bin'],
  ['ftp://host/fw.bin?secret', 'ftp://host/fw.bin'],
  ['host/fw.bin?token=secret', 'host/fw.bin?***'],
  ['fw.bin?X-Amz-Signature=secret', 'fw.bin?***'],
  ['host/fw.bin%3Ftoken%3Dsecret', 'host/fw.bin?***'],
  ['/home/me/https:/user:secret@host/fw.bin', '/home/me/https:/***@host/fw.bin'],
];

const PLAIN = [
  'fw.bin',
  './a folder/fw 2.bin',
  '/home/me/@scope/fw@2.bin',
  'C:\\Users\\me@work\\fw.bin',
  'name@2x.bin',
  '100%.bin',
  'a%20b.bin',
  'https://host:8443/@scope/fw.bin',
  'http://[::1]:8080/fw.bin',
  'file:///tmp/fw.bin',
  'ftp://host/fw.bin;type=i',
  'E3272s_Update_21.420.99.07.00.BIN',
];

describe('URLs as people see them', () => {
  it('have no password and no token, however they are written', () => {
    for (const [given, shown] of NAMES) assert.equal(shownName(given), shown, given);
  });

  it('are shown as they are where there is nothing to hide', () => {
    for (const name of PLAIN) assert.equal(shownName(name), name);
  });

  it('have none in the middle of a sentence either, in its error, and in the causes of that', () => {
    for (const [given] of NAMES) {
      // Blanks, slashes and the like end a URL where nobody knows where it begins.
      if (/[ \n]|p[/?#]secret|\[::1\]/.test(given)) continue;
      for (const text of [`There is no file ${given}.`, `open '${given}'`, `{"name":"${given}","size":1}`]) {
        assert.ok(!redact(text).includes('secret'), `${text} -> ${redact(text)}`);
        assert.equal(redact(redact(text)), redact(text));
      }
      const error = redactError(new Error('no', { cause: new Error(`ENOENT: stat '${given}'`) }));
      assert.ok(!(error.cause as Error).message.includes('secret'), given);
    }
    assert.equal(redact('Is a%20b.bin there? 100%25.'), 'Is a%20b.bin there? 100%25.');
    const text = 'Fetched ftp://u:p@h/a.bin and https://h/b.bin?x=1#sha256=ab, not c@d.';
    assert.equal(redact(text), 'Fetched ftp://***@h/a.bin and https://h/b.bin?***#*** not c@d.');
  });

  it('keep in a sentence the sum that proves the file', () => {
    const text = `Give https://host/fw.bin#sha256=${'0f'.repeat(32)} instead.`;
    assert.equal(redact(text), text);
  });

  it('cost no more than their length, also where they are long and odd', () => {
    const began = process.cpuUsage();
    for (const piece of ['a', 'a:', 'a@', 'a%', '/', 'a?', 'x:/']) hideUrlSecrets(`${piece.repeat(100_000)}@?#%`);
    const { user } = process.cpuUsage(began);
    assert.ok(user < 5_000_000, `${user} us`);
  });

  it('leave of the system error on such a path its code and number alone', () => {
    const cause = Object.assign(new Error("ENOENT: stat 'ftp:/u:secret@h'"), {
      code: 'ENOENT',
      errno: -2,
      path: 'ftp:/u:secret@h',
    });
    assert.equal(shownCause('fw.bin', cause), cause);
    const shown = shownCause('ftp://u:secret@h', cause);
    assert.ok(shown instanceof Error && !('path' in shown));
    assert.deepEqual({ ...shown }, { code: 'ENOENT', errno: -2, syscall: undefined });
    assert.equal(shown.message, 'ENOENT');
    assert.equal(shownCause('ftp://u:secret@h', 'odd'), 'odd');
  });
});
