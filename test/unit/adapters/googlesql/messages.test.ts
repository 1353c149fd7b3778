import { readFileSync } from 'node:fs'

import protobuf from 'protobufjs/light.js'
import { expect, test } from 'vitest'

import { lazyMessages } from '../../../../shared/adapters/googlesql/messages.ts'
import { descriptorFile } from '../../../../shared/adapters/googlesql/package-files.ts'

const descriptor: protobuf.INamespace = JSON.parse(readFileSync(descriptorFile, 'utf8'))

test('every message that is made when it is used is the one that protobufjs makes at once', () => {
  const { message } = lazyMessages(descriptor)
  const all = messagesIn(protobuf.Root.fromJSON(descriptor))
  expect(all.length).toBeGreaterThan(800)
  let encoded = 0
  for (const type of all) {
    const name = type.fullName.slice(1)
    // Sees options of `.proto` files, which are in no message that is sent.
    if (name.startsWith('google.protobuf.')) continue
    const made = message(name, '')
    expect(shapeOf(made), name).toEqual(shapeOf(type))
    // What is known of these once they are encoded.
    if (type.fieldsArray.every(({ required, packed }) => !required && !packed)) continue
    expect(rulesOf(made.setup()), name).toEqual(rulesOf(type))
    encoded += 1
  }
  expect(encoded).toBeGreaterThan(1)
})

const field = (type: string) => ({ fields: { it: { type, id: 1 } } })

test('a name means the innermost that there is', () => {
  const { message } = lazyMessages({
    nested: {
      a: {
        nested: {
          Other: { fields: {} },
          Outer: { ...field('Inner'), nested: { Inner: field('Other') } },
        },
      },
      Inner: { fields: { wrong: { type: 'string', id: 1 } } },
    },
  })
  const outer = message('Outer', 'a.Service')
  const inner = outer.fieldsById[1]?.resolve().resolvedType
  expect(inner).toBe(message('a.Outer.Inner', ''))
  expect(inner).not.toBe(message('Inner', ''))
  expect(message('a.Outer.Inner', '').fieldsById[1]?.resolve().resolvedType).toBe(
    message('.a.Other', 'x'),
  )
  expect(() => message('Nothing', 'a.Outer')).toThrow('no message `Nothing`')
})

function messagesIn(namespace: protobuf.NamespaceBase): readonly protobuf.Type[] {
  const own = namespace instanceof protobuf.Type ? [namespace] : []
  const below = namespace.nestedArray.flatMap((each) =>
    each instanceof protobuf.Namespace ? messagesIn(each) : [],
  )
  return [...own, ...below]
}

/** All that is looked at of a message that is only read. */
function shapeOf(type: protobuf.Type) {
  return Object.values(type.fieldsById).map((each) => {
    const { id, name, repeated, map, typeDefault, resolvedType } = each.resolve()
    const of = resolvedType instanceof protobuf.Enum ? resolvedType.values : resolvedType?.name
    return [id, name, each.type, repeated, map, typeDefault, of, each.partOf?.name]
  })
}

/** What encoding looks at besides. */
function rulesOf(type: protobuf.Type) {
  return type.fieldsArray.map(({ name, required, packed }) => [name, required, packed])
}
