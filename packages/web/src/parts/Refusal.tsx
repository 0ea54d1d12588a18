import { asError, findError } from "@bulwark/client";
import { useProblems } from "../words/problems";
import { Notice } from "./Notice";

/** Why something is refused, in plain words, and what to do; of an error or of a contract's text. */
export function Refusal(props: { of: Error | string }) {
  const problems = useProblems();
  const error =
    typeof props.of === "string" ? (findError(props.of) ?? new Error(props.of)) : asError(props.of);
  const { tone, title, detail } = problems(error);
  return (
    <Notice tone={tone} title={title} live>
      {detail}
    </Notice>
  );
}
