import { Badge, Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type AdminUser, asApiError, operator } from "../../../api";
import { keys } from "../../../app/keys";
import { useUser } from "../../../app/session";
import { ago, plural } from "../../../lib/format";
import { toasts } from "../../../ui";
import classes from "./Operator.module.css";
import { SearchedList } from "./SearchedList";

export function UsersPage() {
  return (
    <SearchedList
      title="Accounts"
      lead="Everybody who signs in here. Each change is written to the audit trail."
      queryKey={keys.adminUsers}
      queryFn={operator.users}
      empty={{ title: "Nobody found", text: "No account has this name or address." }}
    >
      {(user) => <UserRow user={user} />}
    </SearchedList>
  );
}

function UserRow({ user }: { user: AdminUser }) {
  const client = useQueryClient();
  const me = useUser();
  const refresh = () => client.invalidateQueries({ queryKey: keys.allAdminUsers });
  const failed = (error: unknown) => toasts.show({ tone: "bad", text: asApiError(error).message });
  const change = useMutation({
    mutationFn: (body: Parameters<typeof operator.changeUser>[1]) => operator.changeUser(user.id, body),
    onError: failed,
    onSettled: refresh,
  });
  const signOut = useMutation({
    mutationFn: () => operator.signOut(user.id),
    onSuccess: ({ revoked }) => toasts.show({ tone: "good", text: `Ended ${plural(revoked, "session")}.` }),
    onError: failed,
    onSettled: refresh,
  });
  const isMe = me?.id === user.id;
  const isBusy = change.isPending || signOut.isPending;
  const button = { size: "xs", variant: "default", disabled: isBusy } as const;
  return (
    <>
      <div className={classes.body}>
        <div className={classes.name}>
          {user.full_name} {user.is_operator && <Badge size="sm">Operator</Badge>}{" "}
          {user.disabled_at && (
            <Badge size="sm" color="red">
              Closed
            </Badge>
          )}{" "}
          {user.locked_until && (
            <Badge size="sm" color="orange">
              Locked
            </Badge>
          )}
        </div>
        <div className={classes.detail}>
          {[
            user.email,
            user.email_verified ? "verified" : "not verified",
            plural(user.session_count, "session"),
            user.last_used_at ? `seen ${ago(user.last_used_at)}` : "never seen",
          ].join(" · ")}
        </div>
      </div>
      <div className={classes.actions}>
        {!user.email_verified && (
          <Button {...button} onClick={() => change.mutate({ email_verified: true })}>
            Verify
          </Button>
        )}
        {user.locked_until && (
          <Button {...button} onClick={() => change.mutate({ locked: false })}>
            Unlock
          </Button>
        )}
        {user.session_count > 0 && (
          <Button {...button} onClick={() => signOut.mutate()}>
            Sign out everywhere
          </Button>
        )}
        {!isMe && (
          <>
            <Button {...button} onClick={() => change.mutate({ is_operator: !user.is_operator })}>
              {user.is_operator ? "Take role away" : "Make operator"}
            </Button>
            <Button {...button} onClick={() => change.mutate({ disabled: !user.disabled_at })}>
              {user.disabled_at ? "Open" : "Close"}
            </Button>
          </>
        )}
      </div>
    </>
  );
}
