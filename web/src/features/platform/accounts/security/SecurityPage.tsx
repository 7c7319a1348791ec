import { IconArrowLeft, IconChevronRight, IconDevices } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTitle } from "../../../../lib/useTitle";
import cards from "../AccountPage.module.css";
import sessions from "../SessionsPage.module.css";
import { IdentitiesCard } from "./IdentitiesCard";
import { PasskeysCard } from "./PasskeysCard";
import { TwoStepCard } from "./TwoStepCard";

export function SecurityPage() {
  useTitle("Security");
  return (
    <div className={cards.page}>
      <Link to="/account" className={sessions.back}>
        <IconArrowLeft size={17} aria-hidden /> Account
      </Link>
      <div>
        <h1>Security</h1>
        <p className={sessions.lead}>What guards your account besides the password.</p>
      </div>
      <TwoStepCard />
      <PasskeysCard />
      <IdentitiesCard />
      <Link to="/account/sessions" className={cards.linkCard}>
        <IconDevices size={22} stroke={1.7} aria-hidden />
        <span>
          <strong>Devices</strong>
          <small>Where you are signed in</small>
        </span>
        <IconChevronRight size={20} aria-hidden />
      </Link>
    </div>
  );
}
