import protobuf from 'protobufjs/light.js'

/** A descriptor as protobufjs writes it: what has `fields` is a message, what has `values` an enumeration. */
interface Json extends protobuf.INamespace, Partial<Pick<protobuf.IType, 'fields' | 'oneofs'>> {
  readonly values?: Readonly<Record<string, number>>
  readonly methods?: Readonly<Record<string, protobuf.IMethod>>
  /** Inherited by what is nested in a message. */
  readonly edition?: string
}

export interface Messages {
  /** The message that `path` means where `scope` stands, a full name. Throws where there is none. */
  readonly message: (path: string, scope: string) => protobuf.Type
  /** The methods of a service by its full name, by their names; none where there is no service. */
  readonly methods: (fullName: string) => ReadonlyMap<string, protobuf.IMethod>
}

/**
 * The messages of a descriptor, each made when it is first used: a statement needs thirty of nine hundred, and making all of them
 * takes longer than everything else that a cold start waits for.
 */
export function lazyMessages(descriptor: Json): Messages {
  const known = new Map<string, Json>()
  const made = new Map<string, protobuf.Type | protobuf.Enum>()
  listAll(descriptor, '', known)

  const find = (fullName: string): protobuf.Type | protobuf.Enum => {
    const found = made.get(fullName) ?? make(fullName)
    made.set(fullName, found)
    return found
  }
  const make = (fullName: string): protobuf.Type | protobuf.Enum => {
    const json = known.get(fullName)
    const name = fullName.slice(fullName.lastIndexOf('.') + 1)
    if (json?.values !== undefined)
      return protobuf.Enum.fromJSON(name, { ...json, values: json.values })
    if (json?.fields === undefined) throw new Error(`no message \`${fullName}\``)
    const bare = { edition: json.edition, fields: {} }
    const type = protobuf.Type.fromJSON(name, bare)
    const { fields, oneofs = {} } = json
    const fill = (): void => {
      for (const [key, field] of Object.entries(fields))
        type.add(
          'keyType' in field && typeof field.keyType === 'string'
            ? protobuf.MapField.fromJSON(key, { ...field, keyType: field.keyType })
            : protobuf.Field.fromJSON(key, field),
        )
      for (const [key, oneof] of Object.entries(oneofs))
        type.add(protobuf.OneOf.fromJSON(key, oneof))
      Object.assign(type, {
        lookupTypeOrEnum: (path: string) => find(scoped(known, fullName, path)),
      })
    }
    // What encodes and decodes is made for all fields. Features are inherited from a parent, and every parent here has the same.
    const prepare = (): void => void new protobuf.Root().add(type).resolveAll()
    fillLater(type, fill, prepare)
    return type
  }
  return {
    message: (path, scope) => {
      const found = find(scoped(known, scope, path))
      if (!(found instanceof protobuf.Type)) throw new Error(`no message \`${path}\``)
      return found
    },
    methods: (fullName) => new Map(Object.entries(known.get(fullName)?.methods ?? {})),
  }
}

/** Has `fill` called before anybody sees the fields of `type`, and `prepare` before one is encoded or decoded. */
function fillLater(type: protobuf.Type, fill: () => void, prepare: () => void): void {
  let isFilled = false
  const now = (): void => {
    Reflect.deleteProperty(type, 'fieldsById')
    if (!isFilled) fill()
    isFilled = true
  }
  Object.defineProperty(type, 'fieldsById', {
    configurable: true,
    get: () => {
      now()
      return type.fieldsById
    },
  })
  type.setup = () => {
    now()
    Reflect.deleteProperty(type, 'setup')
    prepare()
    return type.setup()
  }
}

function listAll(
  { nested: all = {}, edition = 'proto2' }: Json,
  prefix: string,
  into: Map<string, Json>,
): void {
  for (const [name, nested] of Object.entries<Json>(all)) {
    const json = { edition, ...nested }
    into.set(`${prefix}${name}`, json)
    listAll(json, `${prefix}${name}.`, into)
  }
}

/** The full name of what `path` means in the message `scope`: the innermost that there is. */
function scoped(known: ReadonlyMap<string, Json>, scope: string, path: string): string {
  if (path.startsWith('.')) return path.slice(1)
  for (
    let around = scope;
    around !== '';
    around = around.slice(0, Math.max(around.lastIndexOf('.'), 0))
  )
    if (known.has(`${around}.${path}`)) return `${around}.${path}`
  return path
}
