import { useSyncExternalStore } from "react";

/** What the switch can say; `system` follows the device. */
export type Theme = "system" | "light" | "dark";

const key = "bulwark-theme";
const listeners = new Set<() => void>();

/** What was chosen, also where the browser keeps nothing. */
let chosen: Theme = read();

function read(): Theme {
  try {
    const kept = localStorage.getItem(key);
    return kept === "light" || kept === "dark" ? kept : "system";
  } catch {
    return "system";
  }
}

/** Puts the theme into the page; to be called once before it is drawn. */
export function applyTheme(): void {
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}

/** Chooses a theme and remembers it where the browser allows. */
export function setTheme(theme: Theme): void {
  chosen = theme;
  try {
    localStorage.setItem(key, theme);
  } catch {
    // Without storage the choice lasts until the page is closed.
  }
  applyTheme();
  for (const listener of listeners) listener();
}

/** The theme chosen by the switch. */
export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => chosen,
  );
}
