export { startInspector } from '../services/inspector/server/start-inspector.ts'
