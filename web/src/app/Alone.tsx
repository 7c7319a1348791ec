import { Outlet } from "@tanstack/react-router";
import { usePreferencesOnPage } from "../features/platform/accounts/usePreferences";

/** A page that has the whole window, and looks as the account says all the same. */
export function Alone() {
  usePreferencesOnPage();
  return <Outlet />;
}
