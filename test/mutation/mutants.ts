/** Small changes to a compiled file, each of which some test should notice. */

import { type Node, parse } from 'acorn';

export interface Mutant {
  /** Offsets in the compiled text. */
  start: number;
  end: number;
  text: string;
  /** What was done, for people. */
  what: string;
}

type Tree = Node & Record<string, unknown>;

const OPPOSITES: Readonly<Record<string, readonly string[]>> = {
  '===': ['!=='],
  '!==': ['==='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '&&': ['||'],
  '||': ['&&'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '%': ['*'],
  '&': ['|'],
  '|': ['&'],
  '<<': ['>>'],
  '>>': ['<<'],
  '>>>': ['<<'],
};

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && typeof (value as Tree).type === 'string';

/** Texts for people are no behaviour: what makes them is left alone, and so is what the compiler adds. */
function isText(node: Tree): boolean {
  if (node.type === 'TemplateLiteral' || node['operator'] === 'void') return true;
  const callee = node['callee'];
  if (node.type === 'NewExpression' && isTree(callee)) return /Error$/.test(nameOf(callee));
  // `(0, module.name)(...)`, the compiler's way to call what was imported.
  return node.type === 'SequenceExpression';
}

const nameOf = (node: Tree): string => {
  const property = node['property'];
  return String(node['name'] ?? (isTree(property) ? property['name'] : ''));
};

/** `source`: what the compiler made of one module. */
export function mutantsOf(source: string): Mutant[] {
  const found: Mutant[] = [];
  const text = ({ start, end }: Node) => source.slice(start, end);
  const replace = (node: Node, by: string, what: string) =>
    found.push({ start: node.start, end: node.end, text: by, what });

  const visit = (node: Tree): void => {
    if (isText(node)) return;
    const [left, right, test, argument] = ['left', 'right', 'test', 'argument'].map((key) => node[key]);
    switch (node.type) {
      case 'BinaryExpression':
      case 'LogicalExpression':
        if (isTree(left) && isTree(right)) operators(node, left, right);
        break;
      case 'IfStatement':
      case 'ConditionalExpression':
      case 'WhileStatement':
        if (isTree(test)) for (const to of ['true', 'false']) replace(test, to, `${text(test)} is ${to}`);
        break;
      case 'UnaryExpression':
        if (node['operator'] === '!' && isTree(argument)) replace(node, text(argument), `${text(node)} without !`);
        break;
      case 'ExpressionStatement':
      case 'ThrowStatement':
        if (!/^(?:"use strict"|Object\.defineProperty\(exports|exports\.\w+ = )/.test(text(node))) {
          replace(node, ';', `without: ${text(node)}`);
        }
        break;
      case 'Literal':
        if (typeof node['value'] === 'number') replace(node, `(${text(node)} + 1)`, `${text(node)} + 1`);
        break;
      case 'ArrayExpression':
        elements(node);
        break;
    }
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isTree(child)) visit(child);
    }
  };

  function operators(node: Tree, left: Tree, right: Tree): void {
    const operator = String(node['operator']);
    const from = source.indexOf(operator, left.end);
    for (const other of OPPOSITES[operator] ?? []) {
      const what = `${text(node)}: ${other} instead of ${operator}`;
      found.push({ start: from, end: from + operator.length, text: other, what });
    }
    if (operator === '??') replace(node, text(left), `${text(node)}: without ?? ${text(right)}`);
  }

  /** A row that is missing in a table. */
  function elements(node: Tree): void {
    const list = node['elements'];
    if (!Array.isArray(list) || list.length < 2) return;
    const rows = list.filter(isTree);
    rows.forEach((row, i) => {
      const next = rows[i + 1];
      const end = next ? next.start : row.end;
      found.push({ start: row.start, end, text: '', what: `without the element ${text(row)}` });
    });
  }

  visit(parse(source, { ecmaVersion: 'latest', sourceType: 'commonjs' as 'script' }) as unknown as Tree);
  return found;
}
