/**
 * The mesh in a React application.
 *
 * @packageDocumentation
 */
export type { JoinMesh } from './react/mesh-store.ts'
export type { MeshState } from './react/mesh-state.ts'
export { useMesh } from './react/use-mesh.ts'
export { usePackets } from './react/use-packets.ts'
