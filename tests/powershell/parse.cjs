// usage: node parse.cjs GRAMMAR-DIRECTORY FILE...
//
// Parses PowerShell scripts by the grammar and writes what was found as JSON, a list with an object for each file:
//   errors       "LINE:COLUMN: TEXT" of every place that is not PowerShell
//   commands     {name, parameters} of every command, in order; parameters with their dash, splatted tables as "@NAME"
//   assignments  variable → text of its value, as it is in the source, of each first assignment at the top level
//   keys         splatted table → names of its keys, wherever they are set
'use strict';
const fs = require('fs');
const path = require('path');

// Calls visit with every node below one; it says whether to go on below that.
function walk(node, visit) {
  if (visit(node)) {
    node.children.forEach((child) => walk(child, visit));
  }
}

function findErrors(root) {
  const errors = [];
  walk(root, (node) => {
    if (node.isError || node.isMissing) {
      const { row, column } = node.startPosition;
      errors.push(`${row + 1}:${column + 1}: ${node.isMissing ? 'missing ' + node.type : node.text.split('\n')[0]}`);
      return false;
    }
    return node.hasError;
  });
  return errors;
}

// Nodes of a kind below one, less those that are below another of another kind.
function below(node, kind, other) {
  const hidden = node.descendantsOfType(other).filter((inner) => !inner.equals(node));
  const isHidden = (part) =>
    hidden.some((inner) => inner.startIndex <= part.startIndex && part.endIndex <= inner.endIndex);
  return node.descendantsOfType(kind).filter((part) => !isHidden(part));
}

function findCommands(root) {
  return root.descendantsOfType('command').map((node) => ({
    name: (node.childForFieldName('command_name') || node.namedChildren[0]).text,
    parameters: [
      ...below(node, 'command_parameter', 'command').map((part) => part.text),
      ...below(node, 'variable', 'command').map((part) => part.text).filter((text) => text.startsWith('@')),
    ],
  }));
}

function findAssignments(root) {
  const assignments = {};
  const keys = {};
  root.descendantsOfType('assignment_expression').forEach((node) => {
    const left = node.namedChildren[0].text;
    const right = node.childForFieldName('value') || node.namedChildren[node.namedChildCount - 1];
    const member = /^\$(\w+)\['(\w+)'\]$/.exec(left);
    const name = member ? member[1] : left.slice(1);
    keys[name] = keys[name] || [];
    if (member) {
      keys[name].push(member[2]);
    } else if (!(name in assignments)) {
      assignments[name] = right.text;
    }
    if (right.text.startsWith('@{')) {
      keys[name].push(...right.descendantsOfType('key_expression').map((part) => part.text));
    }
  });
  return { assignments, keys };
}

async function main(grammar, files) {
  const { Parser, Language } = require(path.join(grammar, 'web-tree-sitter', 'web-tree-sitter.cjs'));
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(
    await Language.load(path.join(grammar, 'tree-sitter-powershell', 'tree-sitter-powershell.wasm')),
  );
  const found = files.map((file) => {
    const root = parser.parse(fs.readFileSync(file, 'ascii')).rootNode;
    return { errors: findErrors(root), commands: findCommands(root), ...findAssignments(root) };
  });
  process.stdout.write(JSON.stringify(found, null, 1) + '\n');
}

main(path.resolve(process.argv[2]), process.argv.slice(3)).catch((error) => {
  process.stderr.write(`parse: ${error.stack}\n`);
  process.exit(1);
});
