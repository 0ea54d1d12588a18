/** Closes the dialogs that are open, the newest last. */
const open: (() => void)[] = [];

/** Notes a dialog that has opened; what comes back forgets it. */
export function dialogOpened(close: () => void): () => void {
  open.push(close);
  return () => {
    const place = open.lastIndexOf(close);
    if (place >= 0) open.splice(place, 1);
  };
}

/** Closes the newest dialog, if there is one. */
export function closeDialog(): boolean {
  const close = open.at(-1);
  close?.();
  return close !== undefined;
}
