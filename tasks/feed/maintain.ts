import type { Task } from "graphile-worker";

/** Makes the partitions of the feed ahead of time and drops those that are older than it is kept. */
const maintain: Task = async (_payload, { withPgClient, logger }) => {
  const { rows } = await withPgClient((client) =>
    client.query<{ done: string; partition: string }>(
      "select done, partition from feed.maintain() /* feed:maintain */",
    ),
  );
  for (const { done, partition } of rows) logger.info(`${partition} ${done}`);
};

export default maintain;
