# The gateway (`botllm serve`): the guards in front of an engine that runs elsewhere. It serves no model itself.
#   docker build -t botllm-gateway .
#   docker run -p 127.0.0.1:11435:11435 -e BOTLLM_API_KEYS=… -e LLM_BASE_URL=http://engine:11434 botllm-gateway
# or beside the engine: docker compose -f docker-compose.llm.yml --profile gateway up -d gateway
ARG NODE_IMAGE=node:22-alpine

FROM ${NODE_IMAGE} AS build
WORKDIR /src
COPY . .
# What only development needs stays out of the image, and so do the binding to llama.cpp and the openai package, by
# which nothing is sent here.
RUN npm ci --ignore-scripts --no-audit --no-fund \
  && npm run build \
  && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/node-llama-cpp node_modules/@node-llama-cpp node_modules/openai \
  && mkdir /app && mv package.json node_modules bin dist /app/

FROM ${NODE_IMAGE}
WORKDIR /app
ENV NODE_ENV=production
COPY --from=build /app ./
# By number: whoever forbids root has to see that it is none.
USER 1000:1000
# Nothing is kept here: answers and limits live in Redis.
ENV HOME=/tmp BOTLLM_HOME=/tmp/botllm
EXPOSE 11435
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:11435/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/bin/botllm.js"]
CMD ["serve", "--host", "0.0.0.0"]
