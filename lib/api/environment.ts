/** Grafast reads GRAPHILE_ENV when it is imported, and warns without it: whatever imports it imports this first. */
process.env.GRAPHILE_ENV ??= "production";
