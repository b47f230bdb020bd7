'use strict';
// Shows /openapi.json. Everything is set as text: nothing of the document is taken for markup.

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function resolve(root, value) {
  if (!value || !value.$ref) return value;
  return value.$ref.slice(2).split('/').reduce((at, step) => at && at[step], root);
}

// A schema in a few words: "text", "[Person]", "date or null".
function words(schema) {
  if (!schema) return '';
  if (schema.$ref) return schema.$ref.split('/').pop();
  if (schema.oneOf) return schema.oneOf.map(words).join(' or ');
  if (schema.enum) return schema.enum.filter((one) => one !== null).join(' | ');
  const types = [].concat(schema.type || 'any');
  return types.map((type) => {
    if (type === 'array') return '[' + words(schema.items) + ']';
    if (type === 'object' && schema.additionalProperties) return '{' + words(schema.additionalProperties) + '}';
    return type === 'string' && schema.format ? schema.format : type;
  }).join(' or ');
}

function table(rows) {
  const made = element('table');
  for (const row of rows) {
    const line = made.appendChild(element('tr'));
    row.forEach((cell, index) => line.appendChild(element(index === 0 ? 'th' : 'td', cell)));
  }
  return made;
}

function members(root, schema, depth) {
  const found = resolve(root, schema);
  const rows = [];
  if (!found || !found.properties) return rows;
  for (const [name, inner] of Object.entries(found.properties)) {
    rows.push(['\u2003'.repeat(depth) + name, words(inner), (found.required || []).includes(name) ? 'always' : '']);
    const below = inner.items || inner;
    if (depth < 2) rows.push(...members(root, below.oneOf ? below.oneOf[0] : below, depth + 1));
  }
  return rows;
}

function showSchema(root, parent, title, schema) {
  const rows = members(root, schema, 0);
  parent.appendChild(element('h4', title + (schema && schema.$ref ? ': ' + words(schema) : '')));
  if (rows.length) parent.appendChild(table(rows));
}

function showOperation(root, path, method, operation) {
  const box = element('details', undefined, 'operation');
  box.dataset.text = (method + ' ' + path + ' ' + operation.operationId + ' ' + operation.description).toLowerCase();
  const head = box.appendChild(element('summary'));
  head.appendChild(element('code', method.toUpperCase(), 'method ' + method));
  head.appendChild(element('code', path));
  head.appendChild(element('span', operation.summary));
  box.appendChild(element('p', operation.description));
  const parameters = (operation.parameters || []).map((one) => resolve(root, one));
  if (parameters.length) {
    box.appendChild(element('h4', 'Parameters'));
    box.appendChild(table(parameters.map((one) => [one.name, one.in, words(one.schema), one.required ? 'needed' : '', one.description || ''])));
  }
  const body = operation.requestBody && operation.requestBody.content;
  for (const [type, content] of Object.entries(body || {})) {
    showSchema(root, box, 'Body (' + type + ')', content.schema);
    if (content.example !== undefined) box.appendChild(element('pre', JSON.stringify(content.example, null, 2)));
  }
  for (const [status, said] of Object.entries(operation.responses)) {
    if (said.$ref) continue;
    const contents = Object.entries(said.content || {});
    if (!contents.length) box.appendChild(element('h4', status + ' ' + said.description));
    for (const [type, content] of contents) showSchema(root, box, status + ' ' + said.description + ' (' + type + ')', content.schema);
  }
  return box;
}

function show(root) {
  document.getElementById('title').textContent = root.info.title + ' ' + root.info.version;
  document.getElementById('about').textContent = root.info.description;
  const main = document.getElementById('operations'), nav = document.getElementById('tags');
  main.textContent = '';
  for (const tag of root.tags) {
    const section = main.appendChild(element('section'));
    section.id = tag.name;
    section.appendChild(element('h2', tag.name));
    section.appendChild(element('p', tag.description));
    for (const [path, item] of Object.entries(root.paths))
      for (const [method, operation] of Object.entries(item))
        if (operation.tags.includes(tag.name)) section.appendChild(showOperation(root, path, method, operation));
    const link = nav.appendChild(element('a', tag.name));
    link.href = '#' + tag.name;
  }
  document.getElementById('find').addEventListener('input', (event) => {
    const wanted = event.target.value.toLowerCase();
    for (const box of main.querySelectorAll('.operation')) box.hidden = !box.dataset.text.includes(wanted);
  });
}

fetch('/openapi.json').then((answer) => answer.json()).then(show).catch((error) => {
  document.getElementById('operations').textContent = 'The description could not be loaded: ' + error;
});
