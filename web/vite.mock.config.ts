import { mergeConfig } from "vite";
import { mockApi } from "./mocks/plugin.ts";
import base from "./vite.config.ts";

export default mergeConfig({ ...base, server: {} }, { plugins: [mockApi()] });
