import { createLogger, type Logger } from "vite";

/** A logger for builds: after a warning the build ends with exit code 1, so that none is overlooked. */
export function warningsFail(): Logger {
  const logger = createLogger();
  const fail = (message: string) => {
    logger.error(`a warning, which fails the build: ${message}`);
    process.exitCode = 1;
  };
  return { ...logger, warn: fail, warnOnce: fail };
}
