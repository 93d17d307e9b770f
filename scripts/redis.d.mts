export function findRedisServer(): string | null
export function redisInstallCommand(): string
export function ensureRedisServer(say?: (text: string) => void): boolean
