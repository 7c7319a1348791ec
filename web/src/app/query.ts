import { MutationCache, QueryClient } from "@tanstack/react-query";
import { asApiError } from "../api";
import { toasts } from "../ui";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // Signed picture addresses live about an hour; older data must not be shown after a long sleep.
      gcTime: 30 * 60_000,
      retry: (count, error) => {
        const { status } = asApiError(error);
        return (status === 0 || status === 429 || status >= 500) && count < 2;
      },
      retryDelay: (count, error) =>
        Math.max((asApiError(error).retryAfter ?? 0) * 1000, Math.min(8000, 1000 * 2 ** count)),
    },
  },
  mutationCache: new MutationCache({
    onError: (error, _variables, _context, mutation) => {
      if (mutation.meta?.silent) return;
      const problem = asApiError(error);
      toasts.show({
        tone: "bad",
        text: problem.message,
        detail: problem.requestId ? `Request ${problem.requestId}` : undefined,
      });
    },
  }),
});
