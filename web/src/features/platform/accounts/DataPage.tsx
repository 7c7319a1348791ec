import { Button, Checkbox, Modal, Skeleton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowLeft, IconDownload } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type AccountExport, asApiError, person } from "../../../api";
import { keys } from "../../../app/keys";
import { ago, bytes, day } from "../../../lib/format";
import { useTitle } from "../../../lib/useTitle";
import { ErrorState, toasts } from "../../../ui";
import cards from "./AccountPage.module.css";
import classes from "./AuthForm.module.css";
import { FormAlert } from "./FormAlert";
import { ProofFields, useProof } from "./Proof";
import sessions from "./SessionsPage.module.css";

const ASK_AGAIN_MS = 4000;

/** Everything to take along, and the way out. */
export function DataPage() {
  useTitle("Your data");
  return (
    <div className={sessions.page}>
      <Link to="/account" className={sessions.back}>
        <IconArrowLeft size={17} aria-hidden /> Account
      </Link>
      <h1>Your data</h1>
      <ExportCard />
      <DeleteCard />
    </div>
  );
}

function ExportCard() {
  const client = useQueryClient();
  const newest = useQuery({
    queryKey: keys.accountExport,
    queryFn: person.exported,
    refetchInterval: ({ state }) => (state.data?.status === "queued" ? ASK_AGAIN_MS : false),
  });
  const proof = useProof();
  const ask = useMutation({
    mutationFn: () => person.askExport(proof.typed),
    meta: { silent: true },
    onSuccess: (asked) => {
      proof.clear();
      client.setQueryData(keys.accountExport, asked);
    },
  });
  const problem = ask.error ? asApiError(ask.error) : null;
  return (
    <section className={cards.card} aria-labelledby="export">
      <h2 id="export">Take everything along</h2>
      <p className={sessions.lead}>
        One ZIP file with your photos, stagings and settings, and those of the workspaces you own. We write to
        you when it is ready; it is kept for seven days.
      </p>
      {newest.isPending && <Skeleton h={48} mt="md" />}
      {newest.isError && <ErrorState error={newest.error} onRetry={() => void newest.refetch()} />}
      <div role="status">{newest.data && <Newest made={newest.data} />}</div>
      {newest.data?.status !== "queued" && (
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            ask.mutate();
          }}
        >
          <FormAlert problem={problem && problem.fields.length === 0 ? problem : null} />
          <ProofFields proof={proof} problem={problem} />
          <div>
            <Button type="submit" variant="default" loading={ask.isPending}>
              Make the archive
            </Button>
          </div>
        </form>
      )}
    </section>
  );
}

function Newest({ made }: { made: AccountExport }) {
  if (made.status === "queued") return <p>Your archive is being made. You may leave this page.</p>;
  if (made.status === "failed" || !made.download_url) {
    return <p>The archive asked for {ago(made.created_at)} could not be made. Try again.</p>;
  }
  return (
    <p>
      <Button
        component="a"
        href={made.download_url}
        leftSection={<IconDownload size={18} />}
        variant="light"
        download
      >
        Download the archive{made.size_bytes != null && ` (${bytes(made.size_bytes)})`}
      </Button>{" "}
      {made.expires_at && <span className={cards.note}>until {day(made.expires_at)}</span>}
    </p>
  );
}

function DeleteCard() {
  const [isOpen, dialog] = useDisclosure(false);
  const proof = useProof();
  const [isSure, setSure] = useState(false);
  const leave = useMutation({
    mutationFn: () => person.leave(proof.typed),
    meta: { silent: true },
    onSuccess: ({ deletion_at }) =>
      toasts.show({
        tone: "good",
        text: `Your account will be deleted on ${day(deletion_at)}.`,
        detail: "Sign in before that day to keep it.",
      }),
  });
  const problem = leave.error ? asApiError(leave.error) : null;
  return (
    <section className={cards.card} aria-labelledby="delete">
      <h2 id="delete">Delete the account</h2>
      <p className={sessions.lead}>
        Every device is signed out at once. For thirty days you can come back; after that your rooms, photos
        and settings are removed for good. Hand over workspaces that others work in first.
      </p>
      <Button mt="md" color="brick" variant="light" onClick={dialog.open}>
        Delete the account…
      </Button>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title="Delete the account?"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            leave.mutate();
          }}
        >
          <FormAlert problem={problem && problem.fields.length === 0 ? problem : null} />
          <ProofFields proof={proof} problem={problem} isFirst />
          <Checkbox
            label="I know that everything is removed after thirty days."
            checked={isSure}
            onChange={(event) => setSure(event.currentTarget.checked)}
          />
          <div>
            <Button
              type="submit"
              color="brick"
              loading={leave.isPending}
              disabled={!isSure || !proof.isWhole}
            >
              Delete my account
            </Button>{" "}
            <Button variant="default" onClick={dialog.close}>
              Keep it
            </Button>
          </div>
        </form>
      </Modal>
    </section>
  );
}
