import assert from 'node:assert/strict';
import { type Page, writeOutRows } from '../../scripts/rows';

const page = (html: string, ...properties: string[]): Page => ({ html, config: false, properties });

describe('rows of the dialogs', () => {
  it('are written out, each with its label, and indented as they stood', () => {
    const html = '<form>\n  <row for="time" kind="amount" icon="clock-o" unit="label.seconds"/>\n</form>\n';
    assert.equal(
      writeOutRows(page(html, 'time')),
      [
        '<form>',
        '  <div class="form-row" style="display:flex; align-items:center; gap:4px">',
        '    <label for="node-input-time" style="flex:none"><i class="fa fa-clock-o"></i> <span data-i18n="label.time"></span></label>',
        '    <input type="text" id="node-input-time" style="flex:none; width:70px">',
        '    <span data-i18n="label.seconds"></span>',
        '  </div>',
        '</form>\n',
      ].join('\n'),
    );
  });

  it('of a config node have its ids, and offer what there is to select', () => {
    const html = '<row for="space" kind="select" label="label.end" options="auto never" words="ends"/>';
    const written = writeOutRows({ ...page(html, 'space'), config: true });
    assert.match(written, /<select id="node-config-input-space"/);
    assert.match(written, /<span data-i18n="label\.end">/);
    assert.match(
      written,
      /<option value="auto" data-i18n="ends\.auto">.*<option value="never" data-i18n="ends\.never">/s,
    );
  });

  it('that are the same in all dialogs say only what they are for', () => {
    const written = writeOutRows(page('<row for="name"/>\n<row for="stick"/>', 'name', 'stick'));
    assert.match(written, /data-i18n="\[placeholder\]node-red:common\.label\.name"/);
    assert.match(written, /fa-usb.*label\.stick.*id="node-input-stick"/s);
  });

  const all = [
    '<row for="a" kind="lines"/>',
    '<row for="b" kind="typed"/>',
    '<row for="c" kind="choice" button="look" title="label.look"/>',
    '<row for="d" kind="check"/>',
    '<row for="e" kind="box"/>',
    '<input id="node-input-secret" type="password">',
  ].join('\n');

  it('of all kinds edit their property, and a password none', () => {
    const written = writeOutRows(page(all, 'a', 'b', 'bType', 'c', 'd', 'e'));
    for (const id of ['a', 'b', 'c', 'd', 'e']) assert.match(written, new RegExp(`<label for="node-input-${id}"`));
  });

  const wrong: Readonly<Record<string, [page: Page, told: RegExp]>> = {
    'for a property that the node has not': [page('<row for="tiem"/>', 'time'), /no property tiem/],
    'that are missing': [page('<row for="a"/>', 'a', 'b'), /Nothing edits the property b/],
    'by hand, for a property that the node has not': [page('<input id="node-input-b">', 'a'), /no property b/],
    'of no kind': [page('<row for="a" kind="amuont"/>', 'a'), /no kind of row amuont/],
    'with an attribute that none has': [page('<row for="a" icno="tag"/>', 'a'), /no attribute icno/],
    'for nothing': [page('<row kind="check"/>'), /says not which property/],
    'that are not closed': [page('<row for="a">', 'a'), /not closed/],
  };
  for (const [what, [given, told]] of Object.entries(wrong)) {
    it(`are refused ${what}`, () => {
      assert.throws(() => writeOutRows(given), told);
    });
  }
});
