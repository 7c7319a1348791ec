import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import {
  type AdminEngine,
  ApiError,
  billing,
  type CspReport,
  type InstanceSetting,
  operator,
  type Page,
} from "../../../api";
import { theme } from "../../../ui/theme";
import { ReportsPage } from "./ReportsPage";
import { SettingsPage } from "./SettingsPage";

const builtin = (is_enabled: boolean): AdminEngine => ({
  is_enabled,
  engine: {
    id: "builtin",
    label: "Built-in",
    available: true,
    reason: null,
    price: { amount_micros: 0, currency: "USD" },
    typical_seconds: 4,
    room_types: ["bedroom"],
    parameters: {},
  },
});

const setting = (name: string, rest: Partial<InstanceSetting>): InstanceSetting => ({
  name,
  description: "Words.",
  value: null,
  is_set: false,
  is_hidden: false,
  has_effect: true,
  origin: "default",
  ...rest,
});

function open(page: React.ReactNode) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={client}>{page}</QueryClientProvider>
    </MantineProvider>,
  );
}

beforeEach(() => {
  vi.restoreAllMocks();
  vi.spyOn(operator, "engines").mockResolvedValue({ items: [builtin(true)] });
  vi.spyOn(billing, "plans").mockResolvedValue({
    items: [
      {
        code: "pro",
        name: "Pro",
        images_per_month: 500,
        concurrency: 4,
        seats: 5,
        price: { amount: 4900, currency: "USD" },
      },
      {
        code: "unlimited",
        name: "Unlimited",
        images_per_month: null,
        concurrency: 16,
        seats: null,
        price: null,
      },
    ],
  });
  vi.spyOn(operator, "settings").mockResolvedValue({
    version: "0.1.0",
    settings: [
      setting("VITRINE_ADDR", { value: "127.0.0.1:8080" }),
      setting("VITRINE_SECRET_KEY", { is_set: true, is_hidden: true, origin: "environment" }),
      setting("VITRINE_OPENAI_API_KEY", { is_hidden: true, has_effect: false }),
    ],
  });
});

it("shows engines, plans and settings, and secrets only as set", async () => {
  open(<SettingsPage />);
  const settings = await screen.findByRole("region", { name: "Set at the start" });
  const [addr, secret, later] = await within(settings).findAllByRole("listitem");
  expect(addr?.textContent).toContain("127.0.0.1:8080default");
  expect(secret?.textContent).toContain("••••••••from the environment");
  expect(later?.textContent).toContain("No effect yet");
  const plans = within(screen.getByRole("region", { name: "Plans" })).getAllByRole("listitem");
  expect(plans[0]?.textContent).toContain("$49.00 a month");
  expect(plans[1]?.textContent).toContain("images without limit");
  fireEvent.change(within(settings).getByLabelText("Search settings"), { target: { value: "secret" } });
  expect(within(settings).getAllByRole("listitem")).toHaveLength(1);
});

it("switches an engine off, and shows what the server made of it", async () => {
  const change = vi.spyOn(operator, "switchEngine").mockResolvedValue(builtin(false));
  open(<SettingsPage />);
  const toggle = await screen.findByRole("switch", { name: "Built-in takes new images" });
  expect((toggle as HTMLInputElement).checked).toBe(true);
  vi.spyOn(operator, "engines").mockResolvedValue({ items: [builtin(false)] });
  fireEvent.click(toggle);
  await waitFor(() => expect(change).toHaveBeenCalledWith("builtin", false));
  await waitFor(() => expect((toggle as HTMLInputElement).checked).toBe(false));
});

it("lists what browsers reported, by time or by number", async () => {
  const report: CspReport = {
    id: "r1",
    directive: "img-src",
    blocked: "https://evil.example/a.png",
    page: "/projects",
    count: 12,
    first_seen_at: "2026-11-20T10:00:00Z",
    last_seen_at: "2026-11-21T10:00:00Z",
  };
  const page: Page<CspReport> = { items: [report], total: 1, page: 1, page_size: 20, pages: 1 };
  const list = vi.spyOn(operator, "cspReports").mockResolvedValue(page);
  open(<ReportsPage />);
  expect(await screen.findByText("img-src stopped https://evil.example/a.png")).toBeTruthy();
  expect(screen.getByText("12 times")).toBeTruthy();
  fireEvent.change(screen.getByLabelText("Order"), { target: { value: "-count" } });
  await waitFor(() => expect(list).toHaveBeenLastCalledWith("-count", 1));
});

it("says when there are no reports, and when they cannot be read", async () => {
  const none: Page<CspReport> = { items: [], total: 0, page: 1, page_size: 20, pages: 0 };
  const list = vi.spyOn(operator, "cspReports").mockResolvedValue(none);
  open(<ReportsPage />);
  expect(await screen.findByText("No reports")).toBeTruthy();
  list.mockRejectedValue(
    new ApiError({ status: 500, code: "internal", title: "Error", detail: "It broke." }),
  );
  fireEvent.change(screen.getByLabelText("Order"), { target: { value: "-count" } });
  expect(await screen.findByText(/It broke|could not/i)).toBeTruthy();
});
