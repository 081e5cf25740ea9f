/** What runs in each worker: the rules, played. */
import { serve, type Scope } from "./engine/worker";

serve(globalThis as unknown as Scope);
