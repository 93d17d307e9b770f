import type { RpcPermission } from './rpc-method.ts'

/** Whether a peer may call a method of a node that has this authority. */
export function mayCall(permission: RpcPermission, from: number, authority: number): boolean {
  switch (permission) {
    case 'any-peer':
      return true
    case 'authority':
      return from === authority
    case 'disabled':
      return false
  }
}

/** Whether a call for this target is carried out here as well. */
export function runsLocally(callLocal: boolean, target: number, own: number): boolean {
  return callLocal && (target === 0 || target === own || (target < 0 && target !== -own))
}
