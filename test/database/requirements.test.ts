import { createServer } from "node:net";
import { expect, test } from "vitest";
import { roles } from "../../lib/api/roles.ts";
import { checkRequirements } from "../../lib/database/requirements.ts";
import { databaseUrl } from "../../lib/database/url.ts";
import { up } from "../../lib/migrate/migrate.ts";
import { testDatabase } from "../database.ts";

const { sql, url, name } = await testDatabase({ migrated: false });

/** The URL with a login of its own, made for the test. */
async function urlOf(role: string, options = ""): Promise<string> {
  const user = `${role}_${process.pid}`;
  await sql.unsafe(
    `drop role if exists ${user}; create role ${user} login password 'x' ${options}`,
  );
  const own = new URL(url);
  own.username = user;
  own.password = "x";
  return own.href;
}

async function dropRole(role: string): Promise<void> {
  await sql.unsafe(`drop owned by ${role}_${process.pid}; drop role ${role}_${process.pid}`);
}

test("a new, empty database is enough", async () => {
  await expect(checkRequirements(url)).resolves.toBeUndefined();
});

test("a server that does not answer is JB003", async () => {
  const closed = new URL(url);
  closed.port = "1";
  await expect(checkRequirements(closed.href)).rejects.toMatchObject({ code: "JB003" });
});

test("a port where no Postgres listens is JB003", async () => {
  const other = createServer((socket) => socket.end("220 mail ready\r\n")).listen(0, "127.0.0.1");
  const { port } = await new Promise<{ port: number }>((resolve) =>
    other.once("listening", () => resolve(other.address() as { port: number })),
  );
  const check = checkRequirements(`postgres://a@127.0.0.1:${port}/a`, { patienceMs: 500 });
  await expect(check).rejects.toMatchObject({ code: "JB003" });
  other.close();
});

test("a wrong password is JB004, and is not repeated", async () => {
  const wrong = new URL(url);
  wrong.password = "hunter2";
  await expect(checkRequirements(wrong.href)).rejects.toMatchObject({
    code: "JB004",
    message: expect.not.stringContaining("hunter2"),
    detail: expect.not.stringContaining("hunter2"),
  });
});

test("a database that is not there is JB016", async () => {
  await expect(checkRequirements(databaseUrl(url, "no_such"))).rejects.toMatchObject({
    code: "JB016",
  });
});

test("a user who may not create schemas is JB007, with the grant to give", async () => {
  await expect(checkRequirements(await urlOf("reader", "createrole"))).rejects.toMatchObject({
    code: "JB007",
    hint: `as its owner: grant create on database ${name} to reader_${process.pid}`,
  });
  await dropRole("reader");
});

/** Makes the roles of the API, as an administrator does for users who may not. */
async function createRoles(): Promise<void> {
  for (const role of Object.values(roles)) {
    await sql.unsafe(
      `do 'begin create role ${role} nologin; exception when duplicate_object then end'`,
    );
  }
}

test("a user who can neither use nor make the roles of the API is JB007", async () => {
  await createRoles();
  const writer = await urlOf("writer");
  await sql.unsafe(`grant create on database ${name} to writer_${process.pid}`);
  for (const role of Object.values(roles)) {
    await expect(checkRequirements(writer)).rejects.toMatchObject({
      code: "JB007",
      hint: expect.stringContaining(`grant ${role} to`),
    });
    await sql.unsafe(`grant ${role} to writer_${process.pid}`);
  }
  await expect(checkRequirements(writer)).resolves.toBeUndefined();
  await dropRole("writer");
});

test("an ordinary owner of the database can migrate it: no superuser is needed", async () => {
  await createRoles();
  const owner = await urlOf("owner", `in role ${Object.values(roles).join()}`);
  await sql.unsafe(`alter database ${name} owner to owner_${process.pid}`);
  await sql.unsafe(`grant create on schema public to owner_${process.pid}`);
  await checkRequirements(owner);
  await up(owner);
  await sql.unsafe(
    `alter database ${name} owner to current_user; reassign owned by owner_${process.pid} to current_user`,
  );
  await dropRole("owner");
});

test("a database that is not UTF-8 is JB015", async () => {
  const latin = `${name}_latin`;
  await sql.unsafe(`create database ${latin} template template0 encoding 'LATIN1' locale 'C'`);
  const check = checkRequirements(databaseUrl(url, latin));
  await expect(check).rejects.toMatchObject({ code: "JB015" });
  await sql.unsafe(`drop database ${latin} with (force)`);
});
