import { Outlet } from "@tanstack/react-router";
import { Logo } from "../../../ui";
import classes from "./AuthLayout.module.css";
import { ShowcaseArt } from "./ShowcaseArt";

export function AuthLayout() {
  return (
    <div className={classes.page}>
      <main className={classes.side}>
        <div className={classes.logo}>
          <Logo />
        </div>
        <div className={classes.form}>
          <Outlet />
        </div>
      </main>
      <aside className={classes.show} aria-hidden="true">
        <ShowcaseArt />
        <p className={classes.claim}>Empty rooms, furnished in the light they really have.</p>
      </aside>
    </div>
  );
}
