# jukebase for production: it uses the database of DATABASE_URL, so the embedded one is left out.
FROM node:24-slim

ENV NODE_ENV=production GRAPHILE_ENV=production
WORKDIR /app

COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && npm cache clean --force

COPY . .

USER node
ENV HOST=0.0.0.0 PORT=5678
EXPOSE 5678
CMD ["node", "server.ts"]
