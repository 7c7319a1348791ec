/** The frame of pages that everybody may read: the usual one for who is signed in, a small one for others. */
import { Button } from "@mantine/core";
import { Link, Outlet } from "@tanstack/react-router";
import { Shell } from "../../app/Shell";
import { useUser } from "../../app/session";
import { Logo } from "../../ui";
import classes from "./Hub.module.css";

export function PublicShell() {
  const user = useUser();
  if (user) return <Shell />;
  return (
    <>
      <header className={classes.publicHead}>
        <Link to="/community" aria-label="Vitrine, community">
          <Logo />
        </Link>
        <Button component={Link} to="/login" variant="default">
          Sign in
        </Button>
      </header>
      <main id="content" className={classes.publicMain}>
        <Outlet />
      </main>
    </>
  );
}
