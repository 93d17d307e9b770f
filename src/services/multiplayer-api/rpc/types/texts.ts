import { NodePath } from '../../../../protocol/variant/values/node-path.ts'
import { StringName } from '../../../../protocol/variant/values/string-name.ts'
import { VariantType } from '../../../../protocol/variant/variant-type.ts'
import type { Variant } from '../../../../protocol/variant/variant.ts'
import { builtIn, type RpcType } from './rpc-type.ts'

/** Godot's `String`. */
export const string: RpcType<string> = {
  name: 'String',
  variantType: VariantType.STRING,
  toVariant: (value) => (typeof value === 'string' ? value : undefined),
  fromVariant: (value) => textOf(value) ?? (value instanceof NodePath ? value.toString() : undefined),
}

/** Godot's `StringName`, which is a string here. */
export const stringName: RpcType<string> = {
  name: 'StringName',
  variantType: VariantType.STRING_NAME,
  toVariant: (value) => (typeof value === 'string' ? new StringName(value) : undefined),
  fromVariant: textOf,
}

/** Godot's `NodePath`. */
export const nodePath: RpcType<NodePath> = builtIn('NodePath', VariantType.NODE_PATH, (value) => {
  if (typeof value !== 'string') return undefined
  try {
    return NodePath.parse(value)
  } catch {
    return undefined
  }
})

function textOf(value: Variant): string | undefined {
  if (typeof value === 'string') return value
  return value instanceof StringName ? value.name : undefined
}
