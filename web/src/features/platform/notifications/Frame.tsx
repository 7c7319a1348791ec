import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTitle } from "../../../lib/useTitle";
import classes from "./Notifications.module.css";

/** The frame of the four pages about notifications. */
export function Frame(props: { title: string; lead: string; action?: ReactNode; children: ReactNode }) {
  useTitle(props.title);
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <div>
          <h1>{props.title}</h1>
          <p className={classes.lead}>{props.lead}</p>
        </div>
        {props.action}
      </div>
      <nav className={classes.tabs} aria-label="Notifications">
        <Link to="/notifications" activeOptions={{ exact: true, includeSearch: false }}>
          All
        </Link>
        <Link to="/notifications/preferences">Preferences</Link>
        <Link to="/notifications/schedules">Schedules</Link>
        <Link to="/notifications/rules">Rules</Link>
      </nav>
      {props.children}
    </div>
  );
}
