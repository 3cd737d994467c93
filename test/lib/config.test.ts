import { expect, test } from "vitest";
import { readConfig } from "../../lib/config.ts";
import { projectPath } from "../../lib/project.ts";

test("without settings jukebase runs a server of its own and listens on loopback, port 5678", () => {
  expect(readConfig({})).toMatchObject({
    databaseUrl: undefined,
    databaseProvider: undefined,
    host: "127.0.0.1",
    port: 5678,
    dataDir: projectPath(".jukebase"),
    logLevel: "info",
  });
});

test("an empty setting counts as none", () => {
  expect(readConfig({ DATABASE_URL: "", PORT: " " })).toMatchObject({
    databaseUrl: undefined,
    port: 5678,
  });
});

test.each([
  ["PORT", "http"],
  ["PORT", "65536"],
  ["PORT", "-1"],
  ["LOG_LEVEL", "loud"],
  ["JUKEBASE_DB_PROVIDER", "sqlite"],
])("%s=%s is refused with JB001, and the allowed values are named", (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrowError(
    expect.objectContaining({
      code: "JB001",
      message: `${name} cannot be "${value}"`,
      hint: expect.stringContaining("use "),
    }),
  );
});

test("a DATABASE_URL that is none is refused without repeating it: it may hold a password", () => {
  expect(() => readConfig({ DATABASE_URL: "mysql://root:secret@localhost" })).toThrowError(
    expect.objectContaining({ code: "JB001", message: expect.not.stringContaining("secret") }),
  );
});

test("an EDITOR_KEY that is easily guessed or fits no header is refused without repeating it", () => {
  expect(readConfig({}).editorKey).toBeUndefined();
  expect(readConfig({ EDITOR_KEY: "0123456789abcdef" }).editorKey).toBe("0123456789abcdef");
  for (const key of ["secret", "a secret with spaces in it", "geheimnißßßßßßßßß"]) {
    expect(() => readConfig({ EDITOR_KEY: key })).toThrowError(
      expect.objectContaining({ code: "JB001", message: expect.not.stringContaining(key) }),
    );
  }
});
