import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PIN_MOVES } from '../../editor/pin-drawing';
import { writeOutDrawings } from '../../scripts/help-pictures';

/** As Node-RED loads it. */
const built = (type: string) =>
  readFileSync(join(__dirname, '../../nodes', type, 'locales/en-US', `${type}.html`), 'utf8');

describe('pictures of the help', () => {
  it('are drawn in the help of the nodes, small, in the colour of the text', () => {
    for (const type of ['flash', 'at', 'status', 'sms-in', 'sms-out', 'modeswitch']) {
      const help = built(`e3272-${type}`);
      const pictures = help.match(/<svg.*?<\/svg>/g) ?? [];
      assert.equal(pictures.length, type === 'flash' ? 2 : 1, type);
      for (const picture of pictures) {
        assert.match(picture, /^<svg role="img" aria-label="[^"]{20,}"/);
        assert.ok(picture.length < 30_000);
        assert.doesNotMatch(picture, /#[0-9a-f]{3,6}|rgb/i);
      }
      assert.doesNotMatch(help, /<drawing/);
    }
  });

  it('show the boot pin as the assistant does', () => {
    const help = built('e3272-flash');
    for (const { d } of PIN_MOVES.flat()) if (typeof d === 'string') assert.ok(help.includes(`d="${d}"`), d);
  });

  it('show a flow: what starts it, the node, and what is behind each output', () => {
    const drawn = writeOutDrawings('<drawing of="flow" from="a" node="b" to="one: c; two: d" says="a starts b"/>');
    assert.deepEqual(
      [...drawn.matchAll(/>([^<]+)<\/text>/g)].map(([, word]) => word),
      ['a', 'b', 'c', 'one', 'd', 'two'],
    );
    assert.equal((drawn.match(/<rect/g) ?? []).length, 4);
    assert.equal(
      (writeOutDrawings('<drawing of="flow" node="b" to="one: c" says="b"/>').match(/<rect/g) ?? []).length,
      2,
    );
  });

  it('are refused without words, and where there is none', () => {
    assert.throws(() => writeOutDrawings('<drawing of="flow" node="b" to="c: d"/>'), /needs words/);
    assert.throws(() => writeOutDrawings('<drawing of="cat" says="a cat"/>'), /no drawing of cat/);
    assert.throws(() => writeOutDrawings('<drawing of="flow">'), /not closed/);
  });
});
