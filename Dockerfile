# syntax=docker/dockerfile:1

# One function of Sluice, for Cloud Run or Kubernetes: docker build --build-arg FUNCTION=gateway --tag sluice-gateway .
# What it runs is what `npm run build` makes for Cloud Functions. GoogleSQL is there for linux/amd64 only.

FROM --platform=linux/amd64 node:24.21.0-bookworm AS build
ARG FUNCTION=gateway
WORKDIR /sluice
COPY . .
RUN npm ci && npm run build -- "$FUNCTION"
# The lock file keeps the framework's own dependencies at the versions that were tested.
RUN cp -R "dist/$FUNCTION" /function \
  && cp package-lock.json .npmrc /function/ \
  && cd /function \
  && npm install --omit=dev --ignore-scripts \
  && npm run gcp-build \
  && rm package-lock.json .npmrc

# Pin it to a digest where you build: the tag moves with every patch of Node 24 and Debian 12.
FROM --platform=linux/amd64 gcr.io/distroless/nodejs24-debian12:nonroot
ARG FUNCTION=gateway
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/function/.compile-cache \
    NODE_COMPILE_CACHE_PORTABLE=1 \
    FUNCTION_TARGET=$FUNCTION \
    PORT=8080
WORKDIR /function
COPY --from=build /function ./
USER 65532:65532
EXPOSE 8080
# The image's own entry point is Node.
CMD ["node_modules/@google-cloud/functions-framework/build/src/main.js"]
