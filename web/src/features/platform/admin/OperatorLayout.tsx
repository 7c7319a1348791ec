/** The frame of the operator's pages: what they are, and who may not see them. */
import { Link, Outlet } from "@tanstack/react-router";
import { useUser } from "../../../app/session";
import { EmptyRoomArt, EmptyState } from "../../../ui";
import classes from "./Operator.module.css";

const TABS = [
  { to: "/operator/status", label: "Status page" },
  { to: "/operator/users", label: "Accounts" },
  { to: "/operator/workspaces", label: "Workspaces" },
  { to: "/operator/jobs", label: "Jobs" },
  { to: "/operator/audit", label: "Audit trail" },
  { to: "/operator/reports", label: "Browser reports" },
  { to: "/operator/settings", label: "Settings" },
] as const;

export function OperatorLayout() {
  const user = useUser();
  if (user && !user.is_operator) {
    return (
      <EmptyState
        isPage
        art={<EmptyRoomArt />}
        title="Only for operators"
        text="These pages belong to the people who run this instance."
      />
    );
  }
  return (
    <div className={classes.page}>
      <nav className={classes.tabs} aria-label="Operator">
        {TABS.map((tab) => (
          <Link key={tab.to} to={tab.to} className={classes.tab} activeProps={{ "aria-current": "page" }}>
            {tab.label}
          </Link>
        ))}
      </nav>
      <Outlet />
    </div>
  );
}
