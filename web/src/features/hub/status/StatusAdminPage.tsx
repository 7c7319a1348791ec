/** Where operators tell visitors of the status page how things are. */
import { Button, Modal, Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { statusPage } from "../../../api";
import { keys } from "../../../app/keys";
import { useTitle } from "../../../lib/useTitle";
import { ErrorState } from "../../../ui";
import classes from "../../platform/admin/Operator.module.css";
import { IncidentForm, MaintenanceForm, ServiceForm } from "./forms";
import { IncidentRow, MaintenanceRow, ServiceRow } from "./rows";
import { statusOf } from "./words";

const DIALOGS = {
  service: "Add a service",
  incident: "Open an incident",
  maintenance: "Plan a maintenance",
} as const;

export function StatusAdminPage() {
  useTitle("Status page");
  const client = useQueryClient();
  const board = useQuery({ queryKey: keys.statusBoard, queryFn: statusPage.board });
  const [dialog, setDialog] = useState<keyof typeof DIALOGS | null>(null);
  const refresh = () => void client.invalidateQueries({ queryKey: keys.statusBoard });
  const done = () => {
    setDialog(null);
    refresh();
  };
  const close = () => setDialog(null);
  const services = board.data?.services ?? [];
  const windows = (board.data?.maintenance ?? []).filter((one) => one.state !== "completed");

  return (
    <>
      <div className={classes.head}>
        <div>
          <h1>Status page</h1>
          <p className={classes.lead}>
            {board.data ? `${statusOf(board.data.status).label}. ` : ""}
            <a href="/status">See it as visitors do</a>
          </p>
        </div>
        <div className={classes.actions}>
          <Button variant="default" onClick={() => setDialog("service")}>
            Add a service
          </Button>
          <Button variant="default" disabled={services.length === 0} onClick={() => setDialog("maintenance")}>
            Plan a maintenance
          </Button>
          <Button onClick={() => setDialog("incident")}>Open an incident</Button>
        </div>
      </div>
      {board.isPending && [1, 2, 3].map((n) => <Skeleton key={n} h={72} radius="lg" />)}
      {board.isError && <ErrorState error={board.error} onRetry={() => void board.refetch()} />}
      {board.isSuccess && (
        <>
          <section className={classes.section} aria-labelledby="incidents">
            <h2 id="incidents">Incidents</h2>
            {board.data.incidents.length === 0 && (
              <p className={classes.detail}>None in the last two weeks.</p>
            )}
            <ul className={classes.list}>
              {board.data.incidents.map((incident) => (
                <IncidentRow key={incident.id} incident={incident} onChanged={refresh} />
              ))}
            </ul>
          </section>
          <section className={classes.section} aria-labelledby="maintenance">
            <h2 id="maintenance">Planned maintenance</h2>
            {windows.length === 0 && <p className={classes.detail}>Nothing is planned.</p>}
            <ul className={classes.list}>
              {windows.map((one) => (
                <MaintenanceRow key={one.id} maintenance={one} onChanged={refresh} />
              ))}
            </ul>
          </section>
          <section className={classes.section} aria-labelledby="services">
            <h2 id="services">Services</h2>
            {services.length === 0 && <p className={classes.detail}>Add what visitors should know about.</p>}
            <ul className={classes.list}>
              {services.map((service) => (
                <ServiceRow key={service.id} service={service} onChanged={refresh} />
              ))}
            </ul>
          </section>
        </>
      )}
      <Modal opened={dialog !== null} onClose={close} title={dialog ? DIALOGS[dialog] : ""} centered>
        {dialog === "service" && <ServiceForm onDone={done} />}
        {dialog === "incident" && <IncidentForm services={services} onDone={done} />}
        {dialog === "maintenance" && <MaintenanceForm services={services} onDone={done} />}
      </Modal>
    </>
  );
}
