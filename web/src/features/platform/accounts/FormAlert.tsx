import { Alert } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import type { ApiError } from "../../../api";
import { RequestId } from "../../../ui";

/** The general message of a form; a request id only when something of ours broke. */
export function FormAlert({ problem }: { problem: ApiError | null }) {
  if (!problem) return null;
  return (
    <Alert color="brick" icon={<IconAlertCircle size={20} />} role="alert" variant="light">
      {problem.message}
      {problem.status >= 500 && problem.requestId && <RequestId id={problem.requestId} />}
    </Alert>
  );
}
