type Obj = Record<string, unknown>

/**
 * What Slack would say against blocks or a view, by the limits and required members it documents.
 * https://docs.slack.dev/reference/block-kit/blocks
 */
export function blockProblems(blocks: unknown, most = 50): readonly string[] {
  if (!Array.isArray(blocks) || blocks.length === 0) return ['blocks must be a list']
  const found = blocks.flatMap((block: unknown, i) =>
    problemsOf(block).map((problem) => `blocks[${i}]: ${problem}`),
  )
  if (blocks.length > most) found.push(`more than ${most} blocks`)
  const ids = blocks.flatMap((block: Obj) =>
    block['block_id'] === undefined ? [] : [block['block_id']],
  )
  if (new Set(ids).size !== ids.length) found.push('block_id twice')
  return found
}

export function viewProblems(view: unknown): readonly string[] {
  if (!isObject(view) || view['type'] !== 'modal') return ['view must be a modal']
  return [
    ...unknown(view, [
      'type',
      'callback_id',
      'private_metadata',
      'title',
      'submit',
      'close',
      'blocks',
    ]),
    ...text(view['title'], ['plain_text'], 24),
    ...text(view['submit'], ['plain_text'], 24),
    ...text(view['close'], ['plain_text'], 24),
    ...size(view['callback_id'], 255),
    ...size(view['private_metadata'], 3000),
    ...blockProblems(view['blocks'], 100),
  ]
}

function problemsOf(block: unknown): readonly string[] {
  if (!isObject(block)) return ['no object']
  const id = block['block_id'] === undefined ? [] : size(block['block_id'], 255)
  const members = (...names: readonly string[]) => [
    ...id,
    ...unknown(block, ['type', 'block_id', ...names]),
  ]
  switch (block['type']) {
    case 'header':
      return [...members('text'), ...text(block['text'], ['plain_text'], 150)]
    case 'section':
      return [...members('text'), ...text(block['text'], ['plain_text', 'mrkdwn'], 3000)]
    case 'context':
      return [
        ...members('elements'),
        ...list(block['elements'], 10, (each) => text(each, ['plain_text', 'mrkdwn'], 3000)),
      ]
    case 'actions':
      return [...members('elements'), ...list(block['elements'], 25, button)]
    case 'input':
      return [
        ...members('label', 'element'),
        ...text(block['label'], ['plain_text'], 2000),
        ...input(block['element']),
      ]
    case 'rich_text':
      return [...members('elements'), ...list(block['elements'], 100, richText)]
    default:
      return [`unknown type ${String(block['type'])}`]
  }
}

function button(element: unknown): readonly string[] {
  if (!isObject(element) || element['type'] !== 'button') return ['no button']
  const { confirm, style } = element
  return [
    ...unknown(element, ['type', 'action_id', 'style', 'text', 'value', 'confirm']),
    ...text(element['text'], ['plain_text'], 75),
    ...size(element['action_id'], 255),
    ...size(element['value'], 2000),
    ...(style === undefined || style === 'primary' || style === 'danger' ? [] : ['style']),
    ...(confirm === undefined ? [] : confirmation(confirm)),
  ]
}

function confirmation(confirm: unknown): readonly string[] {
  if (!isObject(confirm)) return ['no confirm']
  return [
    ...unknown(confirm, ['title', 'text', 'confirm', 'deny', 'style']),
    ...text(confirm['title'], ['plain_text'], 100),
    ...text(confirm['text'], ['plain_text'], 300),
    ...text(confirm['confirm'], ['plain_text'], 30),
    ...text(confirm['deny'], ['plain_text'], 30),
  ]
}

function input(element: unknown): readonly string[] {
  if (!isObject(element) || element['type'] !== 'plain_text_input') return ['no plain_text_input']
  const { min_length: least, max_length: most } = element
  return [
    ...unknown(element, ['type', 'action_id', 'multiline', 'min_length', 'max_length']),
    ...size(element['action_id'], 255),
    ...(typeof least === 'number' && least >= 0 && least <= 3000 ? [] : ['min_length']),
    ...(typeof most === 'number' && most >= 1 && most <= 3000 ? [] : ['max_length']),
  ]
}

function richText(element: unknown): readonly string[] {
  if (!isObject(element)) return ['no rich text']
  const types = ['rich_text_section', 'rich_text_preformatted']
  if (!types.includes(String(element['type']))) return [`rich text ${String(element['type'])}`]
  return [
    ...unknown(element, ['type', 'elements']),
    ...list(element['elements'], 200, (each) => {
      if (!isObject(each)) return ['no element']
      if (each['type'] === 'text')
        return [...unknown(each, ['type', 'text', 'style']), ...size(each['text'], 3000)]
      if (each['type'] !== 'date') return [`element ${String(each['type'])}`]
      const whole = Number.isSafeInteger(each['timestamp']) ? [] : ['timestamp']
      return [
        ...unknown(each, ['type', 'timestamp', 'format', 'fallback']),
        ...whole,
        ...size(each['format'], 200),
      ]
    }),
  ]
}

function text(value: unknown, types: readonly string[], most: number): readonly string[] {
  if (!isObject(value) || !types.includes(String(value['type']))) return ['text object']
  return [
    ...unknown(
      value,
      value['type'] === 'mrkdwn' ? ['type', 'text', 'verbatim'] : ['type', 'text', 'emoji'],
    ),
    ...size(value['text'], most),
  ]
}

function size(value: unknown, most: number): readonly string[] {
  if (typeof value !== 'string' || value === '') return ['a text is missing or empty']
  return value.length > most ? [`longer than ${most}: ${value.slice(0, 40)}`] : []
}

function list(
  value: unknown,
  most: number,
  each: (one: unknown) => readonly string[],
): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) return ['an empty list']
  return [...(value.length > most ? [`more than ${most} elements`] : []), ...value.flatMap(each)]
}

function unknown(value: Obj, known: readonly string[]): readonly string[] {
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => `unknown \`${key}\``)
}

function isObject(value: unknown): value is Obj {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
