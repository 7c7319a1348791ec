/** The dialogs of the operator's status page. */
import { Button, MultiSelect, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { type ApiError, asApiError, type IncidentImpact, type StatusService, statusPage } from "../../../api";
import classes from "../../platform/admin/Operator.module.css";
import { IMPACTS } from "./words";

/** A form that sends once and shows what the server says of its fields. */
function Form(props: {
  label: string;
  error: unknown;
  isPending: boolean;
  onSubmit: () => void;
  children: ReactNode;
}) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    props.onSubmit();
  };
  const problem = props.error ? asApiError(props.error) : null;
  return (
    <form className={classes.form} onSubmit={submit}>
      {props.children}
      {problem && <p role="alert">{messageOf(problem)}</p>}
      <Button type="submit" loading={props.isPending}>
        {props.label}
      </Button>
    </form>
  );
}

function messageOf(problem: ApiError): string {
  const first = problem.fields?.[0];
  return first ? first.message : problem.message;
}

const choices = (services: StatusService[]) =>
  services.map((service) => ({ value: service.id, label: service.name }));

export function ServiceForm({ onDone }: { onDone: () => void }) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const add = useMutation({
    mutationFn: () => statusPage.addService({ name, description }),
    onSuccess: onDone,
  });
  return (
    <Form label="Add" error={add.error} isPending={add.isPending} onSubmit={() => add.mutate()}>
      <TextInput
        label="Name"
        required
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="What it is, for visitors"
        maxLength={500}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
    </Form>
  );
}

export function IncidentForm({ services, onDone }: { services: StatusService[]; onDone: () => void }) {
  const [title, setTitle] = useState("");
  const [body, setBody] = useState("");
  const [impact, setImpact] = useState<IncidentImpact>("minor");
  const [touched, setTouched] = useState<string[]>([]);
  const open = useMutation({
    mutationFn: () => statusPage.openIncident({ title, impact, body, service_ids: touched }),
    onSuccess: onDone,
  });
  return (
    <Form label="Open and tell" error={open.error} isPending={open.isPending} onSubmit={() => open.mutate()}>
      <TextInput
        label="Title"
        required
        maxLength={200}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <NativeSelect
        label="Impact"
        value={impact}
        data={IMPACTS}
        onChange={(event) => setImpact(event.currentTarget.value as IncidentImpact)}
      />
      <MultiSelect
        label="Services it touches"
        data={choices(services)}
        value={touched}
        onChange={setTouched}
      />
      <Textarea
        label="What is known"
        required
        autosize
        minRows={3}
        maxLength={5000}
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
      />
    </Form>
  );
}

export function MaintenanceForm({ services, onDone }: { services: StatusService[]; onDone: () => void }) {
  const [title, setTitle] = useState("");
  const [description, setDescription] = useState("");
  const [startsAt, setStartsAt] = useState("");
  const [endsAt, setEndsAt] = useState("");
  const [touched, setTouched] = useState<string[]>([]);
  const plan = useMutation({
    mutationFn: () =>
      statusPage.planMaintenance({
        title,
        description,
        // The field speaks of the time where the operator sits.
        starts_at: new Date(startsAt).toISOString(),
        ends_at: new Date(endsAt).toISOString(),
        service_ids: touched,
      }),
    onSuccess: onDone,
  });
  return (
    <Form label="Plan and tell" error={plan.error} isPending={plan.isPending} onSubmit={() => plan.mutate()}>
      <TextInput
        label="Title"
        required
        maxLength={200}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        label="From (your time)"
        required
        value={startsAt}
        onChange={(event) => setStartsAt(event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        label="Until (your time)"
        required
        value={endsAt}
        onChange={(event) => setEndsAt(event.currentTarget.value)}
      />
      <MultiSelect
        label="Services it touches"
        data={choices(services)}
        value={touched}
        onChange={setTouched}
      />
      <Textarea
        label="What will happen"
        autosize
        minRows={2}
        maxLength={5000}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
    </Form>
  );
}
