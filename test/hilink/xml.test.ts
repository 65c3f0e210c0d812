import assert from 'node:assert/strict';
import { DriverError } from '../../src/errors';
import { type Element, readTree } from '../../src/hilink/xml';

const plain = ({ name, text, children }: Element): unknown =>
  children.length > 0 ? [name, children.map(plain)] : [name, text];

const refused = (text: string, why: RegExp) =>
  assert.throws(
    () => readTree(text),
    (error: unknown) => error instanceof DriverError && error.code === 'HILINK_ERROR' && why.test(error.message),
    text.slice(0, 60),
  );

describe('hilink: XML', () => {
  it('keeps names, order, blanks and what stands there twice', () => {
    const tree = readTree(
      '<?xml version="1.0"?>\r\n<response>\n<B> x </B><a/><C a="1">\n<B>1</B><B>2</B></C></response>\n',
    );
    assert.deepEqual(plain(tree), [
      'response',
      [
        ['B', ' x '],
        ['a', ''],
        [
          'C',
          [
            ['B', '1'],
            ['B', '2'],
          ],
        ],
      ],
    ]);
  });

  it('knows five entities, numbers and CDATA', () => {
    const inner =
      '&amp;lt; &lt;&gt;&quot;&apos; &#40;&#x2F; &#xD83D;&#xDE00; &#0;&#27;[ &#xD83D; <![CDATA[&amp; <b>]]>';
    assert.deepEqual(plain(readTree(`<r>${inner}</r>`)), ['r', '&lt; <>"\' (/ 😀 [ \ufffd &amp; <b>']);
  });

  it('takes what can be no markup as text, and looks at no prefix', () => {
    assert.deepEqual(plain(readTree('<r><a><-120dBm</a><b>AT&T & &; 1 < 2 &x y</b></r>')), [
      'r',
      [
        ['a', '<-120dBm'],
        ['b', 'AT&T & &; 1 < 2 &x y'],
      ],
    ]);
    assert.deepEqual(plain(readTree('<h:r xmlns:h="urn:x"><h:a t="<!--">1<!-- x -->2</h:a></h:r>')), [
      'r',
      [['a', '12']],
    ]);
    assert.deepEqual(plain(readTree('<r><![CDATA[1 < 2 & &amp;]]></r>')), ['r', '1 < 2 & &amp;']);
  });

  it('is not made longer without end by what is no markup', () => {
    refused(`<r>${'&'.repeat(5_000)}</r>`, /no whole XML/);
    refused(`<r>${'< '.repeat(5_000)}</r>`, /no whole XML/);
    assert.equal(readTree(`<r>${'&'.repeat(1_000)}</r>`).text.length, 1_000);
  });

  it('twice the same is that', () => {
    for (const between of ['', '\n', '\n\n']) {
      assert.deepEqual(plain(readTree(`<r><a>1</a></r>${between}<r><a>1</a></r>`)), ['r', [['a', '1']]]);
    }
    refused('<r><a>1</a></r><r><a>2</a></r>', /no whole XML/);
  });

  it('is refused as a whole when it is not whole', () => {
    refused('', /empty/);
    refused(' \n', /empty/);
    for (const text of ['<r><a>1</b></r>', '<r><a>1</a>', '<r', 'junk<r/>', '<r/>junk', '<r><a>1']) {
      refused(text, /no whole XML/);
    }
    for (const text of ['<r>a <b</r>', '<r><b & c></r>', '<r>x</r><r>1 < 2</r>']) refused(text, /no whole XML/);
    // Nothing of a message gets into the words.
    refused('<r>\n<a>love <you & me</a></r>', /^The answer of the stick is no whole XML: see its line 2\.$/);
    refused('<!DOCTYPE html><html></html>', /web page/);
    refused('<html><body>x</body></html>', /web page/);
  });

  it('with entities of its own, endless depth or names that mean more to JavaScript is refused', () => {
    const bomb = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><r>&b;&b;&b;&b;</r>';
    refused(bomb, /document type/);
    refused('<?xml version="1.0"?><!doctype r SYSTEM "file:///etc/passwd"><r>&x;</r>', /document type/);
    refused(`${'<a>'.repeat(50_000)}${'</a>'.repeat(50_000)}`, /no whole XML/);
    refused('<r><__proto__><x>1</x></__proto__></r>', /no whole XML/);
  });

  it('may be JSON, of the newest firmware', () => {
    assert.deepEqual(plain(readTree('{"rsrp":"-89dBm","list":{"item":["1",2]},"none":null}')), [
      'response',
      [
        ['rsrp', '-89dBm'],
        [
          'list',
          [
            ['item', '1'],
            ['item', '2'],
          ],
        ],
        ['none', ''],
      ],
    ]);
    assert.equal(readTree('{"error":{"code":"100003"}}').name, 'error');
    assert.equal(readTree('{"errorCode":100003}').name, 'error');
    refused('{"rsrp":"-8', /no whole JSON/);
  });
});
