# syntax=docker/dockerfile:1
# The lobby server: docker build -t webrtc-lobby . && docker run -p 9080:9080 webrtc-lobby
# Settings are environment variables, see docs/operating-a-lobby.md.

FROM node:22-slim AS build
WORKDIR /package
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
# Without the pages that `npm run build` makes too.
RUN npx --no-install tsc -p tsconfig.build.json
# The optional packages that the server uses are only there for tests otherwise. Moved among the dependencies they stay when the rest goes, at the versions of the lock file.
RUN for name in ioredis jose pino prom-client; do \
      npm pkg set "dependencies.$name=$(npm pkg get "devDependencies.$name" | tr -d '"')" \
      && npm pkg delete "devDependencies.$name" "peerDependencies.$name" "peerDependenciesMeta.$name" || exit 1; \
    done \
    && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:22-slim
ENV NODE_ENV=production \
    WEBRTC_MULTIPLAYER_HOST=0.0.0.0
WORKDIR /app
COPY --from=build /package/package.json ./
COPY --from=build /package/node_modules ./node_modules
COPY --from=build /package/dist ./dist
USER node
EXPOSE 9080
# The image has neither curl nor wget.
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 CMD ["node", "-e", "const { WEBRTC_MULTIPLAYER_METRICS_PORT: other, WEBRTC_MULTIPLAYER_PORT: own } = process.env; fetch(`http://127.0.0.1:${other || own || 9080}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node itself is process 1 and hears SIGTERM; a shell between would not pass it on.
ENTRYPOINT ["node", "dist/cli/main.js", "serve"]
