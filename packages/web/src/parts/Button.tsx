import type { ButtonHTMLAttributes } from "react";
import styles from "./Button.module.css";
import { cx } from "./cx";

/** `primary` for the one thing that a form is for, `plain` beside it, `quiet` inside of text. */
export type ButtonKind = "primary" | "plain" | "quiet";

/** A button; `small` in tables and beside fields, as easy to hit as any. */
export function Button({
  kind = "plain",
  small = false,
  className,
  type = "button",
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { kind?: ButtonKind; small?: boolean }) {
  return <button type={type} className={buttonClass(kind, small, className)} {...rest} />;
}

/** The look of a button, for links that lead to where something is done. */
export function buttonClass(kind: ButtonKind, small = false, className?: string): string {
  return cx(styles.button, styles[kind], small && styles.small, className);
}
