import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { type StatusBoard, statusPage } from "../../../api";
import { theme } from "../../../ui/theme";
import { StatusAdminPage } from "./StatusAdminPage";

const NOW = "2026-11-20T10:00:00Z";

const board: StatusBoard = {
  status: "degraded",
  services: [
    {
      id: "s1",
      name: "Shop",
      description: "",
      position: 1,
      is_builtin: false,
      status: "degraded",
      status_since: NOW,
      uptime_percent: 99.5,
      created_at: NOW,
      updated_at: NOW,
    },
  ],
  incidents: [
    {
      id: "i1",
      title: "Slow orders",
      impact: "minor",
      state: "investigating",
      services: [{ id: "s1", name: "Shop" }],
      updates: [{ id: "u1", state: "investigating", body: "We are looking.", created_at: NOW }],
      created_at: NOW,
      updated_at: NOW,
      resolved_at: null,
    },
  ],
  maintenance: [],
  updated_at: NOW,
};

function open() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={client}>
        <StatusAdminPage />
      </QueryClientProvider>
    </MantineProvider>,
  );
}

beforeEach(() => {
  vi.restoreAllMocks();
  vi.spyOn(statusPage, "board").mockResolvedValue(board);
});

it("shows how everything is and tells a new state", async () => {
  const say = vi.spyOn(statusPage, "say").mockResolvedValue({} as never);
  open();
  await screen.findByText("Slow orders");
  expect(screen.getByText("99.5 % of 90 days")).toBeTruthy();
  fireEvent.change(screen.getByLabelText("State of Shop"), { target: { value: "major_outage" } });
  await waitFor(() => expect(say).toHaveBeenCalled());
  expect(say.mock.calls[0]?.[0]).toEqual({ service_id: "s1", status: "major_outage", description: "" });
});

it("tells the next step of an incident", async () => {
  const tell = vi.spyOn(statusPage, "addUpdate").mockResolvedValue({} as never);
  open();
  fireEvent.click(await screen.findByRole("button", { name: "Tell more about Slow orders" }));
  fireEvent.change(screen.getByLabelText("State"), { target: { value: "resolved" } });
  fireEvent.change(screen.getByLabelText(/What is new/), { target: { value: "Mended." } });
  fireEvent.click(screen.getByRole("button", { name: "Tell" }));
  await waitFor(() => expect(tell).toHaveBeenCalledWith("i1", { state: "resolved", body: "Mended." }));
});

it("opens an incident", async () => {
  const openIncident = vi.spyOn(statusPage, "openIncident").mockResolvedValue({} as never);
  open();
  fireEvent.click(await screen.findByRole("button", { name: "Open an incident" }));
  fireEvent.change(await screen.findByLabelText(/Title/), { target: { value: "Letters are late" } });
  fireEvent.change(screen.getByLabelText(/What is known/), { target: { value: "We are looking." } });
  fireEvent.click(screen.getByRole("button", { name: "Open and tell" }));
  await waitFor(() =>
    expect(openIncident).toHaveBeenCalledWith({
      title: "Letters are late",
      impact: "minor",
      body: "We are looking.",
      service_ids: [],
    }),
  );
});

it("says what went wrong and asks again", async () => {
  const board = vi.spyOn(statusPage, "board").mockRejectedValueOnce(new Error("gone"));
  open();
  fireEvent.click(await screen.findByRole("button", { name: "Try again" }));
  await screen.findByText("Slow orders");
  expect(board).toHaveBeenCalledTimes(2);
});
