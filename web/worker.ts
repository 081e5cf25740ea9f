/** What runs in each worker: the rules, played. */
export {};
