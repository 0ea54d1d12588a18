import { readFile } from "node:fs/promises";
import type { Connect, Plugin } from "vite";

/**
 * Serves the file that `BULWARK_CONFIG` names as `/config.json`, as `bulwark localnet up --web`
 * does with the built page.
 */
export function networkConfig(file: string | undefined): Plugin {
  const serve: Connect.NextHandleFunction = (request, response, next) => {
    if (file === undefined || request.url?.split("?")[0] !== "/config.json") return next();
    readFile(file, "utf8").then(
      (text) => {
        response.setHeader("content-type", "application/json");
        response.setHeader("cache-control", "no-store");
        response.end(text);
      },
      (error: unknown) => next(error),
    );
  };
  return {
    name: "network-config",
    configureServer: (server) => {
      server.middlewares.use(serve);
    },
    configurePreviewServer: (server) => {
      server.middlewares.use(serve);
    },
  };
}
