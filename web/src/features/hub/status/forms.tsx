/** The dialogs of the operator's status page. */
import { Button, MultiSelect, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ChangeEvent, type FormEvent, type ReactNode, useState } from "react";
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

/** A field with text in it. */
function useText() {
  const [value, setValue] = useState("");
  const onChange = (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
    setValue(event.currentTarget.value);
  return { value, onChange };
}

const choices = (services: StatusService[]) =>
  services.map((service) => ({ value: service.id, label: service.name }));

export function ServiceForm({ onDone }: { onDone: () => void }) {
  const name = useText();
  const description = useText();
  const add = useMutation({
    mutationFn: () => statusPage.addService({ name: name.value, description: description.value }),
    onSuccess: onDone,
  });
  return (
    <Form label="Add" error={add.error} isPending={add.isPending} onSubmit={() => add.mutate()}>
      <TextInput label="Name" required maxLength={100} {...name} />
      <TextInput label="What it is, for visitors" maxLength={500} {...description} />
    </Form>
  );
}

export function IncidentForm({ services, onDone }: { services: StatusService[]; onDone: () => void }) {
  const title = useText();
  const body = useText();
  const [impact, setImpact] = useState<IncidentImpact>("minor");
  const [touched, setTouched] = useState<string[]>([]);
  const open = useMutation({
    mutationFn: () =>
      statusPage.openIncident({ title: title.value, impact, body: body.value, service_ids: touched }),
    onSuccess: onDone,
  });
  return (
    <Form label="Open and tell" error={open.error} isPending={open.isPending} onSubmit={() => open.mutate()}>
      <TextInput label="Title" required maxLength={200} {...title} />
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
      <Textarea label="What is known" required autosize minRows={3} maxLength={5000} {...body} />
    </Form>
  );
}

export function MaintenanceForm({ services, onDone }: { services: StatusService[]; onDone: () => void }) {
  const title = useText();
  const description = useText();
  const startsAt = useText();
  const endsAt = useText();
  const [touched, setTouched] = useState<string[]>([]);
  const plan = useMutation({
    mutationFn: () =>
      statusPage.planMaintenance({
        title: title.value,
        description: description.value,
        // The field speaks of the time where the operator sits.
        starts_at: new Date(startsAt.value).toISOString(),
        ends_at: new Date(endsAt.value).toISOString(),
        service_ids: touched,
      }),
    onSuccess: onDone,
  });
  return (
    <Form label="Plan and tell" error={plan.error} isPending={plan.isPending} onSubmit={() => plan.mutate()}>
      <TextInput label="Title" required maxLength={200} {...title} />
      <TextInput type="datetime-local" label="From (your time)" required {...startsAt} />
      <TextInput type="datetime-local" label="Until (your time)" required {...endsAt} />
      <MultiSelect
        label="Services it touches"
        data={choices(services)}
        value={touched}
        onChange={setTouched}
      />
      <Textarea label="What will happen" autosize minRows={2} maxLength={5000} {...description} />
    </Form>
  );
}
