// The page of /docs: shows /openapi.json and sends requests to this server. Nothing of the document is taken for HTML.
'use strict';

let api;

// element('p', {className: 'soft'}, 'text', child...)
function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

function resolve(thing) {
  if (!thing || !thing.$ref) return thing;
  const found = thing.$ref.slice(2).split('/').reduce((place, key) => place[key], api);
  return Object.assign({}, found, thing.description ? {description: thing.description} : {});
}

function typeName(schema) {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.join(' | ');
  if (schema.anyOf) return schema.anyOf.map((one) => typeName(resolve(one))).join(' or ');
  const type = [].concat(schema.type || 'any').join(' | ');
  return schema.items ? `${type} of ${typeName(resolve(schema.items))}` : type;
}

function limits(schema) {
  const names = ['format', 'pattern', 'minLength', 'maxLength', 'minimum', 'exclusiveMinimum', 'maximum', 'minItems',
    'maxItems', 'maxProperties', 'default'];
  return names.filter((name) => schema[name] !== undefined).map((name) => `${name} ${schema[name]}`).join(', ');
}

// A value that fits the schema, as a start for an own one.
function example(given, depth = 0) {
  const schema = resolve(given);
  if (!schema || depth > 8) return null;
  if (schema.example !== undefined) return schema.example;
  if (schema.examples) return schema.examples[0];
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return example(schema.anyOf[0], depth + 1);
  const type = [].concat(schema.type)[0];
  if (type === 'object') {
    const entries = Object.entries(schema.properties || {}).map(([key, value]) => [key, example(value, depth + 1)]);
    return Object.fromEntries(entries);
  }
  if (type === 'array') return [example(schema.items, depth + 1)];
  if (type === 'integer' || type === 'number') return Math.max(schema.minimum > -1e300 ? schema.minimum : 0, 0);
  return type === 'boolean' ? false : '';
}

function row(...cells) {
  return element('tr', {}, ...cells.map((cell) => element('td', {}, cell)));
}

function describe(schema, title) {
  const body = element('tbody');
  for (const [key, value] of Object.entries(schema.properties || {})) {
    const property = resolve(value);
    const required = (schema.required || []).includes(key) ? ' *' : '';
    body.append(row(element('code', {}, key + required), typeName(property), limits(property),
      property.description || ''));
  }
  return element('details', {}, element('summary', {}, element('code', {}, title)),
    element('p', {className: 'soft'}, [schema.description, schema.properties ? '' : typeName(schema), limits(schema)]
      .filter(Boolean).join(' - ')), element('table', {}, body));
}

function mediaOf(thing) {
  return Object.entries((thing && thing.content) || {})[0] || [];
}

function answers(operation) {
  const body = element('tbody');
  for (const [status, given] of Object.entries(operation.responses)) {
    const response = resolve(given);
    const [type, media] = mediaOf(response);
    const name = media && media.schema && media.schema.$ref ? media.schema.$ref.split('/').pop() : '';
    body.append(row(element('code', {}, status), response.description, type || '', name));
  }
  return element('details', {}, element('summary', {}, 'Answers'), element('table', {}, body));
}

async function send(method, path, fields, bodyField, shown) {
  const query = new URLSearchParams();
  const headers = {};
  let target = path;
  for (const {parameter, input} of fields) {
    if (parameter.in === 'path') target = target.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    else if (input.value && parameter.in === 'query') query.set(parameter.name, input.value);
    else if (input.value && parameter.in === 'header') headers[parameter.name] = input.value;
  }
  const token = document.getElementById('token').value;
  if (token) headers.Authorization = `Bearer ${token}`;
  const body = bodyField && bodyField.value ? bodyField.value : undefined;
  if (body) headers['Content-Type'] = 'application/json';
  if (query.size) target += `?${query}`;
  const begun = performance.now();
  try {
    const answer = await fetch(target, {method: method.toUpperCase(), headers, body});
    const text = await answer.text();
    const kind = answer.headers.get('Content-Type') || '';
    const told = /json/.test(kind) ? JSON.stringify(JSON.parse(text), null, 2) : text;
    const time = (performance.now() - begun).toFixed(1);
    shown.textContent = `${answer.status} ${answer.statusText}, ${kind}, ${time} ms\n\n${told.slice(0, 100000)}`;
  } catch (error) {
    shown.textContent = String(error);
  }
}

function tryIt(method, path, operation, parameters) {
  const fields = parameters.map((parameter) => ({
    parameter,
    input: element('input', {placeholder: limits(resolve(parameter.schema)), ariaLabel: parameter.name}),
  }));
  const table = element('tbody', {}, ...fields.map(({parameter, input}) => row(
    element('code', {}, parameter.name + (parameter.required ? ' *' : '')), parameter.in, parameter.description || '',
    input)));
  const [, media] = mediaOf(operation.requestBody);
  const start = media && (media.example !== undefined ? media.example : example(media.schema));
  const bodyField = media ? element('textarea', {value: JSON.stringify(start, null, 2), ariaLabel: 'body'}) : null;
  const schema = media && media.schema.$ref ? element('p', {className: 'soft'}, 'Body: ', media.schema.$ref.split('/').pop())
    : null;
  const shown = element('pre', {hidden: true});
  const button = element('button', {type: 'button'}, 'Send');
  button.addEventListener('click', () => {
    shown.hidden = false;
    shown.textContent = '...';
    send(method, path, fields, bodyField, shown);
  });
  return element('div', {}, element('table', {}, table), schema, bodyField, element('p', {}, button), shown);
}

function operationOf(path, method, operation) {
  const parameters = (operation.parameters || []).map(resolve);
  const role = operation['x-role'] ? element('span', {className: 'role'}, operation['x-role']) : null;
  const heading = element('summary', {}, role, element('span', {className: 'method'}, method.toUpperCase()),
    element('code', {className: 'path'}, path), operation.summary || '');
  const text = operation.description ? element('p', {}, operation.description) : null;
  return element('details', {id: operation.operationId}, heading, text, tryIt(method, path, operation, parameters),
    answers(operation));
}

function show(page) {
  page.replaceChildren(element('h1', {}, `${api.info.title} ${api.info.version}`), element('p', {}, api.info.summary),
    element('p', {className: 'soft'}, api.info.description),
    element('label', {}, 'Token ', element('input', {id: 'token', type: 'password', autocomplete: 'off',
      placeholder: 'needed where a role is named'})));
  for (const tag of api.tags) {
    page.append(element('h2', {}, tag.name), element('p', {className: 'soft'}, tag.description));
    for (const [path, methods] of Object.entries(api.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        if (operation.tags.includes(tag.name)) page.append(operationOf(path, method, operation));
      }
    }
  }
  page.append(element('h2', {}, 'schemas'),
    ...Object.entries(api.components.schemas).map(([name, schema]) => describe(schema, name)));
}

fetch('/openapi.json').then((answer) => answer.json()).then((read) => {
  api = read;
  show(document.getElementById('page'));
}).catch((error) => {
  document.getElementById('page').textContent = `/openapi.json could not be read: ${error}`;
});
