/** The living page: what runs in the window. */
export {};
