import type { ReactNode } from "react";
import styles from "./Badge.module.css";
import { cx } from "./cx";
import { Icon, type IconName } from "./Icon";

/** How good or bad a state is; each has a sign of its own beside its colour. */
export type Tone = "healthy" | "caution" | "danger" | "neutral";

const signs: Record<Tone, IconName> = {
  healthy: "check",
  caution: "caution",
  danger: "danger",
  neutral: "dot",
};

/** A state in a word or two. */
export function Badge(props: { tone: Tone; children: ReactNode }) {
  return (
    <span className={cx(styles.badge, styles[props.tone])}>
      <Icon name={signs[props.tone]} />
      {props.children}
    </span>
  );
}
