# syntax=docker/dockerfile:1
FROM docker.io/library/node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build

FROM docker.io/library/node:24-bookworm-slim AS production
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# maps and declarations of packages are for developers
RUN npm ci --omit=dev && npm cache clean --force \
  && find node_modules \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete

FROM docker.io/library/node:24-bookworm-slim
ARG VERSION=0.2.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="cloudtrail-commands" \
  org.opencontainers.image.description="AWS CloudTrail commands for SOAR platforms, over REST" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY --from=production /app/package.json ./
COPY --from=production /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# `docker run --rm IMAGE api-key --name NAME --scope SCOPE` makes an API key
RUN chmod +x dist/api-key.js && ln -s /app/dist/api-key.js /usr/local/bin/api-key
# the user `node` of the base image, by number, so that a cluster sees that it is not root
USER 1000:1000
EXPOSE 3000
# running commands and jobs finish, which may take MAX_DEADLINE_MS: `docker run --stop-timeout 960`
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
