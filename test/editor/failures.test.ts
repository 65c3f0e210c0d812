/** Errors in the editor's language, by themselves: the catalogue is stood in for. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { buildSync } from 'esbuild';
import { errorData } from '../../nodes/shared/failure';
import { failureOf } from '../../plugins/e3272/job-book';
import type { Failure } from '../../plugins/e3272/shapes';
import { curedLike, failure, withMore } from '../../src/errors';
import { type CheckId, RULES } from '../../src/flash/rules';
import { type Said, said } from '../../src/flash/said';
import { packageRoot } from '../nodes/package-root';
import { inAddonUntil } from '../support/in-addon';

const WORDS: Readonly<Record<string, string>> = {
  'errors.PORT_BUSY/port': 'Port __path__: __holders__.',
  'cures.PORT_BUSY/port': 'Beenden (__path__).',
  'errors.STICK_GONE/left': 'Weg: __stick__.',
  'cures.STICK_GONE/left': 'Nachsehen.',
  'errors.AT_ERROR/refused': '__command__ abgelehnt: __words__.',
  'cures.AT_ERROR/refused': 'Prüfen.',
  'errors.images': '__message__ Fertig: __complete__, offen: __open__.',
  'addon.PORT_BUSY/port': 'Dem Add-on geben.',
  'errors.NO_PERMISSION/port': 'Verboten: __path__.',
  'cures.NO_PERMISSION/port': 'sudo.',
  'cures.NOT_SWITCHED/failed': 'Neu einstecken.',
  'said.plan.loader': 'Der Loader __name__ wird geladen.',
  'rules.write': 'Alles bestätigt.',
};

interface Words {
  failureWords(failure: Failure): string;
  saidWords(said: Said): string;
  ruleWords(check: { id: CheckId; rule: string }): string;
}

/** As a browser gets it, with a catalogue as i18next hands it out. */
function load(): Words {
  const entryPoints = [join(packageRoot, 'plugins/e3272/sidebar/failures.ts')];
  const { outputFiles } = buildSync({ entryPoints, bundle: true, write: false, format: 'cjs', tsconfigRaw: {} });
  const module: { exports: object } = { exports: {} };
  const RED = {
    _: (key: string, { skipInterpolation, defaultValue }: { skipInterpolation: boolean; defaultValue: string }) => {
      assert.equal(skipInterpolation, true);
      return WORDS[key.replace('@e3272/node-red/e3272:', '')] ?? defaultValue;
    },
  };
  runInContext(outputFiles[0]?.text ?? '', createContext({ module, RED }));
  return module.exports as Words;
}

describe('errors in the editor’s language', () => {
  const { failureWords, saidWords, ruleWords } = load();
  const words = async (error: Error): Promise<string> => failureWords(failureOf(await errorData(error)));

  it('are made of code, reason and params', async () => {
    const error = failure('PORT_BUSY/port', { path: '/dev/ttyUSB0', holders: ['mmcli', 'minicom'] });
    assert.equal(await words(error), 'Port /dev/ttyUSB0: mmcli, minicom. Beenden (/dev/ttyUSB0).');
    assert.match(await words(failure('PORT_BUSY/port', { path: 'x', holders: [] })), /^Port x: \?\./);
  });

  it('take values as they are, also such as look like a placeholder or a key', async () => {
    const odd = failure('PORT_BUSY/port', { path: '$t(panel.lost)', holders: ['__path__', '$&'] });
    assert.equal(await words(odd), 'Port $t(panel.lost): __path__, $&. Beenden ($t(panel.lost)).');
  });

  it('stay English as a whole where a sentence, a cure or a value is missing', async () => {
    assert.match(
      await words(failure('STICK_NOT_FOUND/none', {})),
      /^No Huawei stick is plugged in\. Plug the stick in/,
    );
    assert.match(
      await words(failure('NOT_SWITCHED/failed', { stick: '1-1', text: 'x' })),
      /^The stick at .* Unplug it/,
    );
    const refused = { command: 'AT+X', answer: 'ERROR', stick: null };
    assert.match(await words(failure('AT_ERROR/refused', { ...refused, words: null })), /^The stick refused AT\+X/);
    assert.equal(await words(failure('AT_ERROR/refused', { ...refused, words: 'so' })), 'AT+X abgelehnt: so. Prüfen.');
    assert.equal(failureWords({ code: 'BAD_ARGUMENT', message: 'No.' }), 'No.');
  });

  it('have the cure of an add-on in one, or stay English: never the usual one', async () => {
    const busy = failure('PORT_BUSY/port', { path: 'x', holders: ['y'] });
    const forbidden = failure('NO_PERMISSION/port', { path: 'x' });
    const left = failure('STICK_GONE/left', { stick: '1-1' });
    await inAddonUntil(async () => {
      assert.equal(await words(busy), 'Port x: y. Dem Add-on geben.');
      // No words for its cure there.
      assert.match(await words(forbidden), /^You are not allowed to open the port x\. .*`uart: true`/);
      assert.equal(await words(left), 'Weg: 1-1. Nachsehen.');
      assert.equal(await words(curedLike(left, busy)), 'Weg: 1-1. Nachsehen. Dem Add-on geben.');
    });
    assert.equal(await words(forbidden), 'Verboten: x. sudo.');
  });

  it('and sentences of jobs and checks, where there are words; else as they were told', () => {
    assert.equal(saidWords(said('plan.loader', { name: '__name__.bin' })), 'Der Loader __name__.bin wird geladen.');
    const { text } = said('did.godload', {});
    assert.equal(saidWords({ id: 'did.godload', params: {}, text }), text);
    assert.equal(ruleWords({ id: 'write', rule: RULES.write }), 'Alles bestätigt.');
    assert.equal(ruleWords({ id: 'file', rule: RULES.file }), RULES.file);
  });

  it('say what a later step added', async () => {
    const left = failure('STICK_GONE/left', { stick: '1-1' });
    const written = withMore(left, 'images', { complete: 'A', open: 'B' });
    assert.equal(await words(written), 'Weg: 1-1. Fertig: A, offen: B. Nachsehen.');
    // No words for that here.
    assert.match(await words(withMore(left, 'not-written', {})), /^The stick at 1-1 has left the bus\./);
    const busy = failure('PORT_BUSY/port', { path: 'x', holders: ['y'] });
    assert.equal(await words(curedLike(left, busy)), 'Weg: 1-1. Nachsehen. Beenden (x).');
    assert.match(await words(curedLike(left, failure('STICK_NOT_FOUND/none', {}))), /^The stick at 1-1/);
  });
});
