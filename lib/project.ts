import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder package.json stands in, with a trailing slash left out. */
export const projectRoot = fileURLToPath(new URL("..", import.meta.url)).replace(/[/\\]$/, "");

/** The absolute path of a file or folder of the project. */
export function projectPath(...parts: string[]): string {
  return join(projectRoot, ...parts);
}
