/** Whose work is in the pictures: imported furniture models, line by line as their licences ask for. */
import { Button, Skeleton } from "@mantine/core";
import { IconArmchair, IconArrowLeft, IconCopy } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type Credit, furniture } from "../../../api";
import { keys } from "../../../app/keys";
import { useTitle } from "../../../lib/useTitle";
import { ErrorState, toasts } from "../../../ui";
import classes from "./CreditsPage.module.css";

export function CreditsPage() {
  useTitle("Credits");
  const list = useQuery({ queryKey: keys.credits, queryFn: furniture.credits });
  const items = list.data ?? [];
  return (
    <div className={classes.page}>
      <Link to="/account" className={classes.back}>
        <IconArrowLeft size={17} aria-hidden /> Account
      </Link>
      <div className={classes.head}>
        <div>
          <h1>Credits</h1>
          <p className={classes.lead}>
            Furniture that was imported into this workspace is the work of others. Whoever publishes a picture
            with one of these pieces names its author; each picture’s details and every download say which.
          </p>
        </div>
        {items.length > 0 && (
          <Button
            variant="default"
            leftSection={<IconCopy size={17} aria-hidden />}
            onClick={() => void copy(items)}
          >
            Copy all
          </Button>
        )}
      </div>
      {list.isPending && (
        <div className={classes.list} role="status" aria-label="Loading credits">
          {[1, 2, 3].map((n) => (
            <Skeleton key={n} h={66} radius="lg" />
          ))}
        </div>
      )}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && (
        <p className={classes.empty}>
          <IconArmchair size={30} stroke={1.3} aria-hidden />
          <span>
            No furniture was imported. All pieces are made by Vitrine’s own engine and need no credit.
          </span>
        </p>
      )}
      <ul className={classes.list}>
        {items.map((credit) => (
          <li key={credit.line} className={classes.row}>
            <strong>{credit.title}</strong>
            <span>
              {[credit.creator && `by ${credit.creator}`, credit.library, credit.licence, "changes were made"]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

async function copy(items: Credit[]): Promise<void> {
  const text = items.map((credit) => credit.line).join("\n");
  await navigator.clipboard.writeText(text).then(
    () => toasts.show({ tone: "good", text: "Copied." }),
    () => toasts.show({ tone: "bad", text: "The browser did not allow copying." }),
  );
}
